import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { didWebOf } from '../../../../keys/did-web.js';
import type { PublicJwk } from '../../../../keys/signer.js';
import { usePythonCwt } from '../../../credentials/cwt/python-cwt.js';
import { useSharedSystem } from '../../../harness/use-system.js';
import { faultsOf, ManagementClient } from '../management-client.js';
import { assertionKey, newIssuerDid } from './issuer-did.js';

const COMPACT = '/v2/credentials/compact/sign';
const SEMANTIC = '/v2/credentials/compact-semantic/sign';
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

interface Signed {
  readonly id: string;
  readonly encoded: string;
  readonly decoded: Readonly<Record<string, unknown>>;
}

const system = useSharedSystem();
const python = usePythonCwt();
let api: ManagementClient;
let iss: string;
let jwk: PublicJwk;

beforeAll(async () => {
  api = await ManagementClient.admin(system());
  iss = didWebOf(system().url);
  jwk = await assertionKey(system());
});

const now = () => Math.floor(Date.now() / 1000);

async function sign(path: string, payload: object, more: object = {}): Promise<Signed> {
  const answer = await api.post(path, { payload, ...more });
  if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}: ${answer.text}`);
  return answer.json as unknown as Signed;
}

describe('POST /v2/credentials/compact/sign', () => {
  it('gives a credential that python-cwt verifies by the key of the did:web, and what is in it', async () => {
    const [iat, exp] = [now() - 60, now() + 3600];
    const own = { type: 'AlumniCredential', name: 'Hana Ruru', levels: [1, 2.5, { deep: null }], active: true };
    const payload = { iss, iat, nbf: iat, exp, sub: 'did:example:hana', aud: 'https://verifier.example', ...own };
    const { id, encoded, decoded } = await sign(COMPACT, payload);
    expect(id).toMatch(UUID);
    expect(encoded).toMatch(/^CSC:\/1\/[A-Z2-7]+$/);
    expect(decoded).toEqual({ ...payload, jti: id });
    const { claims } = await python.read({ encoded, jwk, checkTimes: true });
    expect(claims).toEqual({
      '#1': iss,
      '#2': 'did:example:hana',
      '#3': 'https://verifier.example',
      '#4': exp,
      '#5': iat,
      '#6': iat,
      '#7': { hex: id.replaceAll('-', '') },
      ...own,
    });
  });

  it('asks for nothing but the issuer: then it adds the time, and the credential does not end', async () => {
    const before = now();
    const { decoded } = await sign(COMPACT, { iss, property: 'x' });
    expect(Object.keys(decoded).sort()).toEqual(['iat', 'iss', 'jti', 'property']);
    expect(decoded.iat).toBeGreaterThanOrEqual(before);
    expect(decoded.iat).toBeLessThanOrEqual(now());
  });

  it('signs with the key of whichever DID of this issuer it names', async () => {
    const did = await newIssuerDid(system());
    await expect.poll(async () => (await api.post(COMPACT, { payload: { iss: did } })).status).toBe(200);
    const { encoded } = await sign(COMPACT, { iss: did });
    const recorded = await system().db.dids.findOne({ did });
    const key = await system().db.signingKeys.findOne({ _id: recorded!.keys[0]!.keyRef });
    const read = await python.read({ encoded, jwk: key!.publicJwk });
    expect(read.protected['#4']).toEqual({ hex: Buffer.from('key-1').toString('hex') });
    expect(read.claims['#1']).toBe(did);
    await expect(python.read({ encoded, jwk })).rejects.toThrow('VerifyError');
  });

  it('enters it in the ledger without the credential and its claims', async () => {
    const exp = now() + 3600;
    const { id } = await sign(COMPACT, { iss, exp, type: 'AlumniCredential', name: 'Hana Ruru' });
    const entry = await system().db.issuedCredentials.findOne({ credentialId: id });
    expect(entry).toEqual({
      _id: `direct/${id}`,
      issuerId: 'default',
      credentialId: id,
      profile: 'compact',
      type: 'AlumniCredential',
      sessionId: '',
      configurationId: '',
      userId: '',
      count: 1,
      keyId: entry?.keyId,
      issuedAt: entry?.issuedAt,
      validUntil: new Date(exp * 1000),
    });
    expect(entry?.keyId).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(entry?.issuedAt).toBeInstanceOf(Date);
  });

  it('is in the event log, with the id and no claim', async () => {
    const requestId = randomUUID();
    const answer = await api.post(COMPACT, { payload: { iss, name: 'Hana Ruru' } }, { 'x-request-id': requestId });
    expect(answer.status).toBe(200);
    const events = async () =>
      ((await api.get(`/v1/events?requestIds=${requestId}`)).json.data as Record<string, unknown>[]).map(
        ({ type, category, data }) => [type, category, data],
      );
    await expect.poll(events).toHaveLength(2);
    expect(new Map((await events()).map(([type, ...rest]) => [type, rest]))).toEqual(
      new Map<unknown, unknown>([
        ['CREDENTIAL_COMPACT_SIGN_START', ['CREDENTIAL_COMPACT', {}]],
        ['CREDENTIAL_COMPACT_SIGN_SUCCESS', ['CREDENTIAL_COMPACT', { credentialId: answer.json.id }]],
      ]),
    );
  });

  it.each<[string, () => Readonly<Record<string, unknown>>, string]>([
    ['no payload', () => ({}), 'body payload: is required'],
    ['no issuer', () => ({ payload: {} }), 'body payload.iss: is required'],
    [
      'a DID of somebody else',
      () => ({ payload: { iss: 'did:web:elsewhere.example' } }),
      'body payload.iss: is not a DID of this issuer',
    ],
    ['an issuer that is no DID', () => ({ payload: { iss: system().url } }), 'body payload.iss: is not a DID of this issuer'],
    ['an id of its own', () => ({ payload: { iss, jti: 'x' } }), 'body payload.jti: cannot be given'],
    ['a status of its own', () => ({ payload: { iss, status: {} } }), 'body payload.status: cannot be given'],
    ['a holder key', () => ({ payload: { iss, cnf: {} } }), 'body payload.cnf: cannot be given'],
    ['a vc', () => ({ payload: { iss, vc: {} } }), 'body payload.vc: cannot be given'],
    ['an expiry that has passed', () => ({ payload: { iss, exp: now() - 1 } }), 'body payload.exp: has passed'],
    [
      'an expiry before its beginning',
      () => ({ payload: { iss, nbf: now() + 60, exp: now() + 30 } }),
      'body payload.exp: must be after nbf',
    ],
    ['an expiry in milliseconds', () => ({ payload: { iss, exp: Date.now() * 1000 } }), 'body payload.exp'],
    ['an expiry of text', () => ({ payload: { iss, exp: '2030-01-01' } }), 'body payload.exp'],
    ['a subject that is no text', () => ({ payload: { iss, sub: 1 } }), 'body payload.sub'],
    ['a claim of null', () => ({ payload: { iss, name: null } }), 'body payload.name: has no value'],
    ['a claim of half a character', () => ({ payload: { iss, name: 'a\ud800' } }), 'body payload.name: has no value'],
    ['a claim without a name', () => ({ payload: { iss, '': 1 } }), 'body payload.: is no name'],
    [
      'more than 48 kB of claims',
      () => ({ payload: { iss, name: 'x'.repeat(49_152) } }),
      'body payload: must be at most 49152 bytes',
    ],
    [
      'a revoked one that cannot be',
      () => ({ payload: { iss }, isRevoked: true }),
      'body isRevoked: can only be given for a credential that is revocable',
    ],
    ['an unknown member', () => ({ payload: { iss }, persist: true }), 'body persist: is not a known member'],
  ])('refuses %s', async (_what, body, expected) => {
    expect(faultsOf(await api.post(COMPACT, body()))).toEqual([expect.stringContaining(expected)]);
  });

  it('refuses a number that JSON has and no credential can', async () => {
    expect(faultsOf(await api.post(COMPACT, `{"payload":{"iss":"${iss}","a":1e999}}`))).toEqual([
      expect.stringContaining('body payload.a: has no value'),
    ]);
  });

  it('refuses a DID that has no key for ES256', async () => {
    const did = await newIssuerDid(system(), 'EdDSA');
    expect(faultsOf(await api.post(COMPACT, { payload: { iss: did } }))).toEqual([
      'body payload.iss: is not a DID of this issuer with an active ES256 key',
    ]);
  });
});

describe('POST /v2/credentials/compact-semantic/sign', () => {
  const credentialSubject = { name: 'Hana Ruru', code: 'HS.278', level: 4 };

  it('adds the base context and type, and when it begins; python-cwt verifies it', async () => {
    const exp = now() + 3600;
    const { id, encoded, decoded } = await sign(SEMANTIC, { iss, exp, vc: { type: 'AlumniCredential', credentialSubject } });
    const vc = {
      '@context': ['https://www.w3.org/2018/credentials/v1'],
      version: '1.0.0',
      type: ['VerifiableCredential', 'AlumniCredential'],
      credentialSubject,
    };
    expect(encoded).toMatch(/^CSS:\/1\/[A-Z2-7]+$/);
    expect(decoded).toEqual({ iss, exp, iat: decoded.iat, nbf: decoded.iat, jti: id, vc });
    expect((await python.read({ encoded, jwk, checkTimes: true })).claims.vc).toEqual(vc);
    const entry = await system().db.issuedCredentials.findOne({ credentialId: id });
    expect([entry?.profile, entry?.type]).toEqual(['compact-semantic', 'AlumniCredential']);
  });

  it('takes further contexts and types, and none', async () => {
    const given = {
      '@context': ['https://www.w3.org/2018/credentials/v1', 'https://issuer.example/contexts/v1'],
      type: ['VerifiableCredential', 'A', 'B'],
    };
    expect((await sign(SEMANTIC, { iss, vc: { ...given, credentialSubject } })).decoded.vc).toMatchObject(given);
    const { decoded } = await sign(SEMANTIC, { iss, vc: { credentialSubject } });
    expect(decoded.vc).toMatchObject({ type: ['VerifiableCredential'] });
  });

  it.each<[string, () => object, string]>([
    ['no vc', () => ({ iss }), 'body payload.vc: is required'],
    ['no subject', () => ({ iss, vc: { type: 'A' } }), 'body payload.vc.credentialSubject: is required'],
    ['claims beside the vc', () => ({ iss, name: 'x', vc: { credentialSubject } }), 'body payload.name: is not a known member'],
    [
      'a claim of null',
      () => ({ iss, vc: { credentialSubject: { a: null } } }),
      'body payload.vc.credentialSubject.a: has no value',
    ],
    ['types of another kind', () => ({ iss, vc: { type: [1], credentialSubject } }), 'body payload.vc.type'],
  ])('refuses %s', async (_what, payload, expected) => {
    expect(faultsOf(await api.post(SEMANTIC, { payload: payload() }))).toEqual([expect.stringContaining(expected)]);
  });
});

describe('direct signing', () => {
  it('is for administrators and issuers', async () => {
    for (const path of [COMPACT, SEMANTIC]) {
      for (const role of ['auditor', 'verifier', 'managed-issuer'] as const)
        expect((await (await ManagementClient.withRoles(system(), role)).post(path, {})).status).toBe(403);
      expect((await (await ManagementClient.withRoles(system(), 'issuer')).post(path, {})).status).toBe(400);
      expect((await api.get(path)).status).toBe(405);
    }
  });
});
