import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { exchange } from '../../../flows/http-exchange.js';
import { useSharedSystem } from '../../../harness/use-system.js';
import { newIssuerDid } from '../compact-signing/issuer-did.js';
import { faultsOf, ManagementClient } from '../management-client.js';

const COMPACT = '/v2/credentials/compact/configurations';
const SEMANTIC = '/v2/credentials/compact-semantic/configurations';
const BOTH = [COMPACT, SEMANTIC];

const system = useSharedSystem();
let api: ManagementClient;

beforeAll(async () => {
  api = await ManagementClient.admin(system());
});

const newType = () => `Permit-${randomUUID()}`;
const smallest = (type: unknown = newType()) => ({ type, claimMappings: { name: { mapFrom: 'claims.name' } } });

describe.each(BOTH)('%s', (path) => {
  it('makes a configuration with the documented defaults: revocable, and bound to no key', async () => {
    const body = smallest();
    const created = await api.post(path, body);
    expect(created.status).toBe(201);
    expect(created.json).toEqual({ id: created.json.id, ...body, revocable: true, holderBinding: false });
    expect((await api.get(`${path}/${created.json.id as string}`)).json).toEqual(created.json);
  });

  it('keeps every member, replaces in full, and deletes', async () => {
    const body = {
      type: newType(),
      claimMappings: {
        name: { mapFrom: 'claims.name', required: true, display: [{ name: 'Name', locale: 'en' }] },
        'address.locality': { mapFrom: 'claims.town', defaultValue: 'Wellington' },
      },
      expiresIn: { months: 6 },
      display: [{ name: 'Permit', locale: 'en', backgroundColor: '#003366' }],
      revocable: true,
      statusPolicy: { suspendable: false, revokeOn: ['user_deleted'] },
      holderBinding: true,
      issuerDid: await newIssuerDid(system()),
    };
    // Another process may have made the DID a moment ago.
    await expect.poll(async () => (await api.post(path, { ...body, type: newType() })).status).toBe(201);
    const { id, ...read } = await api.create(path, body);
    expect(read).toEqual(body);
    const replaced = await api.put(`${path}/${id}`, { ...smallest(body.type), id, revocable: false });
    expect(replaced.json).toEqual({ id, ...smallest(body.type), revocable: false, holderBinding: false });
    expect((await api.delete(`${path}/${id}`)).status).toBe(204);
    expect((await api.get(`${path}/${id}`)).status).toBe(404);
  });

  it('lists its own configurations alone, by type', async () => {
    const created = await api.create(path, smallest());
    const of = async (list: string) => (await api.get(`${list}?type=${created.type as string}`)).json.data;
    expect(await of(path)).toEqual([created]);
    for (const other of [...BOTH, '/v2/credentials/sd-jwt/configurations'].filter((list) => list !== path))
      expect(await of(other)).toEqual([]);
  });

  it('shares its types with the other of the two, and with no other profile', async () => {
    const other = BOTH.find((candidate) => candidate !== path)!;
    const { type } = await api.create(other, smallest());
    expect(faultsOf(await api.post(path, smallest(type)))).toEqual(['body type: is already the type of another configuration']);
    await api.create('/v2/credentials/sd-jwt/configurations', smallest(type));
  });

  it.each<[string, Readonly<Record<string, unknown>>, string]>([
    ['branding, which it has none of', { branding: { name: 'A' } }, 'body branding: is not a known member'],
    ['a DID of somebody else', { issuerDid: 'did:web:elsewhere.example' }, 'body issuerDid: is not a DID of this issuer'],
    ['a DID that is none', { issuerDid: 'https://issuer.example' }, 'body issuerDid: must be a DID'],
    [
      'disclosure at choice',
      { claimMappings: { name: { mapFrom: 'claims.name', selectiveDisclosure: true } } },
      'body claimMappings.name.selectiveDisclosure: is not possible',
    ],
    ['an includeStatus, which is of other profiles', { includeStatus: true }, 'body includeStatus: is not a known member'],
    ['a type twice over', { type: 7 }, 'body type'],
  ])('refuses %s', async (_what, changes, expected) => {
    const faults = faultsOf(await api.post(path, { ...smallest(), ...changes }));
    expect(faults).toEqual([expect.stringContaining(expected)]);
  });

  it('tells every fault at once', async () => {
    const mapping = { mapFrom: 'claims.x', selectiveDisclosure: true };
    const issuerDid = 'did:web:elsewhere.example';
    const faults = faultsOf(await api.post(path, { type: newType(), claimMappings: { a: mapping, b: mapping }, issuerDid }));
    expect(faults).toHaveLength(3);
  });
});

describe('a compact configuration', () => {
  it('cannot map what its credentials have of themselves', async () => {
    const claimMappings = { type: { mapFrom: 'claims.x' }, jti: { mapFrom: 'claims.x' } };
    expect(faultsOf(await api.post(COMPACT, { type: newType(), claimMappings }))).toEqual([
      'body claimMappings.type: uses type, which the issuer sets itself',
      'body claimMappings.jti: uses jti, which the issuer sets itself',
    ]);
    expect((await api.post(SEMANTIC, { type: newType(), claimMappings })).status).toBe(201);
  });

  it('has one type', async () => {
    expect(faultsOf(await api.post(COMPACT, smallest([newType()])))).toHaveLength(1);
  });
});

describe('a semantic compact configuration', () => {
  it('may have several types, which are shown as they were given; the first of its own is unique', async () => {
    const [first, second] = [newType(), newType()];
    const created = await api.create(SEMANTIC, smallest(['VerifiableCredential', first, second]));
    expect(created.type).toEqual(['VerifiableCredential', first, second]);
    expect((await api.get(`${SEMANTIC}?type=${first}`)).json.data).toEqual([created]);
    expect(faultsOf(await api.post(COMPACT, smallest(first)))).toHaveLength(1);
    expect((await api.post(COMPACT, smallest(second))).status).toBe(201);
  });

  it.each([
    ['an empty list', []],
    ['a list of nothing but the base type', ['VerifiableCredential']],
    ['the base type alone', 'VerifiableCredential'],
    ['a type twice', ['a', 'a']],
    ['twenty-one types', Array.from({ length: 21 }, (_, index) => `t${index}`)],
    ['a type with white space around it', [' a']],
  ])('cannot have %s', async (_what, type) => {
    const faults = faultsOf(await api.post(SEMANTIC, smallest(type)));
    expect(faults).not.toEqual([]);
    expect(faults.every((fault) => fault.startsWith('body type'))).toBe(true);
  });
});

describe('the issuer metadata', () => {
  it('offers compact credentials as soon as they are configured', async () => {
    const compact = await api.create(COMPACT, smallest());
    const semantic = await api.create(SEMANTIC, { ...smallest(), holderBinding: true });
    const { json } = await exchange(`${system().url}/.well-known/openid-credential-issuer`);
    const offered = json.credential_configurations_supported as Readonly<Record<string, unknown>>;
    expect(offered[compact.id]).toMatchObject({ format: 'cwt', type: compact.type, scope: `cwt:${compact.type as string}` });
    expect(offered[compact.id]).not.toHaveProperty('proof_types_supported');
    expect(offered[semantic.id]).toMatchObject({
      format: 'cwt_vc',
      types: [semantic.type],
      scope: `cwt_vc:${semantic.type as string}`,
      cryptographic_binding_methods_supported: ['cose_key'],
    });
  });
});
