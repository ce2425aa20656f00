import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { newBrowserId } from '../../../api/http/browser-id.js';
import { FORM_MS, formToken, isFormToken } from '../../../api/http/form-token.js';
import { KeyEncryptionRing } from '../../../keys/key-encryption.js';

const now = 1_700_000_000_000;
const ring = new KeyEncryptionRing([new Uint8Array(randomBytes(32))]);
const browserId = newBrowserId();
const form = { ring, purpose: 'holder-form', browserId, now } as const;
const token = formToken(form);

describe('the token in a form', () => {
  it('is accepted from the browser it was given to, for half an hour', () => {
    expect(isFormToken({ ...form, token, now: now + FORM_MS - 1 })).toBe(true);
    expect(isFormToken({ ...form, token, now: now + FORM_MS })).toBe(false);
  });

  it('is refused from another browser, and from one without cookies', () => {
    expect(isFormToken({ ...form, browserId: newBrowserId(), token })).toBe(false);
    expect(isFormToken({ ...form, browserId: undefined, token })).toBe(false);
  });

  it('is refused in a form of another purpose', () => {
    expect(isFormToken({ ...form, purpose: 'temporal-codec-form', token })).toBe(false);
  });

  it('is refused when missing, malformed, or given a later end', () => {
    const [, mac = ''] = token.split('.');
    for (const wrong of [undefined, '', token.slice(1), `${token}x`, `${now + 2 * FORM_MS}.${mac}`, `.${mac}`]) {
      expect(isFormToken({ ...form, token: wrong })).toBe(false);
    }
  });
});
