import { decodeJwt } from 'jose';
import { describe, expect, it } from 'vitest';
import { credentialsOf, type Answer } from '../../flows/plain-wallet.js';
import { newKeyPair, type WalletKeyPair } from '../../flows/signed-jwt.js';
import { useSharedSystem } from '../../harness/use-system.js';
import { didJwkUrl, didKeyUrl } from './did-urls.js';
import { refusalOf } from './refusal.js';
import { useCredentialRequests, type CredentialRequests } from './use-credential-requests.js';
import { chainOf, foreignCertificate, selfSigned } from './wallet-certificates.js';

const system = useSharedSystem();
const requests = useCredentialRequests(system);

const proof: CredentialRequests['proof'] = (change) => requests().proof(change);
const refused = async (...jwt: readonly unknown[]) => refusalOf(await requests().request(jwt));

const es256 = newKeyPair();
const es384 = newKeyPair('ES384');
const ed25519 = newKeyPair('EdDSA');
const rsa = newKeyPair('PS256');

/** The neutral element as key and as R, and 0 as s: that verifies whatever the message is. */
function signedByNobody(): string {
  const neutral = Buffer.concat([Buffer.from([1]), Buffer.alloc(31)]);
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: neutral.toString('base64url') };
  const [header, payload] = proof({ key: ed25519, header: { jwk } }).split('.');
  return [header, payload, Buffer.concat([neutral, Buffer.alloc(32)]).toString('base64url')].join('.');
}

describe('a proof whose key cannot be used gives invalid_proof', () => {
  it.each([
    ['none of jwk, kid and x5c', () => proof({ header: { jwk: undefined } })],
    ['jwk and kid', () => proof({ key: es256, header: { kid: didJwkUrl(es256.publicJwk) } })],
    ['jwk and x5c', () => proof({ header: { x5c: ['AA=='] } })],
    ['a jwk that is null', () => proof({ header: { jwk: null } })],
    ['a jwk that is a string', () => proof({ header: { jwk: JSON.stringify(es256.publicJwk) } })],
    ['a jwk that is empty', () => proof({ header: { jwk: {} } })],
    ['a jwk without y', () => proof({ key: es256, header: { jwk: { ...es256.publicJwk, y: undefined } } })],
    [
      'a point that is not on the curve',
      () => proof({ key: es256, header: { jwk: { ...es256.publicJwk, y: es256.publicJwk.x } } }),
    ],
    [
      'a coordinate of the wrong length',
      () => proof({ key: es256, header: { jwk: { ...es256.publicJwk, x: `AA${es256.publicJwk.x ?? ''}` } } }),
    ],
    ['a coordinate in plain base64', () => proof({ key: es256, header: { jwk: { ...es256.publicJwk, x: '+'.repeat(43) } } })],
    ['a key for encryption', () => proof({ key: es256, header: { jwk: { ...es256.publicJwk, use: 'enc' } } })],
    ['a key of another alg', () => proof({ key: es256, header: { jwk: { ...es256.publicJwk, alg: 'ES384' } } })],
    ['a symmetric key', () => proof({ header: { jwk: { kty: 'oct', k: 'AAAA' } } })],
    ['an RSA key', () => proof({ key: rsa, header: { alg: 'ES256' } })],
    ['a P-384 key with ES256', () => proof({ key: es384, header: { alg: 'ES256' } })],
    ['a P-256 key with EdDSA', () => proof({ key: es256, header: { alg: 'EdDSA' } })],
    ['an Ed25519 key with ES256', () => proof({ key: ed25519, header: { alg: 'ES256' } })],
    ['an Ed25519 key that fits a signature by nobody', signedByNobody],
    ['crit, which nobody understands', () => proof({ header: { crit: ['b64'], b64: false } })],
  ])('F.1 PRF-01 key: %s', async (_name, jwt) => {
    expect(await refused(jwt())).toBe('400 invalid_proof');
  });

  it.each([
    ['that is no DID', 'my-key'],
    ['of did:web', 'did:web:wallet.example#key-1'],
    ['of an internal address', 'did:web:169.254.169.254#key-1'],
    ['of did:jwk without fragment', () => didJwkUrl(es256.publicJwk).split('#')[0]],
    ['of did:jwk with another fragment', () => `${didJwkUrl(es256.publicJwk).split('#')[0] ?? ''}#1`],
    ['of did:jwk that holds no JSON', 'did:jwk:AAAA#0'],
    ['of did:jwk that holds an array', `did:jwk:${Buffer.from('[]').toString('base64url')}#0`],
    ["of another's did:jwk", () => didJwkUrl(newKeyPair().publicJwk)],
    ['of did:key with another fragment', () => `${didKeyUrl(es256).split('#')[0] ?? ''}#x`],
    ['of did:key that is not base58', 'did:key:z0OIl#z0OIl'],
    ['of did:key that is no key', 'did:key:z6Mk#z6Mk'],
    ['of did:key that is not on its curve', () => didKeyUrl(es256, Buffer.alloc(32, 0xff))],
    ['of a long did:key', `did:key:z${'1'.repeat(1000)}#z${'1'.repeat(1000)}`],
    ['that is a number', 1],
    ['that is empty', ''],
  ])('F.1 PRF-03 SEC-11 kid: one %s', async (_name, kid) => {
    const value = typeof kid === 'function' ? kid() : kid;
    expect(await refused(proof({ key: es256, header: { jwk: undefined, kid: value } }))).toBe('400 invalid_proof');
  });

  it.each([
    ['empty', () => []],
    ['no array', () => 'AA=='],
    ['no certificate', () => ['AAAA']],
    ['of numbers', () => [1]],
    ['longer than any chain', async () => new Array<string>(6).fill(await selfSigned(es256))],
    ["another key's", async () => [await selfSigned(newKeyPair())]],
    ['of certificates that do not belong together', async () => [await selfSigned(es256), await selfSigned(newKeyPair())]],
    ['of a chain the wrong way round', async () => (await chainOf(es256)).reverse()],
    ['of a certificate that has ended', async () => [await selfSigned(es256, Date.parse('2001-01-01'))]],
    ['of a certificate that has not begun', async () => [await selfSigned(es256, Date.now() + 86_400_000)]],
    ['of an RSA certificate', () => [foreignCertificate('-newkey', 'rsa:2048')]],
    ['of an Ed448 certificate', () => [foreignCertificate('-newkey', 'ed448')]],
    [
      'of a certificate on a curve that JWKs do not know',
      () => [foreignCertificate('-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:brainpoolP256r1')],
    ],
  ])('F.1 PRF-04 x5c: %s', async (_name, x5c) => {
    expect(await refused(proof({ key: es256, header: { jwk: undefined, x5c: await x5c() } }))).toBe('400 invalid_proof');
  });
});

describe('a proof with a key of the holder', () => {
  const boundTo = async (key: WalletKeyPair, header: Readonly<Record<string, unknown>>) => {
    const { newToken, request, wallet } = requests();
    return bound(await request([proof({ nonce: await wallet.nonce(), key, header })], await newToken()));
  };
  const bound = (answer: Answer) => {
    const [credential = ''] = credentialsOf(answer);
    return (decodeJwt(credential.split('~')[0] ?? '').cnf as { jwk?: unknown } | undefined)?.jwk;
  };
  const bare = ({ publicJwk: { kty, crv, x, y } }: WalletKeyPair) => ({ kty, crv, x, ...(y === undefined ? {} : { y }) });

  it.each([
    ['an ES256 jwk', es256, {}],
    ['an ES384 jwk', es384, {}],
    ['an EdDSA jwk', ed25519, {}],
    [
      'a jwk with use, alg and kid',
      es256,
      { jwk: { ...es256.publicJwk, use: 'sig', alg: 'ES256', kid: 'x', key_ops: ['verify'] } },
    ],
    ['did:jwk', es256, { jwk: undefined, kid: didJwkUrl(es256.publicJwk) }],
    ['did:key of P-256', es256, { jwk: undefined, kid: didKeyUrl(es256) }],
    ['did:key of P-384', es384, { jwk: undefined, kid: didKeyUrl(es384) }],
    ['did:key of Ed25519', ed25519, { jwk: undefined, kid: didKeyUrl(ed25519) }],
  ] as const)('F.1 PRF-03 PRF-05 SDV-04 CRD-12 with %s binds the credential to its bare key', async (_name, key, header) => {
    expect(await boundTo(key, header)).toEqual(bare(key));
  });

  it.each([
    ['one certificate', async () => [await selfSigned(es256)]],
    ['a chain', () => chainOf(es256)],
  ])('F.1 PRF-04 in x5c, %s: binds the credential to the key of the leaf', async (_name, x5c) => {
    expect(await boundTo(es256, { jwk: undefined, x5c: await x5c() })).toEqual(bare(es256));
  });
});
