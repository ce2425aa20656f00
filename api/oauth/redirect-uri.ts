const LONGEST = 2048;
/** What RFC 3986 lets a URI consist of: nothing that one parser reads in another way than the next. */
const CHARACTERS = /^[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%]+$/;
const HTTPS = /^https:\/\/[^/?]/i;
/** As written: a URL parser would also take `127.1`, `2130706433` and the like for the loopback address. */
const LOOPBACK = /^(http:\/\/(?:localhost|127\.0\.0\.1|\[::1\]))(?::[0-9]{1,5})?((?:[/?].*)?)$/;

/** Schemes that a browser or desktop runs, reads or hands to no wallet. */
const NO_APP_SCHEMES = new Set([
  'javascript:',
  'vbscript:',
  'data:',
  'file:',
  'filesystem:',
  'blob:',
  'about:',
  'view-source:',
  'jar:',
  'resource:',
  'chrome:',
  'chrome-extension:',
  'moz-extension:',
  'intent:',
  'ftp:',
  'ws:',
  'wss:',
  'mailto:',
  'sms:',
  'tel:',
]);

/**
 * What is wrong with a redirect URI, as a sentence without its subject; `undefined` if nothing is. Good ones are https,
 * http on a loopback host (RFC 8252 7.3), or of a native app's own scheme (RFC 8252 7.1); absolute and without a fragment
 * (RFC 6749 3.1.2).
 */
export function redirectUriFault(uri: string): string | undefined {
  if (uri.length > LONGEST) return `must be at most ${LONGEST} characters`;
  if (!CHARACTERS.test(uri) || /%(?![0-9A-Fa-f]{2})/.test(uri))
    return 'must consist of the characters of a URI, all others percent-encoded';
  if (uri.includes('#')) return 'must not have a fragment';
  if (!URL.canParse(uri)) return 'must be an absolute URI';
  const { protocol, username, password } = new URL(uri);
  if (username !== '' || password !== '') return 'must not hold a user name or password';
  if (protocol === 'https:') return HTTPS.test(uri) ? undefined : 'must name a host after https://';
  if (protocol === 'http:')
    return LOOPBACK.test(uri) ? undefined : 'must be https; http is for localhost, 127.0.0.1 and [::1] only';
  if (NO_APP_SCHEMES.has(protocol)) return 'must not have a scheme that belongs to no app';
  // `wallet.example:8443/callback` is a host and a port to whoever wrote it.
  return /^[^:]+:[0-9]/.test(uri) ? 'must be an absolute URI, with its scheme' : undefined;
}

/**
 * Whether the redirect URI of a request is the registered one: the same text, except that a native app may listen at any
 * port of a loopback host (RFC 8252 7.3).
 */
export function matchesRedirectUri({ registered, presented }: { registered: string; presented: string }): boolean {
  if (registered === presented) return true;
  if (redirectUriFault(presented) !== undefined) return false;
  const withoutPort = portlessLoopback(presented);
  return withoutPort !== undefined && withoutPort === portlessLoopback(registered);
}

function portlessLoopback(uri: string): string | undefined {
  const [, host, rest] = LOOPBACK.exec(uri) ?? [];
  return host === undefined || rest === undefined ? undefined : host + rest;
}
