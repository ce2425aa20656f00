import { expect } from 'vitest';
import type { Answer } from '../../flows/plain-wallet.js';

/**
 * A page for holders as `<status> <title>`, its form checked: HTML that is stored and framed nowhere, runs nothing, tells
 * nobody where it is from (SEC-14), sends the browser nowhere by itself and says nothing of the inside.
 */
export function pageOf({ status, headers, text }: Answer): string {
  expect(headers.get('content-type'), text).toMatch(/^text\/html/);
  expect(headers.get('cache-control')).toBe('no-store');
  expect(headers.get('referrer-policy')).toBe('no-referrer');
  expect(headers.get('x-frame-options')).toBe('DENY');
  expect(headers.get('access-control-allow-origin')).toBeNull();
  const policy = headers.get('content-security-policy') ?? '';
  for (const part of ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", 'form-action '])
    expect(policy).toContain(part);
  expect(policy).not.toMatch(/script-src|unsafe/);
  expect(headers.get('location')).toBeNull();
  expect(text).not.toMatch(/<script|\bat [\w.]+ \(|node_modules|\.ts:\d/);
  return `${status} ${/<h1>([^<]*)<\/h1>/.exec(text)?.[1] ?? ''}`;
}

/** Where an answer sends the browser, its form checked: 303 so that no POST is repeated, stored nowhere (SEC-14). */
export function redirectOf({ status, headers, text }: Answer): URL {
  expect(status, text.slice(0, 2000)).toBe(303);
  expect(headers.get('cache-control')).toBe('no-store');
  expect(headers.get('referrer-policy')).toBe('no-referrer');
  return new URL(headers.get('location') ?? '');
}

/** The links of a page that look like buttons, by their labels. */
export function linksOf({ text }: Answer): Readonly<Record<string, string>> {
  const links = [...text.matchAll(/<a class="button[^"]*" href="([^"]*)">([^<]*)<\/a>/g)];
  return Object.fromEntries(links.map(([, url = '', label = '']) => [label, url.replaceAll('&amp;', '&')]));
}

export const PAGES = {
  consent: '200 Add a credential to your wallet?',
  waiting: '200 Your request is being checked',
  invalidRequest: '400 Your wallet’s request does not work',
  invalidAnswer: '400 The answer cannot be accepted',
  otherBrowser: '403 Please go on where you began',
  sessionOver: '410 This request is over',
  finished: '200 Return to your wallet',
  offerUnavailable: '410 This offer is not available',
  providerAway: '503 You cannot log in at the moment',
} as const;
