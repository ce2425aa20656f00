import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DRIVING_LICENCE } from '../../../credentials/mso-mdoc/driving-licence.js';
import { exchange } from '../../../flows/http-exchange.js';
import { useSharedSystem } from '../../../harness/use-system.js';
import { faultsOf, ManagementClient, placesOf } from '../management-client.js';
import { IacaInUse } from './iaca-in-use.js';

const PATH = '/v2/credentials/mobile/configurations';
const NAMESPACE = 'org.example.library.1';
const NAME = { mapFrom: 'claims.name' };
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

const system = useSharedSystem();
let api: ManagementClient;
let inUse: IacaInUse;

beforeAll(async () => {
  api = await ManagementClient.admin(system());
  inUse = await IacaInUse.start(system());
});
afterAll(() => inUse.stop());

const newType = () => `org.example.${randomUUID()}.card`;
const smallest = () => ({ type: newType(), claimMappings: { [NAMESPACE]: { name: NAME } }, expiresIn: { months: 1 } });
const largest = () => ({
  type: newType(),
  claimMappings: {
    [NAMESPACE]: {
      name: { ...NAME, required: true, type: 'string', display: [{ name: 'Name', locale: 'en' }] },
      born: { mapFrom: 'claims.born', type: 'fullDate' },
      tier: { defaultValue: 3, type: 'int' },
    },
    'org.example.extra.1': { flags: { mapFrom: 'claims.flags', defaultValue: ['a', { b: null }], type: 'array' } },
  },
  expiresIn: { years: 1, months: 2, days: 3 },
  validFrom: { mapFrom: 'claims.from' },
  validUntil: { mapFrom: "claims['valid until']" },
  branding: {
    name: 'Library card',
    description: 'For books',
    backgroundColor: '#0b3d91',
    watermarkImage: 'https://issuer.example/watermark.png',
    issuerLogo: 'data:image/png;base64,iVBORw0KGgo=',
    issuerIcon: 'data:image/svg+xml;base64,PHN2Zy8+',
  },
  display: [{ name: 'Bibliotheksausweis', locale: 'de' }],
  includeStatus: true,
  statusPolicy: { suspendable: true, revokeOn: ['withdrawn', 'user_deleted'] },
});
const create = (changes: Readonly<Record<string, unknown>>) => api.post(PATH, { ...smallest(), ...changes });
const mapped = (mapping: unknown) => ({ claimMappings: { [NAMESPACE]: { name: mapping } } });

describe('a mobile configuration', () => {
  it('is created with 201, read, replaced in full, listed by type and deleted', async () => {
    const body = largest();
    const created = await api.post(PATH, body);
    expect([created.status, created.json]).toEqual([201, { id: expect.stringMatching(UUID) as string, ...body }]);
    const path = `${PATH}/${created.json.id as string}`;
    expect((await api.get(path)).text).toBe(created.text);
    expect((await api.get(`${PATH}?type=${body.type}`)).json.data).toEqual([created.json]);
    expect((await api.put(path, created.json)).text).toBe(created.text);
    const small = smallest();
    const replaced = await api.put(path, small);
    expect([replaced.status, replaced.json]).toEqual([200, { id: created.json.id, ...small, includeStatus: false }]);
    expect((await api.delete(path)).status).toBe(204);
    expect((await api.get(path)).status).toBe(404);
  });

  it('is of no other profile, and its type may be one of another', async () => {
    const { id, type } = await api.create(PATH, smallest());
    expect((await api.get(`/v2/credentials/sd-jwt/configurations/${id}`)).status).toBe(404);
    expect(faultsOf(await create({ type }))).toEqual(['body type: is already the type of another configuration']);
    expect((await api.post('/v2/credentials/sd-jwt/configurations', { type, claimMappings: {} })).status).toBe(201);
  });

  it('MET-10 MET-17 is in the issuer metadata: binding cose_key, algorithms as COSE numbers, claims by namespace and element', async () => {
    const { id, type } = await api.create(PATH, largest());
    const metadata = await exchange(`${system().url}/.well-known/openid-credential-issuer`);
    const entries = metadata.json.credential_configurations_supported as Readonly<
      Record<string, Readonly<Record<string, unknown>>>
    >;
    expect(entries[id]).toMatchObject({
      format: 'mso_mdoc',
      doctype: type,
      scope: `mso_mdoc:${String(type)}`,
      cryptographic_binding_methods_supported: ['cose_key'],
      credential_signing_alg_values_supported: [-7, -9],
      credential_metadata: {
        display: [{ name: 'Bibliotheksausweis', locale: 'de' }],
        claims: [
          { path: [NAMESPACE, 'name'], mandatory: true, display: [{ name: 'Name', locale: 'en' }] },
          { path: [NAMESPACE, 'born'] },
          { path: [NAMESPACE, 'tier'], mandatory: true },
          { path: ['org.example.extra.1', 'flags'], mandatory: true },
        ],
      },
    });
  });

  it('is in the event log, by ids alone', async () => {
    const { id } = await api.create(PATH, smallest());
    const events = await api.get('/v1/events?types=MOBILE_CREDENTIAL_CONFIGURATION_CREATE_SUCCESS&limit=100');
    const found = (events.json.data as { category: string; data: object }[]).find(({ data }) =>
      JSON.stringify(data).includes(id),
    );
    expect(found).toMatchObject({ category: 'MOBILE_CREDENTIAL', data: { credentialConfigurationId: id } });
  });
});

describe('a mobile configuration is refused for', () => {
  it.each<[string, Readonly<Record<string, unknown>>, string]>([
    ['no expiresIn', { expiresIn: undefined }, 'body expiresIn: is required'],
    ['an expiresIn of more than 3620 days', { expiresIn: { days: 3621 } }, 'body expiresIn: must not be longer than 3620 days'],
    ['a licence of more than 427 days', { type: DRIVING_LICENCE.type, expiresIn: { days: 428 } }, 'body expiresIn: must not be'],
    ['another region’s licence of 2 years', { type: 'org.iso.18013.5.1.aamva.mDL', expiresIn: { years: 2 } }, 'body expiresIn'],
    ['no mapping', { claimMappings: {} }, 'body claimMappings: are none'],
    ['a namespace of none', { claimMappings: { [NAMESPACE]: {} } }, 'body claimMappings: are none'],
    ['mappings that are flat', { claimMappings: { name: NAME } }, 'body claimMappings.name.mapFrom'],
    ['an unknown type', mapped({ ...NAME, type: 'date' }), `body claimMappings.${NAMESPACE}.name.type: Invalid option`],
    ['a mapFrom from elsewhere', mapped({ mapFrom: 'env.HOME' }), `.name.mapFrom: must begin with claims.`],
    ['neither mapFrom nor defaultValue', mapped({ required: true }), '.name: needs mapFrom or defaultValue'],
    [
      'a selective disclosure',
      mapped({ ...NAME, selectiveDisclosure: true }),
      '.name.selectiveDisclosure: is not a known member',
    ],
    ['a validFrom from elsewhere', { validFrom: { mapFrom: 'x.y' } }, 'body validFrom.mapFrom: must begin with claims.'],
    ['a validUntil that is fixed', { validUntil: '2030-01-01' }, 'body validUntil'],
    ['an empty name', { claimMappings: { [NAMESPACE]: { '': NAME } } }, 'has an empty name'],
    ['a name with a slash', { claimMappings: { [NAMESPACE]: { 'a/b': NAME } } }, 'has a slash in its name'],
    ['a holderBinding', { holderBinding: false }, 'body holderBinding: is not a known member'],
    ['an unknown claim source', { claimSourceId: randomUUID() }, 'body claimSourceId: is not the id of a claims source'],
  ])('%s', async (_what, changes, expected) => {
    const faults = faultsOf(await create(changes));
    expect(faults.join('\n')).toContain(expected);
    expect(new Set(faults).size).toBe(faults.length);
  });

  it.each([
    ['string', 1],
    ['string', 'x'.repeat(70_000)],
    ['int', 1.5],
    ['int', '1'],
    ['number', 'x'],
    ['boolean', 'true'],
    ['dateTime', '2026-02-30T00:00:00Z'],
    ['fullDate', '2026-02-30'],
    ['bytes', '%%%'],
    ['object', []],
    ['array', {}],
    ['drivingPrivileges', [{ vehicle_category_code: 1 }]],
    ['string', null],
  ])('a defaultValue that is no %s', async (type, defaultValue) => {
    const answer = await create(mapped({ defaultValue, type }));
    expect(faultsOf(answer)).toEqual([
      `body claimMappings.${NAMESPACE}.name.defaultValue: is no value of the type ${type} that the claim can have`,
    ]);
  });

  it('more than 300 claims, or 20 namespaces', async () => {
    const many = Object.fromEntries(Array.from({ length: 301 }, (_, index) => [`e${index}`, NAME]));
    expect(faultsOf(await create({ claimMappings: { [NAMESPACE]: many } }))).toEqual([
      'body claimMappings: are more than 300 claims',
    ]);
    const wide = Object.fromEntries(Array.from({ length: 21 }, (_, index) => [`n${index}`, { name: NAME }]));
    expect(faultsOf(await create({ claimMappings: wide }))).toEqual(['body claimMappings: are of more than 20 namespaces']);
  });

  it('all faults at once', async () => {
    const answer = await create({
      type: 'org.iso.18013.5.1.mDL',
      claimMappings: {
        [NAMESPACE]: {
          a: { mapFrom: 'claims.a', type: 'date' },
          b: { mapFrom: 'env.x' },
          c: { defaultValue: 'secret-value', type: 'int' },
          d: {},
          e: 'claims.e',
        },
        ' ': { f: NAME },
      },
      expiresIn: { years: 5 },
      validFrom: { mapFrom: 'env.x' },
      validUntil: { mapTo: 'x' },
      branding: { backgroundColor: 'red' },
      holderBinding: true,
    });
    expect(placesOf(answer)).toEqual([
      'body branding.backgroundColor',
      'body branding.name',
      'body claimMappings. ',
      `body claimMappings.${NAMESPACE}.a.type`,
      `body claimMappings.${NAMESPACE}.b.mapFrom`,
      `body claimMappings.${NAMESPACE}.c.defaultValue`,
      `body claimMappings.${NAMESPACE}.d`,
      `body claimMappings.${NAMESPACE}.e`,
      'body expiresIn',
      'body holderBinding',
      'body validFrom.mapFrom',
      'body validUntil.mapFrom',
      'body validUntil.mapTo',
    ]);
    expect(answer.text).not.toContain('secret-value');
  });
});

describe('without an active IACA', () => {
  it('no mobile configuration is made or replaced, and the answer says what to do', async () => {
    const { id } = await api.create(PATH, smallest());
    await inUse.setActive(false);
    for (const answer of [await api.post(PATH, smallest()), await api.put(`${PATH}/${id}`, smallest())]) {
      expect(faultsOf(answer)).toEqual([
        expect.stringMatching(/^body type: needs an active IACA .*\/v2\/credentials\/mobile\/iacas/),
      ]);
    }
    expect((await api.get(`${PATH}/${id}`)).status).toBe(200);
    await inUse.setActive(true);
    expect((await api.post(PATH, smallest())).status).toBe(201);
  });
});
