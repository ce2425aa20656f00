import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { FORM_MS, formToken, isFormToken, newBrowserId } from '../../../api/codec/form-token.js';
import { KeyEncryptionRing } from '../../../keys/key-encryption.js';

const now = 1_700_000_000_000;
const ring = new KeyEncryptionRing([new Uint8Array(randomBytes(32))]);
const browserId = newBrowserId();
const token = formToken({ ring, browserId, now });

describe('the token in a form of the codec server', () => {
  it('is accepted from the browser it was given to, for half an hour', () => {
    expect(isFormToken({ ring, browserId, token, now: now + FORM_MS - 1 })).toBe(true);
    expect(isFormToken({ ring, browserId, token, now: now + FORM_MS })).toBe(false);
  });

  it('is refused from another browser, and from one without cookies', () => {
    expect(isFormToken({ ring, browserId: newBrowserId(), token, now })).toBe(false);
    expect(isFormToken({ ring, browserId: undefined, token, now })).toBe(false);
  });

  it('is refused when missing, malformed, or given a later end', () => {
    const [, mac = ''] = token.split('.');
    for (const wrong of [undefined, '', token.slice(1), `${token}x`, `${now + 2 * FORM_MS}.${mac}`, `.${mac}`]) {
      expect(isFormToken({ ring, browserId, token: wrong, now })).toBe(false);
    }
  });
});
