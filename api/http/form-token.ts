import type { KeyEncryptionRing } from '../../keys/key-encryption.js';
import { authenticate, isAuthentic } from '../oauth/subkeys.js';
import { isBrowserId } from './browser-id.js';

/** How long a page's form can be sent, milliseconds. */
export const FORM_MS = 1_800_000;

/** Which forms a token is for: it is worth nothing in those of another purpose. */
export type FormPurpose = 'temporal-codec-form' | 'holder-form';

const TOKEN = /^([0-9]{1,15})\.([A-Za-z0-9_-]{22})$/;

interface FormTokenOptions {
  readonly ring: KeyEncryptionRing;
  readonly purpose: FormPurpose;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** The hidden field that proves a form came from a page this browser was given: `<expiry>.<mac>`. */
export function formToken({ ring, purpose, browserId, now }: FormTokenOptions & { readonly browserId: string }): string {
  const expiresAt = String(now + FORM_MS);
  return `${expiresAt}.${authenticate({ ring, purpose, data: `${browserId}.${expiresAt}` }).toString('base64url')}`;
}

/** Whether the token was given to this browser for this purpose and is still in time. */
export function isFormToken({
  ring,
  purpose,
  browserId,
  token,
  now,
}: FormTokenOptions & { readonly browserId: string | undefined; readonly token: string | undefined }): boolean {
  const [, expiresAt, mac] = TOKEN.exec(token ?? '') ?? [];
  if (!isBrowserId(browserId) || expiresAt === undefined || mac === undefined || Number(expiresAt) <= now) return false;
  return isAuthentic({ ring, purpose, data: `${browserId}.${expiresAt}`, mac: Buffer.from(mac, 'base64url') });
}
