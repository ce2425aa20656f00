import { createSecretKey } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { newKeyPair, now, withChangedSignature, type WalletKeyPair } from '../../flows/signed-jwt.js';
import { useSharedSystem } from '../../harness/use-system.js';
import { didJwkUrl, didKeyUrl } from './did-urls.js';
import { refusalOf } from './refusal.js';
import { useCredentialRequests, type CredentialRequests } from './use-credential-requests.js';

const system = useSharedSystem();
const requests = useCredentialRequests(system);

const proof: CredentialRequests['proof'] = (change) => requests().proof(change);
const refused = async (...jwt: readonly unknown[]) => refusalOf(await requests().request(jwt));

/** The JWT with another part: 0 is the header, 1 the payload, 2 the signature. */
const withPart = (jwt: string, index: number, part = '') => jwt.split('.').with(index, part).join('.');
const ZEROS = Buffer.alloc(64).toString('base64url');

const es256 = newKeyPair();
const ed25519 = newKeyPair('EdDSA');
const es512 = newKeyPair('ES512');
const rsa = newKeyPair('PS256');
const secret = createSecretKey(Buffer.from(JSON.stringify(es256.publicJwk)));
const privateJwk = es256.privateKey.export({ format: 'jwk' });

describe('a proof that fails a check gives invalid_proof', () => {
  type Broken = readonly (readonly [string, () => string])[];

  it.each([
    ['no aud', () => proof({ payload: { aud: undefined } })],
    ['no iat', () => proof({ payload: { iat: undefined } })],
    ['an iat that is a string', () => proof({ payload: { iat: String(now()) } })],
    ['no nonce', () => proof({ payload: { nonce: undefined } })],
    ['no alg', () => proof({ header: { alg: undefined } })],
  ] satisfies Broken)('F.4-1 required claims: %s', async (_name, jwt) => {
    expect(await refused(jwt())).toBe('400 invalid_proof');
  });

  it.each([
    ['missing', undefined],
    ['JWT', 'JWT'],
    ['of another use', 'dpop+jwt'],
    ['as a media type', 'application/openid4vci-proof+jwt'],
    ['in another case', 'OpenID4VCI-Proof+JWT'],
    ['an array', ['openid4vci-proof+jwt']],
  ])('F.4-2 typ: %s', async (_name, typ) => {
    expect(await refused(proof({ header: { typ } }))).toBe('400 invalid_proof');
  });

  it.each([
    ['none', () => proof({ header: { alg: 'none' }, signWith: { ...es256, algorithm: 'none' } })],
    ['none, with a signature', () => proof({ header: { alg: 'none' }, key: es256 })],
    [
      'HS256 keyed with the public key',
      () => proof({ key: es256, header: { alg: 'HS256' }, signWith: { algorithm: 'HS256', privateKey: secret } }),
    ],
    ['ES512, which is not listed', () => proof({ key: es512 })],
    ['PS256, which is not listed', () => proof({ key: rsa })],
    ['in another case', () => proof({ header: { alg: 'es256' } })],
    ['an array', () => proof({ header: { alg: ['ES256'] } })],
    ['a name of Object.prototype', () => proof({ header: { alg: 'constructor' } })],
  ] satisfies Broken)('F.4-3 HAP-20 alg: %s', async (_name, jwt) => {
    expect(await refused(jwt())).toBe('400 invalid_proof');
  });

  it.each([
    ['changed', () => withChangedSignature(proof())],
    ["another key's", () => proof({ key: es256, signWith: newKeyPair() })],
    ['of another payload', () => withPart(proof({ key: es256 }), 1, proof({ key: es256, payload: { jti: 'x' } }).split('.')[1])],
    ['empty', () => withPart(proof(), 2)],
    ['of one byte', () => withPart(proof(), 2, 'AA')],
    ['too long', () => `${proof()}AAAA`],
    ['all zero', () => withPart(proof(), 2, ZEROS)],
    ['all zero, EdDSA', () => withPart(proof({ key: ed25519 }), 2, ZEROS)],
  ] satisfies Broken)('F.4-4 signature: %s', async (_name, jwt) => {
    expect(await refused(jwt())).toBe('400 invalid_proof');
  });

  it.each([
    ['d', () => proof({ key: es256, header: { jwk: privateJwk } })],
    [
      'd in did:jwk',
      () => proof({ key: es256, header: { jwk: undefined, kid: didJwkUrl(privateJwk as WalletKeyPair['publicJwk']) } }),
    ],
    ['k', () => proof({ key: es256, header: { jwk: { ...es256.publicJwk, k: 'AA' } } })],
    ['p and q', () => proof({ key: es256, header: { jwk: { ...es256.publicJwk, p: 'AA', q: 'AA' } } })],
  ] satisfies Broken)('F.4-5 private key material in the header: %s', async (_name, jwt) => {
    expect(await refused(jwt())).toBe('400 invalid_proof');
  });

  it.each([
    ['of another issuer', 'https://other.example'],
    ['the credential endpoint', () => `${system().url}/v1/openid/credential`],
    ['with a slash more', () => `${system().url}/`],
    ['in upper case', () => system().url.toUpperCase()],
    ['an array of the right one', () => [system().url]],
    ['an array of several', () => [system().url, 'https://other.example']],
    ['null', null],
  ])('CRD-08 aud: %s', async (_name, aud) => {
    const value = typeof aud === 'function' ? aud() : aud;
    expect(await refused(proof({ payload: { aud: value } }))).toBe('400 invalid_proof');
  });

  it.each([
    ['an iat of an hour ago', () => ({ iat: now(-3600) })],
    ['an iat in ten minutes', () => ({ iat: now(600) })],
    ['an iat in milliseconds', () => ({ iat: Date.now() })],
    ['an iat of 0', () => ({ iat: 0 })],
    ['an iat beyond all numbers', () => ({ iat: 1e308 })],
    ['an exp in the past', () => ({ exp: now(-120) })],
    ['an exp that is no number', () => ({ exp: 'tomorrow' })],
    ['an nbf in the future', () => ({ nbf: now(120) })],
  ])('F.4-7 time: %s', async (_name, payload) => {
    expect(await refused(proof({ payload: payload() }))).toBe('400 invalid_proof');
  });

  it.each([
    ['an empty string', () => ''],
    ['no JWS', () => 'garbage'],
    ['two parts', () => 'e30.e30'],
    ['five parts: a JWE', () => 'e30.e30.e30.e30.e30'],
    ['an SD-JWT', () => `${proof()}~`],
    ['padding', () => proof().replace('.', '=.')],
    ['a header that is not JSON', () => withPart(proof(), 0, 'AAAA')],
    ['a header that is an array', () => withPart(proof(), 0, 'W10')],
    ['a payload that is null', () => withPart(proof(), 1, 'bnVsbA')],
    ['17 kB', () => proof({ payload: { filling: 'x'.repeat(13_000) } })],
    [
      'a payload nested 5000 deep',
      () => withPart(proof(), 1, Buffer.from(`{"a":${'['.repeat(5000)}${']'.repeat(5000)}}`).toString('base64url')),
    ],
    ['line breaks', () => proof().replaceAll('.', '.\n')],
  ] satisfies Broken)('CRD-05 PRF-06 not a proof at all: %s', async (_name, jwt) => {
    expect(await refused(jwt())).toBe('400 invalid_proof');
  });
});

describe('a proof that passes', () => {
  it('F.1 F.4-7 may have an iss though the wallet is anonymous, a clock that is a little off, and claims that nobody asked for', async () => {
    const payload = { iss: 'wallet', iat: now(30), exp: now(300), nbf: now(-10), jti: 'x', unknown: { a: 1 } };
    const { newToken, request, wallet } = requests();
    const jwt = proof({ nonce: await wallet.nonce(), payload, header: { unknown: 1 } });
    expect((await request([jwt], await newToken())).status).toBe(200);
  });
});

describe('a batch of proofs', () => {
  it('CRD-12 PRF-02 with one key twice gives invalid_proof', async () => {
    expect(await refused(proof({ key: es256 }), proof({ key: es256, payload: { jti: 'other' } }))).toBe('400 invalid_proof');
  });

  it('CRD-12 PRF-02 with one key in two spellings gives invalid_proof', async () => {
    const asDid = proof({ key: es256, header: { jwk: undefined, kid: didKeyUrl(es256) } });
    expect(await refused(proof({ key: es256 }), asDid)).toBe('400 invalid_proof');
  });

  it('F.4-4 with one bad among good ones gives invalid_proof, and says which', async () => {
    const answer = await requests().request([proof(), withChangedSignature(proof()), proof()]);
    expect(refusalOf(answer)).toBe('400 invalid_proof');
    expect(answer.json.error_description).toContain('proof 2');
  });

  it('CRD-07 PRF-06 of more proofs than batch_size is refused whole', async () => {
    const jwt = Array.from({ length: 11 }, () => proof());
    expect(await refused(...jwt)).toBe('400 invalid_credential_request');
  });
});
