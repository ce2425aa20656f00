import { generateKeyPairSync, randomBytes, sign, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { rawEcdsaSignature } from '../../../keys/stores/der-signature.js';
import { derSignature } from './sign-digest.js';

const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const half = (hex: string) => hex.padStart(64, '0');
const raw = (r: string, s: string) => Buffer.from(half(r) + half(s), 'hex');

describe('an ECDSA signature from DER', () => {
  it('is the one that OpenSSL made, whatever the lengths of its integers', () => {
    for (let round = 0; round < 500; round += 1) {
      const data = randomBytes(32);
      const signature = rawEcdsaSignature(sign('sha256', data, privateKey));
      expect(verify('sha256', data, { key: publicKey, dsaEncoding: 'ieee-p1363' }, signature!)).toBe(true);
    }
  });

  it.each([
    ['of one byte each', raw('01', '7f')],
    ['with the first bit set', raw('80', `80${'00'.repeat(31)}`)],
    ['of full length', raw('ff'.repeat(32), '7f'.repeat(32))],
  ])('has its integers filled up: %s', (_what, expected) => {
    expect(Buffer.from(rawEcdsaSignature(derSignature(expected))!)).toEqual(expected);
  });

  it.each([
    ['nothing', ''],
    ['no sequence', '310602010102010a'],
    ['a byte too many', '300602010102010a00'],
    ['a byte too few', '3006020101020a'],
    ['a byte after the second integer', '300702010102010a00'],
    ['one integer', '3003020101'],
    ['three integers', '3009020101020101020101'],
    ['an empty integer', '300502000201aa'],
    ['a negative integer', '300602018102010a'],
    ['an integer with a zero too many', '30070202000102010a'],
    ['an integer of 33 bytes', `30260221${'01'.repeat(33)}020101`],
    ['an integer that goes beyond the end', '3006020101020aff'],
    ['a length in the long form', '30810602010102010a'],
    ['a raw signature', 'ab'.repeat(64)],
  ])('is refused: %s', (_what, hex) => {
    expect(rawEcdsaSignature(Buffer.from(hex, 'hex'))).toBeUndefined();
  });
});
