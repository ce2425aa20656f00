import { withTrailingSlashOf } from '../authentication-providers/provider-url.js';
import { outboundUrlFault } from '../claim-sources/outbound-url.js';

/** Schemes that a browser runs, reads or handles itself instead of handing them to an app. */
const NO_APP_SCHEMES = new Set([
  'javascript:',
  'vbscript:',
  'data:',
  'file:',
  'filesystem:',
  'blob:',
  'about:',
  'view-source:',
  'ftp:',
  'ws:',
  'wss:',
  'mailto:',
  'tel:',
  'sms:',
  'intent:',
]);

/**
 * What is wrong with the URL of an interaction hook, as a sentence without its subject; `undefined` if nothing is. A page
 * has the same rule as every URL of somebody else's; a native app is called by a scheme of its own.
 */
export function hookUrlFault(value: string, allowedHosts: readonly string[]): string | undefined {
  if (!URL.canParse(value)) return 'must be a valid URL';
  const { protocol } = new URL(value);
  if (protocol === 'https:' || protocol === 'http:') return outboundUrlFault(value, allowedHosts);
  if (NO_APP_SCHEMES.has(protocol)) return 'must be an https URL, or have the scheme of a native app';
  if (/[\s?#]/.test(value)) return 'must not have a query or fragment';
  return value.slice(protocol.length).startsWith('/')
    ? undefined
    : 'must have a path after the scheme, as in com.example.app:/hook';
}

/** The URL as the hook is called, and named in its tokens: Unicode host names in their ASCII form. */
export function storedHookUrl(value: string): string {
  const url = new URL(value);
  return url.protocol === 'https:' || url.protocol === 'http:' ? withTrailingSlashOf(value, url) : value;
}
