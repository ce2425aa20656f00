import { outboundUrlFault } from '../claim-sources/outbound-url.js';

/** Top-level domains that no public name can be under (RFC 2606, RFC 6761, RFC 7686, RFC 9476). */
const NO_PUBLIC_TOP_LEVEL = new Set(['test', 'example', 'invalid', 'localhost', 'onion', 'alt', 'corp', 'home', 'mail']);

/** What is wrong with the URL of a provider, as a sentence without its subject; `undefined` if nothing is. */
export function providerUrlFault(value: string, allowedHosts: readonly string[]): string | undefined {
  if (!URL.canParse(value)) return 'must be a valid URL';
  const url = withoutDropped(value, allowedHosts);
  const fault = outboundUrlFault(url.href, allowedHosts);
  if (fault !== undefined || isAllowed(url, allowedHosts)) return fault;
  const topLevel = url.hostname.replace(/\.$/, '').split('.').at(-1) ?? '';
  return NO_PUBLIC_TOP_LEVEL.has(topLevel) ? 'must have a host under a public top-level domain' : undefined;
}

/**
 * The URL of a provider as it is kept: without fragment and, unless the host is one of `OUTBOUND_ALLOWED_HOSTS`, without
 * port; Unicode host names in their ASCII form.
 */
export function storedProviderUrl(value: string, allowedHosts: readonly string[]): string {
  return withTrailingSlashOf(value, withoutDropped(value, allowedHosts));
}

/** A URL as text. `new URL` gives a bare origin a slash; here it only has one where the text it came from has. */
export function withTrailingSlashOf(value: string, url: URL): string {
  const given = value.split('#', 1)[0]?.trim() ?? '';
  return url.pathname === '/' && !given.endsWith('/') ? url.href.replace(/\/$/, '') : url.href;
}

function withoutDropped(value: string, allowedHosts: readonly string[]): URL {
  const url = new URL(value);
  url.hash = '';
  if (!isAllowed(url, allowedHosts)) url.port = '';
  return url;
}

function isAllowed({ hostname, host }: URL, allowedHosts: readonly string[]): boolean {
  return allowedHosts.includes(hostname) || allowedHosts.includes(host);
}
