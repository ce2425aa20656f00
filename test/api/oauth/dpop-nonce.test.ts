import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { isCurrentDpopNonce, mintDpopNonce } from '../../../api/oauth/dpop-nonce.js';
import { mintNonce } from '../../../api/oauth/nonce.js';
import { KeyEncryptionRing } from '../../../keys/key-encryption.js';

const keys = [randomBytes(32), randomBytes(32)] as const;
const scope = { ring: new KeyEncryptionRing([keys[0]]), issuerId: 'default', now: 1_800_000_000_000 };

describe('a DPoP nonce', () => {
  const nonce = mintDpopNonce(scope);

  it('HAP-04 RFC 9449 8 is current for 300 seconds, however often it is used', () => {
    expect(isCurrentDpopNonce(nonce, scope)).toBe(true);
    expect(isCurrentDpopNonce(nonce, { ...scope, now: scope.now + 299_000 })).toBe(true);
    expect(isCurrentDpopNonce(nonce, { ...scope, now: scope.now + 300_000 })).toBe(false);
  });

  it('RFC 9449 8.1 has only characters that a header and a JWT may hold', () => {
    expect(nonce).toMatch(/^[\x21\x23-\x5b\x5d-\x7e]{20,100}$/);
  });

  it('HAP-04 is still good when the key-encryption key was changed', () => {
    expect(isCurrentDpopNonce(nonce, { ...scope, ring: new KeyEncryptionRing([keys[1], keys[0]]) })).toBe(true);
    expect(isCurrentDpopNonce(nonce, { ...scope, ring: new KeyEncryptionRing([keys[1]]) })).toBe(false);
  });

  it('SEC-15 is worth nothing at another issuer', () => {
    expect(isCurrentDpopNonce(nonce, { ...scope, issuerId: 'other' })).toBe(false);
  });

  it('HAP-04 cannot be made longer-lived, nor made of anything else', () => {
    const [expiry = '', mac = ''] = nonce.split('.');
    const forged = [
      `${String(Number(expiry) + 1)}.${mac}`,
      `${expiry}.${'A'.repeat(22)}`,
      `${expiry}.`,
      `0${nonce}`,
      ` ${nonce}`,
      `${nonce} `,
      '',
      mintNonce({ ...scope, seconds: 60 }),
    ];
    for (const text of forged) expect(isCurrentDpopNonce(text, scope), text).toBe(false);
  });
});
