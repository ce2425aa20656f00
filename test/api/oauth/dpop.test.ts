import { createHash, createSecretKey } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { verifyDpopProof, type DpopExpectation } from '../../../api/oauth/dpop.js';
import { OAuthError } from '../../../api/http/errors.js';
import { dpopProof, newKeyPair, withChangedSignature } from '../../flows/signed-jwt.js';

const URL = 'https://issuer.example/tenant/v1/openid/credential';
const TOKEN = 'an.access.token';

const key = newKeyPair();
const verify = (proof: string, expected: Partial<DpopExpectation> = {}) =>
  verifyDpopProof(proof, { method: 'POST', url: URL, accessToken: TOKEN, now: Date.now(), ...expected });
const proof = (change: Partial<Parameters<typeof dpopProof>[0]> = {}) =>
  dpopProof({ url: URL, key, accessToken: TOKEN, ...change });
const secondsFromNow = (seconds: number) => Math.floor(Date.now() / 1000) + seconds;

/** The code of the refusal. */
function refusal(jwt: string, expected: Partial<DpopExpectation> = {}): string {
  try {
    verify(jwt, expected);
    return 'accepted';
  } catch (error) {
    expect(error).toBeInstanceOf(OAuthError);
    return (error as OAuthError).code;
  }
}

describe('a DPoP proof', () => {
  it.each(['ES256', 'ES384', 'EdDSA'] as const)('SEC-13 of %s names its key by the thumbprint of RFC 7638', (algorithm) => {
    const own = newKeyPair(algorithm);
    const { crv, kty, x, y } = own.publicJwk;
    const canonical = JSON.stringify({ crv, kty, x, ...(y === undefined ? {} : { y }) });
    expect(verify(proof({ key: own })).thumbprint).toBe(createHash('sha256').update(canonical).digest('base64url'));
  });

  it.each([
    ['https://issuer.example/tenant/v1/openid/credential', 'the very same'],
    ['HTTPS://ISSUER.example/tenant/v1/openid/credential', 'another case of scheme and host'],
    ['https://issuer.example:443/tenant/v1/openid/credential', 'the default port'],
    ['https://issuer.example/tenant/./x/../v1/openid/credential', 'dot segments'],
    ['https://issuer.example/tenant/v1/openid/credential?a=b#c', 'query and fragment'],
  ])('SEC-13 RFC 9449 4.3 check 9 may have the htu %s: %s', (htu) => {
    expect(refusal(proof({ payload: { htu } }))).toBe('accepted');
  });

  it('SEC-13 may be ten seconds ahead, a minute old, and say more than it has to', () => {
    expect(refusal(proof({ payload: { iat: secondsFromNow(9) } }))).toBe('accepted');
    expect(refusal(proof({ payload: { iat: secondsFromNow(-55) } }))).toBe('accepted');
    expect(refusal(proof({ payload: { unknown: 1, nonce: 'unasked' }, header: { kid: 'x' } }))).toBe('accepted');
  });

  it('SEC-13 needs no ath at the token endpoint', () => {
    const expected = { method: 'POST', url: URL, now: Date.now() };
    expect(verifyDpopProof(dpopProof({ url: URL, key }), expected).jti).toEqual(expect.any(String));
  });
});

describe('a DPoP proof is refused', () => {
  const hmac = createSecretKey(Buffer.from(JSON.stringify(key.publicJwk)));
  const cases: readonly (readonly [string, () => string])[] = [
    ['check 2: garbage', () => 'garbage'],
    ['check 2: empty', () => ''],
    ['check 2: two JWTs', () => `${proof()} ${proof()}`],
    ['check 2: unsecured parts', () => 'e30.e30.'],
    ['check 2: too long', () => proof({ payload: { filling: 'x'.repeat(13_000) } })],
    ['check 2: extensions by crit', () => proof({ header: { crit: ['x'], x: 1 } })],
    ['check 3: no jti', () => proof({ payload: { jti: undefined } })],
    ['check 3: an empty jti', () => proof({ payload: { jti: '' } })],
    ['check 3: a jti that is a number', () => proof({ payload: { jti: 7 } })],
    ['check 3: a jti without end', () => proof({ payload: { jti: 'x'.repeat(257) } })],
    ['check 3: no htm', () => proof({ payload: { htm: undefined } })],
    ['check 3: no htu', () => proof({ payload: { htu: undefined } })],
    ['check 3: no iat', () => proof({ payload: { iat: undefined } })],
    ['check 4: no typ', () => proof({ header: { typ: undefined } })],
    ['check 4: another typ', () => proof({ header: { typ: 'JWT' } })],
    ['check 4: a proof of possession for credentials', () => proof({ header: { typ: 'openid4vci-proof+jwt' } })],
    ['check 5: alg none', () => proof({ header: { alg: 'none' }, signWith: { ...key, algorithm: 'none' } })],
    ['check 5: alg HS256', () => proof({ header: { alg: 'HS256' }, signWith: { algorithm: 'HS256', privateKey: hmac } })],
    ['check 5: an alg that is not offered', () => proof({ key: newKeyPair('ES512') })],
    ['check 5: an alg of another key', () => proof({ header: { alg: 'ES384' } })],
    ['check 6: a changed signature', () => withChangedSignature(proof())],
    ["check 6: another key's signature", () => proof({ signWith: newKeyPair() })],
    ['check 6: no jwk', () => proof({ header: { jwk: undefined } })],
    ['check 6: a kid instead of a jwk', () => proof({ header: { jwk: undefined, kid: 'x' } })],
    ['check 7: a private key', () => proof({ header: { jwk: key.privateKey.export({ format: 'jwk' }) } })],
    ['check 7: a symmetric key', () => proof({ header: { jwk: { kty: 'oct', k: 'AAAA' } } })],
    ['check 8: another method', () => proof({ payload: { htm: 'GET' } })],
    ['check 8: the method in lower case', () => proof({ payload: { htm: 'post' } })],
    ['check 9: another path', () => proof({ payload: { htu: 'https://issuer.example/tenant/v1/openid/nonce' } })],
    ['check 9: a slash more', () => proof({ payload: { htu: `${URL}/` } })],
    ['check 9: another case of the path', () => proof({ payload: { htu: URL.replace('tenant', 'Tenant') } })],
    ['check 9: another host', () => proof({ payload: { htu: URL.replace('issuer', 'attacker') } })],
    ['check 9: another port', () => proof({ payload: { htu: URL.replace('.example', '.example:8443') } })],
    ['check 9: another scheme', () => proof({ payload: { htu: URL.replace('https', 'http') } })],
    ['check 9: a relative URL', () => proof({ payload: { htu: '/tenant/v1/openid/credential' } })],
    ['check 11: two minutes old', () => proof({ payload: { iat: secondsFromNow(-120) } })],
    ['check 11: a minute ahead', () => proof({ payload: { iat: secondsFromNow(60) } })],
    ['check 11: in milliseconds', () => proof({ payload: { iat: Date.now() } })],
    ['check 11: an iat that is a string', () => proof({ payload: { iat: String(secondsFromNow(0)) } })],
    ['check 12: no ath', () => dpopProof({ url: URL, key })],
    ["check 12: another token's ath", () => proof({ accessToken: 'another' })],
    ['check 12: the token as its ath', () => proof({ payload: { ath: TOKEN } })],
  ];

  it.each(cases)('SEC-13 RFC 9449 4.3 %s', (_name, jwt) => {
    expect(refusal(jwt())).toBe('invalid_dpop_proof');
  });
});

describe('a nonce that the server asks for', () => {
  const nonce = { isCurrent: (value: string) => value === 'current', mint: () => 'fresh' };

  it('SEC-13 RFC 9449 8 has to be in the proof', () => {
    expect(refusal(proof({ payload: { nonce: 'current' } }), { nonce })).toBe('accepted');
  });

  it.each([undefined, 'old', '', 1, null])(
    'SEC-13 RFC 9449 8 that is %j is answered by use_dpop_nonce and a new one',
    (value) => {
      let error: unknown;
      try {
        verify(proof({ payload: { nonce: value } }), { nonce });
      } catch (caught) {
        error = caught;
      }
      expect(error).toMatchObject({ code: 'use_dpop_nonce', headers: { 'DPoP-Nonce': 'fresh' } });
    },
  );
});
