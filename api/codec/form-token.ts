import { randomBytes } from 'node:crypto';
import type { KeyEncryptionRing } from '../../keys/key-encryption.js';
import { authenticate, isAuthentic } from '../oauth/subkeys.js';

/** How long a page's form can be sent, milliseconds. */
export const FORM_MS = 1_800_000;

const PURPOSE = 'temporal-codec-form';
const BROWSER = /^[A-Za-z0-9_-]{22}$/;
const TOKEN = /^([0-9]{1,15})\.([A-Za-z0-9_-]{22})$/;

/** A random name for a browser, to bind its forms to; kept in a cookie. */
export function newBrowserId(): string {
  return randomBytes(16).toString('base64url');
}

/** Whether a cookie's value can be one of `newBrowserId`. */
export function isBrowserId(value: string | undefined): value is string {
  return value !== undefined && BROWSER.test(value);
}

/** The hidden field that proves a form came from a page this browser was given: `<expiry>.<mac>`. */
export function formToken({ ring, browserId, now }: { ring: KeyEncryptionRing; browserId: string; now: number }): string {
  const expiresAt = String(now + FORM_MS);
  return `${expiresAt}.${authenticate({ ring, purpose: PURPOSE, data: `${browserId}.${expiresAt}` }).toString('base64url')}`;
}

/** Whether the token was given to this browser and is still in time. */
export function isFormToken({
  ring,
  browserId,
  token,
  now,
}: {
  ring: KeyEncryptionRing;
  browserId: string | undefined;
  token: string | undefined;
  now: number;
}): boolean {
  const [, expiresAt, mac] = TOKEN.exec(token ?? '') ?? [];
  if (!isBrowserId(browserId) || expiresAt === undefined || mac === undefined || Number(expiresAt) <= now) return false;
  return isAuthentic({ ring, purpose: PURPOSE, data: `${browserId}.${expiresAt}`, mac: Buffer.from(mac, 'base64url') });
}
