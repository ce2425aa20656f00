import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBase32, encodeBase32 } from '../../../credentials/cwt/base32.js';

describe('base32', () => {
  it.each([
    ['', ''],
    ['f', 'MY'],
    ['fo', 'MZXQ'],
    ['foo', 'MZXW6'],
    ['foob', 'MZXW6YQ'],
    ['fooba', 'MZXW6YTB'],
    ['foobar', 'MZXW6YTBOI'],
  ])('of %o is the one of RFC 4648 10 without its padding', (text, encoded) => {
    expect(encodeBase32(Buffer.from(text))).toBe(encoded);
    expect(Buffer.from(decodeBase32(encoded)!).toString()).toBe(text);
  });

  it('gives back the same bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        expect(decodeBase32(encodeBase32(bytes))).toEqual(bytes);
      }),
    );
  });

  it('has one text for each value', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...Array.from('ABCXYZ234567=')), maxLength: 24 }), (text) => {
        const bytes = decodeBase32(text);
        if (bytes !== undefined) expect(encodeBase32(bytes)).toBe(text);
      }),
    );
  });

  it.each([
    ['lower case', 'mzxw6'],
    ['padding', 'MZXW6==='],
    ['white space', 'MZXW 6'],
    ['another alphabet', 'MZXW1'],
    ['a character that fills nothing', 'MZXW6A'],
    ['filling that is not zero', 'MZ'],
  ])('refuses %s', (_what, text) => {
    expect(decodeBase32(text)).toBeUndefined();
  });
});
