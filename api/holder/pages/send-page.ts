import { createHash } from 'node:crypto';
import type { Response } from 'express';

const STYLE = /<style>([^]*?)<\/style>/;
const SCHEME = /^[a-z][a-z0-9+.-]*:$/;
const ORIGIN = /^https?:\/\/[a-z0-9._-]+(?::\d+)?$/;
const NEVER = new Set(['javascript:', 'vbscript:', 'data:', 'blob:', 'about:']);

interface SentPage {
  /** Of one of the page functions. */
  readonly html: string;
  readonly status: number;
  /**
   * Where answers to the page's forms redirect to, apart from this server: URLs, origins or schemes. Browsers hold the whole
   * chain of redirects against them, so that a provider that sends on to others needs `https:`.
   */
  readonly formTargets?: readonly string[];
}

/** Sends a holder's page: never stored or framed, with no script and no style but its own. */
export function sendPage(response: Response, { html, status, formTargets = [] }: SentPage): void {
  // What the wallet's endpoints allow the scripts of other sites is not for pages.
  for (const name of ['Access-Control-Allow-Origin', 'Access-Control-Expose-Headers']) response.removeHeader(name);
  response
    .status(status)
    .set({
      'Cache-Control': 'no-store',
      'Content-Security-Policy': pagePolicy(html, formTargets),
      'Cross-Origin-Resource-Policy': 'same-origin',
      'Referrer-Policy': 'no-referrer',
      'X-Content-Type-Options': 'nosniff',
      'X-Frame-Options': 'DENY',
    })
    .type('html')
    .send(html);
}

function pagePolicy(html: string, formTargets: readonly string[]): string {
  const style = STYLE.exec(html)?.[1] ?? '';
  const targets = new Set(["'self'", ...formTargets.flatMap(sourceOf)]);
  return [
    "default-src 'none'",
    `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
    'img-src https: data:',
    `form-action ${[...targets].join(' ')}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** The origin of a web address, the scheme of any other; nothing for what a policy cannot say. */
function sourceOf(target: string): string[] {
  const scheme = target.toLowerCase();
  if (SCHEME.test(scheme)) return NEVER.has(scheme) ? [] : [scheme];
  if (!URL.canParse(target)) return [];
  const { protocol, origin, hostname } = new URL(target);
  if (NEVER.has(protocol)) return [];
  // Content Security Policy has no form for IPv6 addresses.
  if (!/^https?:$/.test(protocol) || hostname.startsWith('[')) return [protocol];
  return ORIGIN.test(origin) ? [origin] : [];
}
