import { describe, expect, it } from 'vitest';
import { importWalletKey, WalletKeyError } from '../../../api/oauth/wallet-key.js';
import { newKeyPair } from '../../flows/signed-jwt.js';

const ed25519 = (hex: string) => ({ kty: 'OKP', crv: 'Ed25519', x: Buffer.from(hex, 'hex').toString('base64url') });

describe("a wallet's key", () => {
  it.each(['ES256', 'ES384', 'EdDSA'] as const)('PRF-01 PRF-05 of %s is taken, and bared', (algorithm) => {
    const { publicJwk } = newKeyPair(algorithm);
    const key = importWalletKey({ ...publicJwk, use: 'sig', alg: algorithm, kid: 'x', ext: true, key_ops: ['verify'] });
    expect(key.algorithm).toBe(algorithm);
    expect(key.jwk).toEqual(publicJwk);
  });

  /** Encodings of the points of order 1, 2, 4 and 8, and of the three of them that RFC 8032 does not have. */
  it.each([
    '0000000000000000000000000000000000000000000000000000000000000000',
    '0000000000000000000000000000000000000000000000000000000000000080',
    '0100000000000000000000000000000000000000000000000000000000000000',
    '0100000000000000000000000000000000000000000000000000000000000080',
    'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
    'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
    'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
    '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
    '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85',
    'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
    'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
    'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  ])('PRF-01 that anybody can sign for is refused: Ed25519 point %s', (hex) => {
    expect(() => importWalletKey(ed25519(hex))).toThrow(WalletKeyError);
  });

  it('PRF-01 of Ed25519 is refused for no other point', () => {
    for (let count = 0; count < 50; count += 1) expect(() => importWalletKey(newKeyPair('EdDSA').publicJwk)).not.toThrow();
  });
});
