import { expect } from 'vitest';
import type { Answer } from '../../flows/plain-wallet.js';

/**
 * A refusal as `<status> <error>`, its form checked: JSON with `error` and `error_description` in the characters they may
 * have (RFC 6749 5.2, CRD-18), stored by no cache, telling nothing of the inside.
 */
export function refusalOf({ status, headers, json, text }: Answer): string {
  expect(status, text).toBeGreaterThanOrEqual(400);
  expect(headers.get('content-type'), text).toMatch(/^application\/json(;|$)/);
  expect(headers.get('cache-control')).toContain('no-store');
  expect(Object.keys(json).sort()).toEqual(['error', 'error_description']);
  expect(json.error_description).toMatch(/^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/);
  expect(text).not.toMatch(/\bat [\w.]+ \(|node_modules|\.ts:\d/);
  return `${status} ${String(json.error)}`;
}
