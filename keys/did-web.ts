const PREFIX = 'did:web:';

/**
 * The did:web of a URL (did:web method 3.1): `https://h:8443/a` is `did:web:h%3A8443:a`.
 *
 * @param url absolute, without query and fragment
 * @throws {URIError} where its percent-encoding is malformed
 */
export function didWebOf(url: string): string {
  const { host, pathname } = new URL(url);
  const segments = pathname.split('/').filter((segment) => segment !== '');
  return PREFIX + [encode(host), ...segments.map((segment) => encode(decodeURIComponent(segment)))].join(':');
}

/** Where a did:web's document is, below its host: `/.well-known/did.json`, or `/<path>/did.json`. */
export function didWebPath(url: string): string {
  const path = new URL(url).pathname.replace(/\/+$/, '');
  return path === '' ? '/.well-known/did.json' : `${path}/did.json`;
}

/** Less than URLs allow may stand in a DID as it is (DID Core 3.1). */
function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*~]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}
