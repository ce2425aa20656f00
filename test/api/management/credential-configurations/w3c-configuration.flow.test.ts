import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { useSharedSystem } from '../../../harness/use-system.js';
import { exchange } from '../../../flows/http-exchange.js';
import { faultsOf, ManagementClient } from '../management-client.js';

const JWT = '/v2/credentials/jwt/configurations';
const LDP = '/v2/credentials/web-semantic/configurations';

const system = useSharedSystem();
let api: ManagementClient;
/** Of a context that defines `Employee…` types and the claims below. */
let contextUrl: string;

beforeAll(async () => {
  api = await ManagementClient.admin(system());
  contextUrl = `https://issuer.example/contexts/${randomUUID()}`;
  const terms = ['given_name', 'family_name', 'Manager', ...Array.from({ length: 9 }, (_, index) => `Employee${index}`)];
  const content = {
    '@context': Object.fromEntries(terms.map((name) => [name, `https://issuer.example/terms#${name}`])),
  };
  await api.create('/v2/credentials/web-semantic/contexts', { url: contextUrl, content });
});

const claimMappings = { given_name: { mapFrom: 'claims.given_name', required: true } };
const jwt = (more = {}) => ({ type: `urn:test:${randomUUID()}`, claimMappings, ...more });
const ldp = (more = {}) => ({
  type: 'Employee0',
  name: 'Employee',
  issuer: { name: 'Ministry' },
  contexts: [contextUrl],
  claimMappings,
  ...more,
});

async function metadataEntry(id: unknown): Promise<Readonly<Record<string, unknown>> | undefined> {
  const { json } = await exchange(`${system().url}/.well-known/openid-credential-issuer`);
  return (json.credential_configurations_supported as Record<string, Record<string, unknown>>)[String(id)];
}

describe('a JWT VC configuration', () => {
  it('has defaults, is read back, replaced by what was read, and deleted', async () => {
    const body = jwt();
    const created = await api.post(JWT, body);
    expect([created.status, created.json]).toEqual([
      201,
      {
        id: created.json.id,
        ...body,
        additionalTypes: [],
        contexts: [],
        vcdmVersion: '1.1',
        includeId: true,
        includeStatus: false,
        holderBinding: true,
      },
    ]);
    const one = `${JWT}/${created.json.id as string}`;
    expect((await api.put(one, created.json)).text).toBe((await api.get(one)).text);
    expect(await metadataEntry(created.json.id)).toMatchObject({
      format: 'jwt_vc_json',
      credential_definition: { type: ['VerifiableCredential', body.type] },
    });
    expect((await api.delete(one)).status).toBe(204);
    expect((await api.get(one)).status).toBe(404);
  });

  it('keeps every member it may have', async () => {
    const body = jwt({
      additionalTypes: ['Person'],
      contexts: ['https://anywhere.example/v1'],
      vcdmVersion: '2.0',
      includeId: false,
      includeStatus: true,
      statusPolicy: { suspendable: true, revokeOn: ['withdrawn'] },
      holderBinding: false,
      expiresIn: { years: 1 },
      branding: { name: 'Card' },
      display: [{ name: 'Card', locale: 'en' }],
    });
    const created = await api.create(JWT, body);
    expect(created).toEqual({ id: created.id, ...body });
  });

  it('is refused with all its faults at once', async () => {
    const answer = await api.post(
      JWT,
      jwt({
        type: 'A',
        additionalTypes: ['A'],
        issuerDid: 'did:web:elsewhere.example',
        claimMappings: { id: { mapFrom: 'claims.id' }, a: { mapFrom: 'claims.a', selectiveDisclosure: true } },
      }),
    );
    expect(faultsOf(answer)).toEqual([
      'body claimMappings.id: uses id, which is the DID of the holder',
      'body claimMappings.a.selectiveDisclosure: is not possible: holders show these credentials as a whole',
      'body additionalTypes[0]: is the type already',
      'body issuerDid: is no DID of this issuer',
    ]);
  });

  it.each<[string, object, string]>([
    ['a context that is no https URL', { contexts: ['urn:a'] }, 'body contexts[0]'],
    ['the core context among its own', { contexts: ['https://www.w3.org/ns/credentials/v2'] }, 'body contexts[0]'],
    ['a context twice', { contexts: ['https://a.example/', 'https://a.example/'] }, 'body contexts[1]'],
    ['a type with white space', { additionalTypes: ['a b'] }, 'body additionalTypes[0]'],
    ['an issuerDid that is none', { issuerDid: 'https://a.example' }, 'body issuerDid'],
    ['a version that is none', { vcdmVersion: '1.0' }, 'body vcdmVersion'],
    ['a member of the other profile', { proofType: 'eddsa-rdfc-2022' }, 'body proofType'],
  ])('is refused for %s', async (_what, changes, expected) => {
    expect(faultsOf(await api.post(JWT, jwt(changes)))).toEqual([expect.stringContaining(expected)]);
  });
});

describe('a JSON-LD credential configuration', () => {
  it("has MATTR's defaults, and its looks in the metadata", async () => {
    const body = ldp({ description: 'Works here', credentialBranding: { backgroundColor: '#0b3d91' } });
    const created = await api.post(LDP, body);
    expect([created.status, created.json]).toEqual([
      201,
      {
        id: created.json.id,
        ...body,
        additionalTypes: [],
        proofType: 'Ed25519Signature2018',
        vcdmVersion: '1.1',
        persist: false,
        revocable: false,
        includeId: true,
        holderBinding: true,
      },
    ]);
    const one = `${LDP}/${created.json.id as string}`;
    expect((await api.put(one, created.json)).text).toBe((await api.get(one)).text);
    expect(await metadataEntry(created.json.id)).toMatchObject({
      format: 'ldp_vc',
      scope: 'ldp_vc:Employee0',
      credential_definition: { type: ['VerifiableCredential', 'Employee0'] },
      credential_signing_alg_values_supported: ['Ed25519Signature2018'],
      credential_metadata: { display: [{ name: 'Employee', description: 'Works here', background_color: '#0b3d91' }] },
    });
    await api.delete(one);
  });

  it('keeps every member it may have', async () => {
    const body = ldp({
      type: 'Employee1',
      additionalTypes: ['Manager'],
      description: 'Works here',
      issuer: { name: 'Ministry', logoUrl: 'https://issuer.example/logo.png', iconUrl: 'https://issuer.example/icon.png' },
      credentialBranding: { backgroundColor: '#0b3d91', watermarkImageUrl: 'https://issuer.example/w.svg' },
      proofType: 'ecdsa-sd-2023',
      vcdmVersion: '2.0',
      persist: true,
      revocable: true,
      statusPolicy: { suspendable: true, revokeOn: ['credential_deleted'] },
      includeId: false,
      holderBinding: false,
      expiresIn: { months: 6 },
      display: [{ name: 'Employee', locale: 'en' }],
      claimMappings: { given_name: { mapFrom: 'claims.given_name', selectiveDisclosure: true } },
    });
    const created = await api.create(LDP, body);
    expect(created).toEqual({ id: created.id, ...body });
    await api.delete(`${LDP}/${created.id}`);
  });

  it('is refused for every term that no context defines, all at once, also when it is replaced', async () => {
    const undefinedTerms = {
      type: 'Employee2',
      additionalTypes: ['Nobody'],
      claimMappings: { ...claimMappings, shoe_size: { mapFrom: 'claims.shoe_size' }, nick: { mapFrom: 'claims.nick' } },
    };
    const faults = [
      'body additionalTypes[0]: is a type that no context defines',
      'body claimMappings.shoe_size: uses shoe_size, which no context defines',
      'body claimMappings.nick: uses nick, which no context defines',
    ];
    expect(faultsOf(await api.post(LDP, ldp(undefinedTerms)))).toEqual(faults);
    const { id } = await api.create(LDP, ldp({ type: 'Employee2' }));
    expect(faultsOf(await api.put(`${LDP}/${id}`, ldp(undefinedTerms)))).toEqual(faults);
    await api.delete(`${LDP}/${id}`);
  });

  it('is refused for contexts that are neither built in nor uploaded', async () => {
    expect(faultsOf(await api.post(LDP, ldp({ contexts: [contextUrl, 'https://elsewhere.example/v1'] })))).toEqual([
      'body contexts[1]: is neither built in nor uploaded: upload it as a context first',
    ]);
  });

  it("is refused where MATTR's suite cannot do what is asked for", async () => {
    const impossible = ldp({ vcdmVersion: '2.0', revocable: true, statusPolicy: { suspendable: true, revokeOn: [] } });
    expect(faultsOf(await api.post(LDP, impossible))).toEqual([
      'body proofType: is for VCDM 1.1; for 2.0 choose one of Data Integrity',
      'body statusPolicy.suspendable: is not possible with Ed25519Signature2018, whose revocation list has no suspension',
    ]);
  });

  it('is refused for an issuerDid without a key of its suite', async () => {
    const _id = randomUUID();
    const did = `did:key:${_id}`;
    const [key] = await system()
      .db.signingKeys.find({ issuerId: 'default', purpose: 'assertion-es256', state: 'active' })
      .toArray();
    const keys = [{ keyRef: key!._id, verificationMethod: `${did}#1` }];
    await system().db.dids.insertOne({
      _id: `default/${did}`,
      issuerId: 'default',
      did,
      method: 'key',
      keys,
      createdAt: new Date(),
    });
    // A change of the issuer's records, so that the issuer looks at them again.
    const { id } = await api.create(JWT, jwt());
    expect(faultsOf(await api.post(LDP, ldp({ issuerDid: did })))).toEqual([
      'body issuerDid: has no active EdDSA key, with which these credentials are signed',
    ]);
    const usable = await api.create(LDP, ldp({ type: 'Employee3', issuerDid: did, proofType: 'ecdsa-rdfc-2019' }));
    for (const path of [`${JWT}/${id}`, `${LDP}/${usable.id}`]) await api.delete(path);
    await system().db.dids.deleteOne({ _id: `default/${did}` });
  });

  it.each<[string, object, string]>([
    ['no name', { name: undefined }, 'body name: is required'],
    ['an issuer without a name', { issuer: {} }, 'body issuer.name: is required'],
    ['a logo that is no https URL', { issuer: { name: 'a', logoUrl: 'http://a.example/' } }, 'body issuer.logoUrl'],
    ['a suite that is none', { proofType: 'BbsSignature2020' }, 'body proofType'],
    ["a member of the profiles' common look", { branding: { name: 'a' } }, 'body branding: is not a known member'],
    ['a description of 1025 characters', { description: 'x'.repeat(1025) }, 'body description'],
  ])('is refused for %s', async (_what, changes, expected) => {
    expect(faultsOf(await api.post(LDP, ldp(changes)))).toEqual([expect.stringContaining(expected)]);
  });
});
