import { calculateJwkThumbprint, exportJWK, generateKeyPair } from 'jose';
import { describe, expect, it } from 'vitest';
import { bareJwk, jwkThumbprint } from '../../keys/public-jwk.js';

/** The key of RFC 7638 3.1. */
const RFC_7638_KEY = {
  kty: 'RSA',
  n: '0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw',
  e: 'AQAB',
  alg: 'RS256',
  kid: '2011-04-29',
};

describe('thumbprints', () => {
  it('RFC 7638 3.1 gives the thumbprint of its example', () => {
    expect(jwkThumbprint(RFC_7638_KEY)).toBe('NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs');
  });

  it.each(['ES256', 'ES384', 'EdDSA', 'RS256'])('agree with an independent implementation for %s', async (algorithm) => {
    const { publicKey } = await generateKeyPair(algorithm, { extractable: true });
    const jwk = await exportJWK(publicKey);
    expect(jwkThumbprint({ ...jwk })).toBe(await calculateJwkThumbprint(jwk));
  });
});

describe('a bare key', () => {
  it('has no private part and no other members', async () => {
    const { privateKey } = await generateKeyPair('ES256', { extractable: true });
    const jwk = await exportJWK(privateKey);
    expect(bareJwk({ ...jwk, kid: 'k', use: 'sig', alg: 'ES256' })).toEqual({ kty: 'EC', crv: 'P-256', x: jwk.x, y: jwk.y });
  });

  it.each([
    ['a symmetric key', { kty: 'oct', k: 'c2VjcmV0' }],
    ['no key type', { crv: 'P-256', x: 'x', y: 'y' }],
    ['a missing member', { kty: 'EC', crv: 'P-256', x: 'x' }],
    ['a member that is no text', { kty: 'EC', crv: 'P-256', x: 'x', y: 1 }],
    ['an inherited member', Object.assign(Object.create({ y: 'y' }) as object, { kty: 'EC', crv: 'P-256', x: 'x' })],
  ])('is not made of %s', (_name, jwk) => {
    expect(() => bareJwk(jwk as Record<string, unknown>)).toThrow(TypeError);
  });
});
