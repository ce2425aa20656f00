import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { useSharedSystem } from '../../../harness/use-system.js';
import { ManagementClient, placesOf } from '../management-client.js';

const PATH = '/v1/claim-sources';

const system = useSharedSystem();
let api: ManagementClient;

beforeAll(async () => {
  api = await ManagementClient.admin(system());
});

const SMALLEST = {
  name: 'Register',
  url: 'https://claims.example/persons',
  requestParameters: {},
  authorization: { type: 'api-key', value: 'a-key-of-some-length-61m1J' },
};
const LARGEST = {
  name: 'Register',
  url: 'https://claims.example:8443/persons',
  requestMethod: 'POST',
  requestParameters: {
    email: { mapFrom: 'claims.email' },
    country: { mapFrom: "claims['https://example.com/country']", defaultValue: 'NZ' },
    purpose: { defaultValue: { code: 7, of: ['a', null] } },
    kind: { mapFrom: 'credentialConfiguration.type' },
    '$where.a': { defaultValue: 0 },
  },
  authorization: {
    type: 'oauth-client-credentials',
    tokenEndpoint: 'https://login.example/token',
    clientId: 'chancery',
    clientSecret: 'a-secret-of-some-length-61m1J',
    scope: 'claims:read',
    audience: 'https://claims.example',
    tokenEndpointAuthMethod: 'client_secret_post',
  },
  onFailure: 'continue',
};
const MASKED = '****61m1J';

describe('a claims source', () => {
  it('is created with 201 and read back with its secret masked', async () => {
    const created = await api.post(PATH, SMALLEST);
    expect(created.status).toBe(201);
    expect(created.json).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      ...SMALLEST,
      requestMethod: 'GET',
      authorization: { type: 'api-key', value: MASKED },
      onFailure: 'fail',
    });
    expect((await api.get(`${PATH}/${created.json.id as string}`)).text).toBe(created.text);
  });

  it('keeps every member it may have', async () => {
    const created = await api.create(PATH, LARGEST);
    expect(created).toEqual({
      id: created.id,
      ...LARGEST,
      authorization: { ...LARGEST.authorization, clientSecret: MASKED },
    });
    expect((await api.get(`${PATH}/${created.id}`)).json).toEqual(created);
  });

  it('is replaced in full by PUT', async () => {
    const { id } = await api.create(PATH, LARGEST);
    const replaced = await api.put(`${PATH}/${id}`, SMALLEST);
    expect(replaced.status).toBe(200);
    expect(replaced.json).toMatchObject({ id, requestMethod: 'GET', onFailure: 'fail', requestParameters: {} });
    expect((await api.get(`${PATH}/${id}`)).text).toBe(replaced.text);
  });

  it('is deleted with 204 and then not there', async () => {
    const { id } = await api.create(PATH, SMALLEST);
    const deleted = await api.delete(`${PATH}/${id}`);
    expect([deleted.status, deleted.text]).toEqual([204, '']);
    for (const missing of [id, randomUUID(), 'none', '$ne']) {
      for (const answer of [
        await api.get(`${PATH}/${missing}`),
        await api.put(`${PATH}/${missing}`, SMALLEST),
        await api.delete(`${PATH}/${missing}`),
      ]) {
        expect([answer.status, answer.json.code]).toEqual([404, 'NotFound']);
      }
    }
  });

  it('cannot be deleted while a configuration uses it: 409 that names the configuration', async () => {
    const { id } = await api.create(PATH, SMALLEST);
    const configuration = { type: `urn:test:${randomUUID()}`, claimMappings: {}, claimSourceId: id };
    const user = await api.create('/v2/credentials/sd-jwt/configurations', configuration);
    const refused = await api.delete(`${PATH}/${id}`);
    expect([refused.status, refused.json]).toEqual([
      409,
      { code: 'Conflict', message: `The claims source is used by the credential configuration ${user.id}` },
    ]);
    expect((await api.get(`${PATH}/${id}`)).status).toBe(200);
    await api.delete(`/v2/credentials/sd-jwt/configurations/${user.id}`);
    expect((await api.delete(`${PATH}/${id}`)).status).toBe(204);
  });

  it('is never lacking where it is deleted while a configuration that uses it is made', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { id } = await api.create(PATH, SMALLEST);
      const configuration = { type: `urn:test:${randomUUID()}`, claimMappings: {}, claimSourceId: id };
      const [created] = await Promise.all([
        api.post('/v2/credentials/sd-jwt/configurations', configuration),
        api.delete(`${PATH}/${id}`),
      ]);
      const source = await api.get(`${PATH}/${id}`);
      if (created.status === 201) expect(source.status).toBe(200);
      else expect([created.status, placesOf(created)]).toEqual([400, ['body claimSourceId']]);
    }
  });

  it('has the older path, too', async () => {
    const created = await api.post('/v1/claimsources', SMALLEST);
    expect(created.status).toBe(201);
    const one = `/v1/claimsources/${created.json.id as string}`;
    expect((await api.get(one)).text).toBe(created.text);
    expect((await api.put(one, SMALLEST)).status).toBe(200);
    expect((await api.get('/v1/claimsources?limit=1')).status).toBe(200);
    expect((await api.delete(one)).status).toBe(204);
  });
});

describe('the list of claims sources', () => {
  it('is oldest first, pages by limit and cursor, and masks secrets', async () => {
    const ids: string[] = [];
    for (let index = 0; index < 3; index += 1) ids.push((await api.create(PATH, SMALLEST)).id);
    const pages = await api.pages<{ id: string }>(PATH, { limit: '2' });
    expect(pages.slice(0, -1).every((page) => page.length === 2)).toBe(true);
    expect(
      pages
        .flat()
        .map(({ id }) => id)
        .filter((id) => ids.includes(id)),
    ).toEqual(ids);
    expect(JSON.stringify(pages)).not.toContain(SMALLEST.authorization.value);
  });

  it.each(['limit=0', 'limit=1001', 'cursor=nonsense'])('refuses %s', async (query) => {
    expect(placesOf(await api.get(`${PATH}?${query}`))).toEqual([`query ${query.split('=')[0] ?? ''}`]);
  });
});
