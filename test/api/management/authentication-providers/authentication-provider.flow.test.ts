import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OfferState } from '../../../../store/documents.js';
import { DEFAULT_ISSUER_ID } from '../../../../store/issuer-directory.js';
import { useOwnProcesses } from '../../../harness/use-system.js';
import { ManagementClient, placesOf } from '../management-client.js';
import { answering, discoveryDocument, startDiscoveryServer, type DiscoveryServer } from './discovery-server.js';

const PATH = '/v1/users/authentication-providers';
const SECRET = 'a-secret-of-some-length-61m1J';
const MASKED = '****61m1J';

const system = useOwnProcesses({ env: { OUTBOUND_ALLOWED_HOSTS: 'localhost' } });
let api: ManagementClient;
let others: DiscoveryServer;

beforeAll(async () => {
  [api, others] = await Promise.all([ManagementClient.admin(system()), startDiscoveryServer()]);
});
afterAll(() => others.stop());

const smallest = (url = others.provider()) => ({ url, clientId: 'chancery', clientSecret: SECRET });
const largest = () => ({
  ...smallest(
    others.provider((issuer) => answering({ ...discoveryDocument(issuer), userinfo_endpoint: 'https://login.nz/userinfo' })),
  ),
  scope: ['openid', 'address', 'https://login.nz/scope'],
  tokenEndpointAuthMethod: 'client_secret_post',
  staticRequestParameters: { prompt: 'login', max_age: 0, claims: { id_token: { email: null } }, '$where.a': ['b', true] },
  forwardedRequestParameters: ['login_hint', 'ui_locales'],
  claimsToPersist: ['email', 'https://login.nz/claims.member'],
  userinfo: true,
});

describe('an authentication provider', () => {
  it('is created with 201 and its defaults, and read back with its secret masked', async () => {
    const body = smallest();
    const created = await api.post(PATH, body);
    expect(created.status).toBe(201);
    expect(created.json).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      ...body,
      clientSecret: MASKED,
      scope: ['openid', 'profile', 'email'],
      tokenEndpointAuthMethod: 'client_secret_basic',
      staticRequestParameters: {},
      forwardedRequestParameters: [],
      claimsToPersist: [],
      userinfo: false,
      isDefault: expect.any(Boolean) as boolean,
      redirectUrl: `${system().url}/v1/oauth/authentication/callback`,
    });
    expect((await api.get(`${PATH}/${created.json.id as string}`)).text).toBe(created.text);
    expect(others.requests.at(-1)).toBe(`${new URL(body.url).pathname}/.well-known/openid-configuration`);
  });

  it('keeps every member it may have', async () => {
    const body = largest();
    const created = await api.create(PATH, body);
    expect(created).toMatchObject({ ...body, clientSecret: MASKED });
    expect((await api.get(`${PATH}/${created.id}`)).json).toEqual(created);
  });

  it('is stored as the contract says, the secret sealed', async () => {
    const { id } = await api.create(PATH, largest());
    const stored = await system().db.authenticationProviders.findOne({ _id: id });
    expect(stored).toMatchObject({
      issuerId: DEFAULT_ISSUER_ID,
      staticRequestParameters: { '$where.a': ['b', true] },
      userinfo: true,
      maskedSecret: MASKED,
    });
    expect(JSON.stringify(stored)).not.toContain(SECRET);
  });

  it('may be a client without a secret', async () => {
    const { clientSecret: _none, ...body } = { ...smallest(), tokenEndpointAuthMethod: 'none' };
    const created = await api.create(PATH, body);
    expect(created).not.toHaveProperty('clientSecret');
    expect((await api.put(`${PATH}/${created.id}`, created)).json).toEqual(created);
  });

  it('may have an issuer with or without the slash', async () => {
    const url = others.provider((issuer) => answering({ ...discoveryDocument(issuer), issuer: `${issuer}/` }));
    for (const given of [url, `${url}/`]) expect((await api.create(PATH, smallest(given))).url).toBe(given);
  });

  it('is replaced in full by PUT, and may be written back as it was read', async () => {
    const created = await api.create(PATH, largest());
    expect((await api.put(`${PATH}/${created.id}`, created)).json).toEqual(created);
    const replaced = await api.put(`${PATH}/${created.id}`, smallest());
    expect(replaced.status).toBe(200);
    expect(replaced.json).toMatchObject({ id: created.id, staticRequestParameters: {}, claimsToPersist: [], userinfo: false });
    expect((await api.get(`${PATH}/${created.id}`)).text).toBe(replaced.text);
  });

  it('is not replaced by one that does not answer', async () => {
    const { id } = await api.create(PATH, smallest());
    const before = await api.get(`${PATH}/${id}`);
    expect(placesOf(await api.put(`${PATH}/${id}`, smallest(`${others.url}/nobody`)))).toEqual(['body url']);
    expect((await api.get(`${PATH}/${id}`)).text).toBe(before.text);
  });

  it('is deleted with 204 and then not there', async () => {
    const { id } = await api.create(PATH, smallest());
    const deleted = await api.delete(`${PATH}/${id}`);
    expect([deleted.status, deleted.text]).toEqual([204, '']);
    for (const missing of [id, randomUUID(), 'none', '$ne']) {
      for (const answer of [
        await api.get(`${PATH}/${missing}`),
        await api.put(`${PATH}/${missing}`, smallest()),
        await api.delete(`${PATH}/${missing}`),
      ]) {
        expect([answer.status, answer.json.code]).toEqual([404, 'NotFound']);
      }
    }
  });

  const offer = async (authenticationProviderId: string, state: OfferState) => {
    const _id = randomBytes(16).toString('base64url');
    await system().db.offers.insertOne({
      _id,
      issuerId: DEFAULT_ISSUER_ID,
      configurationIds: [randomUUID()],
      authenticationProviderId,
      state,
      correlationId: randomUUID(),
      createdAt: new Date(),
    });
    return _id;
  };

  it.each(['active', 'paused'] as const)('cannot be deleted while an offer that is %s uses it: 409', async (state) => {
    const { id } = await api.create(PATH, smallest());
    const offerId = await offer(id, state);
    const before = await api.get(PATH);
    const refused = await api.delete(`${PATH}/${id}`);
    expect([refused.status, refused.json]).toEqual([
      409,
      { code: 'Conflict', message: `The authentication provider is used by the offer ${offerId}` },
    ]);
    expect((await api.get(PATH)).text).toBe(before.text);
    await system().db.offers.updateOne({ _id: offerId }, { $set: { state: 'revoked' } });
    expect((await api.delete(`${PATH}/${id}`)).status).toBe(204);
  });

  it('can be deleted when its offers are over, and when they are those of another', async () => {
    const { id } = await api.create(PATH, smallest());
    await offer(id, 'expired');
    await offer(id, 'revoked');
    await offer((await api.create(PATH, smallest())).id, 'active');
    expect((await api.delete(`${PATH}/${id}`)).status).toBe(204);
  });

  it('has the older path, too', async () => {
    const old = '/v1/users/authenticationproviders';
    const created = await api.post(old, smallest());
    expect(created.status).toBe(201);
    const one = `${old}/${created.json.id as string}`;
    expect((await api.get(one)).text).toBe(created.text);
    expect((await api.put(one, smallest())).status).toBe(200);
    expect((await api.get(`${old}?limit=1`)).status).toBe(200);
    expect((await api.delete(one)).status).toBe(204);
  });

  it('shows in the events by its id alone', async () => {
    const created = await api.post(PATH, smallest());
    const events = await api.get(`/v1/events?requestIds=${created.headers.get('x-request-id') ?? ''}`);
    const { data } = events.json as { data: { type: string; category: string; data: unknown }[] };
    expect(data.find(({ type }) => type.endsWith('_SUCCESS'))).toMatchObject({
      type: 'USER_AUTHENTICATION_PROVIDER_CREATE_SUCCESS',
      category: 'USER',
      data: { authenticationProviderId: created.json.id },
    });
  });

  it('has errors in the shape of the management API, for what has no such path or method as well', async () => {
    const wrong = await api.call('PATCH', PATH);
    expect([wrong.status, wrong.json.code, wrong.headers.get('allow')]).toEqual([
      405,
      'MethodNotAllowed',
      'GET, POST, HEAD, OPTIONS',
    ]);
    expect((await api.get('/v1/users/authentication')).json.code).toBe('NotFound');
  });
});

describe('the list of authentication providers', () => {
  it('is oldest first, pages by limit and cursor, and masks secrets', async () => {
    const ids: string[] = [];
    for (let index = 0; index < 3; index += 1) ids.push((await api.create(PATH, smallest())).id);
    const pages = await api.pages<{ id: string }>(PATH, { limit: '2' });
    expect(pages.slice(0, -1).every((page) => page.length === 2)).toBe(true);
    expect(
      pages
        .flat()
        .map(({ id }) => id)
        .filter((id) => ids.includes(id)),
    ).toEqual(ids);
    expect(JSON.stringify(pages)).not.toContain(SECRET);
  });

  it.each(['limit=0', 'limit=1001', 'cursor=nonsense'])('refuses %s', async (query) => {
    expect(placesOf(await api.get(`${PATH}?${query}`))).toEqual([`query ${query.split('=')[0] ?? ''}`]);
  });
});
