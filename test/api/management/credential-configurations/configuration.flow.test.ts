import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { useSharedSystem } from '../../../harness/use-system.js';
import { faultsOf, ManagementClient } from '../management-client.js';

const PATH = '/v2/credentials/sd-jwt/configurations';
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

const system = useSharedSystem();
let api: ManagementClient;

beforeAll(async () => {
  api = await ManagementClient.admin(system());
});

const newType = () => `urn:test:${randomUUID()}`;
const smallest = (type = newType()) => ({ type, claimMappings: { name: { mapFrom: 'claims.name' } } });

/** Every member there is. */
const largest = (claimSourceId: string) => ({
  type: newType(),
  claimMappings: {
    given_name: {
      mapFrom: 'claims.given_name',
      defaultValue: 'Somebody',
      required: true,
      selectiveDisclosure: false,
      display: [{ name: 'First name', locale: 'en-NZ', description: 'As in the passport' }, { name: 'Name' }],
    },
    address: { selectiveDisclosure: true },
    'address.locality': { mapFrom: 'claims.home.city' },
    "['https://example.com/tier']": { mapFrom: "claims['https://example.com/tier']" },
    areas: { defaultValue: ['a', { deep: [1, null, true] }], selectiveDisclosureOfElements: true },
  },
  claimSourceId,
  expiresIn: { years: 1, months: 2, weeks: 3, days: 4, hours: 5, minutes: 6, seconds: 7 },
  branding: {
    name: 'Staff badge',
    description: 'For doors',
    backgroundColor: '#0b3d91',
    textColor: '#FFFFFF',
    watermarkImage: 'https://issuer.example/watermark.png',
    issuerLogo: 'data:image/png;base64,iVBORw0KGgo=',
    issuerIcon: 'data:image/svg+xml;base64,PHN2Zy8+',
  },
  display: [
    {
      name: 'Staff badge',
      locale: 'en-NZ',
      description: 'For doors',
      logo: { uri: 'https://issuer.example/logo.png', altText: 'A key' },
      backgroundColor: '#000000',
      textColor: '#ffffff',
      backgroundImage: { uri: 'https://issuer.example/back.png' },
    },
    { name: 'Dienstausweis', locale: 'de' },
  ],
  includeStatus: true,
  statusPolicy: { suspendable: true, revokeOn: ['withdrawn', 'user_deleted'] },
  decoyDigests: 5,
  legacyFormat: true,
  holderBinding: false,
});

async function newSource(): Promise<string> {
  const source = {
    name: 'a',
    url: 'https://claims.example/a',
    requestParameters: {},
    authorization: { type: 'api-key', value: 'x' },
  };
  return (await api.create('/v1/claim-sources', source)).id;
}

describe('a credential configuration', () => {
  it('is created with 201, and read back as it was given', async () => {
    const body = largest(await newSource());
    const created = await api.post(PATH, body);
    expect(created.status).toBe(201);
    expect(created.headers.get('cache-control')).toBe('no-store');
    expect(created.json).toEqual({ id: expect.stringMatching(UUID) as string, ...body });
    const read = await api.get(`${PATH}/${created.json.id as string}`);
    expect([read.status, read.text]).toEqual([200, created.text]);
  });

  it('needs no more than a type and claim mappings; holderBinding is true by default', async () => {
    const body = smallest();
    const created = await api.post(PATH, body);
    expect(created.json).toEqual({ id: created.json.id, ...body, holderBinding: true, includeStatus: false });
    expect((await api.post(PATH, { type: newType(), claimMappings: {} })).status).toBe(201);
  });

  it('is replaced in full by PUT: what the request leaves out is gone', async () => {
    const { id } = await api.create(PATH, largest(await newSource()));
    const body = smallest();
    const replaced = await api.put(`${PATH}/${id}`, body);
    expect([replaced.status, replaced.json]).toEqual([200, { id, ...body, holderBinding: true, includeStatus: false }]);
    expect((await api.get(`${PATH}/${id}`)).text).toBe(replaced.text);
  });

  it('may be written back as it was read; the id in the path counts', async () => {
    const { id } = await api.create(PATH, smallest());
    const { json, text } = await api.get(`${PATH}/${id}`);
    expect((await api.put(`${PATH}/${id}`, { ...json, id: randomUUID() })).text).toBe(text);
  });

  it('SDV-10 with vctIntegrity keeps its type metadata: a change of it is refused, and any other is not', async () => {
    const body = { ...smallest(randomUUID()), vctIntegrity: true };
    const { id } = await api.create(PATH, body);
    const changed = { ...body, claimMappings: { name: { mapFrom: 'claims.name', selectiveDisclosure: false } } };
    expect(faultsOf(await api.put(`${PATH}/${id}`, changed))).toEqual([expect.stringContaining('type metadata')]);
    expect((await api.put(`${PATH}/${id}`, { ...body, expiresIn: { days: 3 } })).status).toBe(200);
  });

  it('SDV-10 with vctIntegrity needs a vct whose type metadata is served here', async () => {
    const refused = await api.post(PATH, { ...smallest(), vctIntegrity: true });
    expect(faultsOf(refused)).toEqual([expect.stringContaining('body vctIntegrity')]);
  });

  it('is deleted with 204 and then not there', async () => {
    const { id } = await api.create(PATH, smallest());
    const deleted = await api.delete(`${PATH}/${id}`);
    expect([deleted.status, deleted.text]).toEqual([204, '']);
    for (const answer of [
      await api.get(`${PATH}/${id}`),
      await api.put(`${PATH}/${id}`, smallest()),
      await api.delete(`${PATH}/${id}`),
    ]) {
      expect([answer.status, answer.json]).toEqual([
        404,
        {
          code: 'NotFound',
          message: 'Resource Not Found',
          details: [{ value: id, msg: 'Resource Not Found', param: 'id', location: 'params' }],
        },
      ]);
    }
  });

  it.each(['none', '1', randomUUID().toUpperCase(), `${randomUUID()}x`, '%00', '%2e%2e', '$ne', '__proto__'])(
    'with the id %s is not there',
    async (id) => {
      const answer = await api.get(`${PATH}/${id}`);
      expect([answer.status, answer.json.code]).toEqual([404, 'NotFound']);
    },
  );
});
