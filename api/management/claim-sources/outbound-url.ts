import { isIP } from 'node:net';

const PRIVATE_SUFFIXES = ['.localhost', '.local', '.internal', '.home.arpa', '.lan'];

/** What is wrong with a URL that the issuer is to call, as a sentence without its subject; `undefined` if nothing is. */
export function outboundUrlFault(value: string, allowedHosts: readonly string[]): string | undefined {
  if (!URL.canParse(value)) return 'must be a valid URL';
  const url = new URL(value);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'must be an https URL';
  if (url.username !== '' || url.password !== '') return 'must not hold a user name or password';
  // A lone `?` or `#` leaves `search` and `hash` empty.
  if (url.href.includes('?') || url.href.includes('#')) return 'must not have a query or fragment';
  if (allowedHosts.includes(url.hostname) || allowedHosts.includes(url.host)) return undefined;
  if (url.protocol !== 'https:') return 'must be an https URL';
  const host = url.hostname.replace(/\.$/, '');
  if (isIP(host.replace(/^\[|\]$/g, '')) !== 0) return 'must name a host, not an IP address';
  if (!host.includes('.') || PRIVATE_SUFFIXES.some((suffix) => host.endsWith(suffix)))
    return 'must name a host on the public internet';
  return undefined;
}

/** The URL as it is called: Unicode host names in their ASCII form. */
export function normalizedUrl(value: string): string {
  return new URL(value).href;
}
