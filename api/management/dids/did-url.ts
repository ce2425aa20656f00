import { isIP } from 'node:net';
import { didWebOf } from '../../../keys/did-web.js';

const LONGEST_URL = 512;
const DOMAIN = /^(?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?\.)*[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?$/;

/**
 * The did:web of the URL that a request names: `https://h/a`, or `h/a` for short.
 *
 * @param publicUrl of the issuer, below which a DID may be whatever its host is
 * @returns the DID, or what is wrong with the URL
 */
export function didWebOfRequest(text: string, publicUrl: string): { readonly did: string } | { readonly fault: string } {
  if (text.length > LONGEST_URL) return { fault: `must be at most ${LONGEST_URL} characters` };
  const absolute = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`;
  if (!URL.canParse(absolute)) return { fault: 'must be a URL, such as https://example.com' };
  const url = new URL(absolute);
  const own = new URL(publicUrl);
  if (url.protocol !== 'https:' && url.origin !== own.origin) return { fault: 'must be an https URL' };
  // Of text, since an empty query leaves no trace in the URL.
  if (/[?#]/.test(text) || url.username !== '' || url.password !== '')
    return { fault: 'must have no query, fragment or credentials' };
  if (url.host !== own.host && !isDomain(url.hostname)) return { fault: 'must have a domain name for its host (did:web 3.1)' };
  try {
    return { did: didWebOf(absolute) };
  } catch {
    return { fault: 'must be percent-encoded correctly' };
  }
}

function isDomain(hostname: string): boolean {
  return isIP(hostname) === 0 && DOMAIN.test(hostname);
}
