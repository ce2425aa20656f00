import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { mintAuthenticId } from '../../../api/oauth/authentic-id.js';
import { issuerState, offerOfIssuerState } from '../../../api/oauth/issuer-state.js';
import { KeyEncryptionRing } from '../../../keys/key-encryption.js';

const [key, newer] = [new Uint8Array(randomBytes(32)), new Uint8Array(randomBytes(32))];
const ring = new KeyEncryptionRing([key]);
const offerId = randomBytes(16).toString('base64url');
const state = issuerState({ ring, issuerId: 'one', offerId });
const read = (text: string, more: { ring?: KeyEncryptionRing; issuerId?: string } = {}) =>
  offerOfIssuerState({ ring, issuerId: 'one', issuerState: text, ...more });

describe('an issuer_state', () => {
  it('names its offer, the same each time, and safe in any URL', () => {
    expect(read(state)).toBe(offerId);
    expect(issuerState({ ring, issuerId: 'one', offerId })).toBe(state);
    expect(encodeURIComponent(state)).toBe(state);
  });

  it('is good under an older key of the ring, and no longer once that is gone', () => {
    expect(read(state, { ring: new KeyEncryptionRing([newer, key]) })).toBe(offerId);
    expect(read(state, { ring: new KeyEncryptionRing([newer]) })).toBeUndefined();
  });

  it('names nothing at another issuer, or for another purpose', () => {
    expect(read(state, { issuerId: 'two' })).toBeUndefined();
    expect(read(mintAuthenticId(offerId, { ring, issuerId: 'one', purpose: 'reusable-offer-reference' }))).toBeUndefined();
  });

  it('cannot be made up, altered or spelt in another way', () => {
    const [id = '', mac = ''] = state.split('.');
    const otherId = randomBytes(16).toString('base64url');
    // The last character of 128 bits holds two of them: three others decode to the same bytes.
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const respelt = Array.from(alphabet, (last) => `${state.slice(0, -1)}${last}`).filter((text) => text !== state);
    const wrong = ['', '.', id, `${id}.`, `.${mac}`, `${otherId}.${mac}`, `${mac}.${id}`, `${state}A`, ` ${state}`, `${state}\n`];
    for (const text of [...wrong, ...respelt, 'x'.repeat(100_000)]) expect(read(text), text.slice(0, 60)).toBeUndefined();
  });
});
