import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { mintNonce } from '../../../api/oauth/nonce.js';
import { KeyEncryptionRing } from '../../../keys/key-encryption.js';
import { exchange, type Exchange } from '../../flows/http-exchange.js';
import { ringOf } from '../../flows/issuer-secrets.js';
import { credentialsOf } from '../../flows/plain-wallet.js';
import { newKeyPair, withChangedSignature } from '../../flows/signed-jwt.js';
import { useSharedSystem } from '../../harness/use-system.js';
import { refusalOf } from './refusal.js';
import { useCredentialRequests, type CredentialRequests } from './use-credential-requests.js';

const system = useSharedSystem();
const requests = useCredentialRequests(system);

const newNonce = () => requests().wallet.nonce();
const newToken = () => requests().newToken();
const ask = (request: Exchange = {}) => exchange(`${system().url}/v1/openid/nonce`, { method: 'POST', ...request });
const proof = (nonce: string, change = {}) => requests().proof({ nonce, ...change });
const request: CredentialRequests['request'] = (jwt, token) => requests().request(jwt, token);

describe('the nonce endpoint', () => {
  it.each([
    ['nothing', {}],
    ['an empty JSON object', { headers: { 'content-type': 'application/json' }, body: '{}' }],
    ['broken JSON', { headers: { 'content-type': 'application/json' }, body: '{' }],
    ['a form', { headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'a=b' }],
    ['a body of unknown type', { headers: { 'content-type': 'x/y' }, body: 'x'.repeat(100_000) }],
    ['a body without type', { body: 'x' }],
    ['a token that is none', { headers: { authorization: 'Bearer x' } }],
  ] as const)('NON-02 NON-03 NON-04 NON-08 answers a POST with %s by a nonce alone, for no cache', async (_name, sent) => {
    const { status, headers, json } = await ask(sent);
    expect(status).toBe(200);
    expect(headers.get('content-type')).toMatch(/^application\/json(;|$)/);
    expect(headers.get('cache-control')).toContain('no-store');
    expect(json).toEqual({ c_nonce: expect.stringMatching(/^[A-Za-z0-9_-]{22,}$/) as string });
  });

  it.each(['GET', 'HEAD', 'PUT', 'DELETE'])('NON-02 does not take %s', async (method) => {
    const answer = await ask({ method });
    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toBe('POST, OPTIONS');
  });

  it('NON-05 gives values that have nothing in common but their time', async () => {
    const nonces = await Promise.all(Array.from({ length: 100 }, () => newNonce()));
    for (const [from, to] of [
      [8, 24],
      [24, 40],
      [40, 52],
    ] as const) {
      expect(new Set(nonces.map((nonce) => nonce.slice(from, to))).size).toBe(100);
    }
  });

  it('NON-07 writes nothing: anybody may ask', async () => {
    const { db } = system();
    const count = () => Promise.all([db.spent.countDocuments({}), db.events.countDocuments({ type: /NONCE/ })]);
    const before = await count();
    await newNonce();
    expect(await count()).toEqual(before);
  });
});

describe('a nonce', () => {
  const scope = () => ({ ring: ringOf(system()), issuerId: 'default', now: Date.now(), seconds: 300 });
  const mint = (change = {}) => mintNonce({ ...scope(), ...change });
  const other = new KeyEncryptionRing([new Uint8Array(randomBytes(32))]);

  it('CRD-08 SEC-04 made a moment ago is good', async () => {
    const accessToken = await newToken();
    expect(credentialsOf(await request([proof(mint())], accessToken))).toHaveLength(1);
  });

  it.each([
    ['that has expired', () => mint({ now: Date.now() - 300_001 })],
    ['of another issuer of this deployment', () => mint({ issuerId: 'other' })],
    ['of another deployment', () => mint({ ring: other })],
    [
      'with one character changed',
      () => mint().replace(/^(.{20})(.)/, (_all, head: string, next) => head + (next === 'A' ? 'B' : 'A')),
    ],
    ['with a later time written into it', () => `AZ${mint().slice(2)}`],
    ['with a character more', () => `${mint()}A`],
    ['with padding', () => `${mint()}=`],
    ['that was made up', () => 'A'.repeat(52)],
    ['of 10 kB', () => 'A'.repeat(10_000)],
    ['with a NUL', () => '\u0000'],
  ])('CRD-08 F.4-6 SEC-04 SEC-15 %s gives invalid_nonce', async (_name, nonce) => {
    expect(refusalOf(await request([proof(nonce())]))).toBe('400 invalid_nonce');
  });

  it.each([
    ['left out', undefined],
    ['empty', ''],
    ['null', null],
    ['a number', 1],
    ['an array', ['x']],
  ])('CRD-08 %s gives invalid_proof', async (_name, nonce) => {
    expect(refusalOf(await request([proof('replaced', { payload: { nonce } })]))).toBe('400 invalid_proof');
  });

  it('CRD-08 SEC-04 can be used by one request only: another gets invalid_nonce, whatever its token', async () => {
    const nonce = await newNonce();
    const [one, another] = [await newToken(), await newToken()];
    const jwt = proof(nonce);
    const first = await request([jwt], one);
    expect(first.status).toBe(200);
    expect(refusalOf(await request([jwt], another))).toBe('400 invalid_nonce');
    expect(refusalOf(await request([proof(nonce)], another))).toBe('400 invalid_nonce');
    expect(refusalOf(await request([proof(nonce)], one))).toBe('400 invalid_nonce');
    // The wallet that lost its answer sends the very same again.
    expect((await request([jwt], one)).text).toBe(first.text);
  });

  it('SEC-04 of ten requests with one nonce at once one wins', async () => {
    const nonce = await newNonce();
    const tokens = await Promise.all(Array.from({ length: 10 }, newToken));
    const answers = await Promise.all(tokens.map((each) => request([proof(nonce)], each)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    const losers = answers.filter(({ status }) => status !== 200);
    expect(new Set(losers.map(refusalOf))).toEqual(new Set(['400 invalid_nonce']));
  });

  it('CRD-08 is not used up by a request that is refused for another reason', async () => {
    const accessToken = await newToken();
    const nonce = await newNonce();
    const jwt = proof(nonce);
    const body = { credential_configuration_id: requests().configurationId, proofs: { jwt: [jwt] } };
    const { send } = requests();
    const refused = [
      request([withChangedSignature(jwt)], accessToken),
      request([jwt, jwt], accessToken),
      send({ ...body, credential_configuration_id: 'unknown' }, accessToken),
      send({ ...body, credential_response_encryption: {} }, accessToken),
      request([jwt], 'not-a-token'),
    ];
    for (const answer of await Promise.all(refused)) expect(answer.status).toBeGreaterThanOrEqual(400);
    expect((await request([jwt], accessToken)).status).toBe(200);
  });

  it('CRD-08 of a batch with two nonces neither is used up while one of them is bad', async () => {
    const accessToken = await newToken();
    const nonce = await newNonce();
    const [one, two] = [newKeyPair(), newKeyPair()];
    const good = proof(nonce, { key: one });
    const bad = proof(mint({ now: 0 }), { key: two });
    expect(refusalOf(await request([good, bad], accessToken))).toBe('400 invalid_nonce');
    const second = proof(await newNonce(), { key: two });
    expect(credentialsOf(await request([good, second], accessToken))).toHaveLength(2);
  });
});
