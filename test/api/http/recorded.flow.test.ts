import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IssuerBackend, type Offer } from '../../flows/issuer-backend.js';
import { PlainWallet, type Answer } from '../../flows/plain-wallet.js';
import { useOwnProcesses } from '../../harness/use-system.js';
import { startDiscoveryServer, type DiscoveryServer } from '../management/authentication-providers/discovery-server.js';
import { ManagementClient, send } from '../management/management-client.js';

interface Event {
  readonly type: string;
  readonly clientId?: string;
  readonly data: Readonly<Record<string, unknown>>;
}

const CONFIGURATIONS = '/v2/credentials/sd-jwt/configurations';
const SOURCES = '/v1/claim-sources';
const PROVIDERS = '/v1/users/authentication-providers';
const OFFERS = '/v1/openid/offers/pre-authorized';
const USERS = '/v1/users';
const CLIENTS = '/v1/oauth/clients';
const REUSABLE = '/v1/openid/offers';
const SOURCE = {
  name: 'a',
  url: 'https://claims.example',
  requestParameters: {},
  authorization: { type: 'api-key', value: 'x' },
};
const CLIENT = { name: 'a', redirectUris: ['https://wallet.example/callback'] };

const system = useOwnProcesses({ env: { OUTBOUND_ALLOWED_HOSTS: 'localhost' } });
let api: ManagementClient;
let others: DiscoveryServer;

beforeAll(async () => {
  [api, others] = await Promise.all([ManagementClient.withRoles(system(), 'issuer'), startDiscoveryServer()]);
});
afterAll(() => others.stop());

/** Events that a filter finds, newest first. */
const find = async (query: Readonly<Record<string, string>>): Promise<Event[]> =>
  (await api.pages<Event>('/v1/events', query)).flat();
const eventsOf = (answer: Answer): Promise<Event[]> => find({ requestIds: answer.headers.get('x-request-id') ?? '' });
const typesOf = async (answer: Answer): Promise<string[]> => (await eventsOf(answer)).map(({ type }) => type);
const configuration = () => ({ type: `urn:test:${randomUUID()}`, claimMappings: { name: { mapFrom: 'claims.name' } } });
const provider = () => ({ url: others.provider(), clientId: 'chancery', clientSecret: 'x' });

describe('each management operation is in the event log by the name MATTR gives it', () => {
  it.each<[string, () => Promise<Answer>]>([
    ['CREDENTIAL_SD_JWT_CREDENTIAL_CONFIGURATION_CREATE', () => api.post(CONFIGURATIONS, configuration())],
    ['CREDENTIAL_SD_JWT_CREDENTIAL_CONFIGURATION_RETRIEVE_LIST', () => api.get(CONFIGURATIONS)],
    [
      'CREDENTIAL_SD_JWT_CREDENTIAL_CONFIGURATION_RETRIEVE',
      async () => api.get(`${CONFIGURATIONS}/${(await api.create(CONFIGURATIONS, configuration())).id}`),
    ],
    [
      'CREDENTIAL_SD_JWT_CREDENTIAL_CONFIGURATION_UPDATE',
      async () => api.put(`${CONFIGURATIONS}/${(await api.create(CONFIGURATIONS, configuration())).id}`, configuration()),
    ],
    [
      'CREDENTIAL_SD_JWT_CREDENTIAL_CONFIGURATION_DELETE',
      async () => api.delete(`${CONFIGURATIONS}/${(await api.create(CONFIGURATIONS, configuration())).id}`),
    ],
    ['CLAIM_SOURCE_CREATE', () => api.post(SOURCES, SOURCE)],
    ['CLAIM_SOURCE_RETRIEVE_LIST', () => api.get(SOURCES)],
    ['CLAIM_SOURCE_RETRIEVE', async () => api.get(`${SOURCES}/${(await api.create(SOURCES, SOURCE)).id}`)],
    ['CLAIM_SOURCE_UPDATE', async () => api.put(`${SOURCES}/${(await api.create(SOURCES, SOURCE)).id}`, SOURCE)],
    ['CLAIM_SOURCE_DELETE', async () => api.delete(`${SOURCES}/${(await api.create(SOURCES, SOURCE)).id}`)],
    ['USER_AUTHENTICATION_PROVIDER_CREATE', () => api.post(PROVIDERS, provider())],
    ['USER_AUTHENTICATION_PROVIDER_RETRIEVE_LIST', () => api.get(PROVIDERS)],
    [
      'USER_AUTHENTICATION_PROVIDER_RETRIEVE',
      async () => api.get(`${PROVIDERS}/${(await api.create(PROVIDERS, provider())).id}`),
    ],
    [
      'USER_AUTHENTICATION_PROVIDER_UPDATE',
      async () => api.put(`${PROVIDERS}/${(await api.create(PROVIDERS, provider())).id}`, provider()),
    ],
    [
      'USER_AUTHENTICATION_PROVIDER_DELETE',
      async () => api.delete(`${PROVIDERS}/${(await api.create(PROVIDERS, provider())).id}`),
    ],
    ['CREDENTIAL_PROVIDER_OPENID_CONFIGURATION_UPDATE', () => api.put('/v1/openid/configuration', {})],
    ['CREDENTIAL_PROVIDER_OPENID_CONFIGURATION_RETRIEVE', () => api.get('/v1/openid/configuration')],
    ['OPENID_PRE_AUTHORIZED_OFFER_CREATE', async () => api.post(OFFERS, await offerBody())],
    ['OPENID_PRE_AUTHORIZED_OFFER_RETRIEVE_LIST', () => api.get(`${OFFERS}?limit=1`)],
    [
      'OPENID_PRE_AUTHORIZED_OFFER_RETRIEVE',
      async () => api.get(`${OFFERS}/${(await api.create(OFFERS, await offerBody())).id}`),
    ],
    [
      'OPENID_PRE_AUTHORIZED_OFFER_DELETE',
      async () => api.delete(`${OFFERS}/${(await api.create(OFFERS, await offerBody())).id}`),
    ],
    ['USER_CREATE', () => api.post(USERS, {})],
    ['USER_RETRIEVE_LIST', () => api.get(`${USERS}?limit=1`)],
    ['USER_SEARCH', () => api.post(`${USERS}/search`, { limit: 1 })],
    ['USER_RETRIEVE', async () => api.get(`${USERS}/${(await api.create(USERS, {})).id}`)],
    ['USER_UPDATE', async () => api.put(`${USERS}/${(await api.create(USERS, {})).id}`, {})],
    ['USER_DELETE', async () => api.delete(`${USERS}/${(await api.create(USERS, {})).id}`)],
    ['USER_CREDENTIAL_RETRIEVE_LIST', async () => api.get(`${USERS}/${(await api.create(USERS, {})).id}/credentials`)],
    ['OAUTH_CLIENT_CREATE', () => api.post(CLIENTS, CLIENT)],
    ['OAUTH_CLIENT_RETRIEVE_LIST', () => api.get(`${CLIENTS}?limit=1`)],
    ['OAUTH_CLIENT_RETRIEVE', async () => api.get(`${CLIENTS}/${(await api.create(CLIENTS, CLIENT)).id}`)],
    ['OAUTH_CLIENT_UPDATE', async () => api.put(`${CLIENTS}/${(await api.create(CLIENTS, CLIENT)).id}`, CLIENT)],
    ['OAUTH_CLIENT_DELETE', async () => api.delete(`${CLIENTS}/${(await api.create(CLIENTS, CLIENT)).id}`)],
    ['OPENID_OFFER_CREATE', async () => api.post(REUSABLE, await reusableBody())],
    ['OPENID_OFFER_RETRIEVE_LIST', () => api.get(`${REUSABLE}?limit=1`)],
    ['OPENID_OFFER_RETRIEVE', async () => api.get(await newReusable())],
    ['OPENID_OFFER_PAUSE', async () => api.post(`${await newReusable()}/pause`, undefined)],
    ['OPENID_OFFER_RESUME', async () => api.post(`${await newReusable()}/resume`, undefined)],
    ['OPENID_OFFER_DELETE', async () => api.delete(await newReusable())],
    ['ANALYTICS_EVENT_RETRIEVE_LIST', () => api.get('/v1/events?limit=1')],
  ])('%s: START, then SUCCESS, of this client', async (stem, act) => {
    const answer = await act();
    expect(answer.status).toBeLessThan(300);
    const events = await eventsOf(answer);
    expect(events.map(({ type }) => type).sort()).toEqual([`${stem}_START`, `${stem}_SUCCESS`]);
    expect(new Set(events.map(({ clientId }) => clientId))).toEqual(new Set([api.clientId]));
  });

  it.each<[string, () => Promise<Answer>, string]>([
    ['CREDENTIAL_SD_JWT_CREDENTIAL_CONFIGURATION_CREATE', () => api.post(CONFIGURATIONS, {}), 'BadRequest'],
    ['CREDENTIAL_SD_JWT_CREDENTIAL_CONFIGURATION_RETRIEVE', () => api.get(`${CONFIGURATIONS}/none`), 'NotFound'],
    ['CLAIM_SOURCE_UPDATE', () => api.put(`${SOURCES}/${randomUUID()}`, SOURCE), 'NotFound'],
    ['USER_AUTHENTICATION_PROVIDER_CREATE', () => api.post(PROVIDERS, { ...provider(), url: others.url }), 'BadRequest'],
    ['CREDENTIAL_PROVIDER_OPENID_CONFIGURATION_UPDATE', () => api.put('/v1/openid/configuration', []), 'BadRequest'],
    ['OPENID_PRE_AUTHORIZED_OFFER_CREATE', () => api.post(OFFERS, '{'), 'RequestBodyError'],
    ['OPENID_PRE_AUTHORIZED_OFFER_DELETE', () => api.delete(`${OFFERS}/none`), 'NotFound'],
    ['USER_CREATE', () => api.post(USERS, { claims: 1 }), 'BadRequest'],
    ['USER_SEARCH', () => api.post(`${USERS}/search`, { limit: 0 }), 'BadRequest'],
    ['USER_CREDENTIAL_RETRIEVE_LIST', () => api.get(`${USERS}/${randomUUID()}/credentials`), 'NotFound'],
    ['OAUTH_CLIENT_UPDATE', () => api.put(`${CLIENTS}/${randomUUID()}`, CLIENT), 'NotFound'],
    ['OPENID_OFFER_CREATE', () => api.post(REUSABLE, {}), 'BadRequest'],
    ['OPENID_OFFER_RETRIEVE', () => api.get(`${REUSABLE}/AAAAAAAAAAAAAAAAAAAAAA`), 'NotFound'],
    ['OPENID_OFFER_PAUSE', () => pausedOnceRevoked(), 'Conflict'],
    ['ANALYTICS_EVENT_RETRIEVE_LIST', () => api.get('/v1/events?limit=x'), 'BadRequest'],
  ])('%s: START, then FAIL with what went wrong', async (stem, act, error) => {
    const events = await eventsOf(await act());
    expect(events.map(({ type }) => type).sort()).toEqual([`${stem}_FAIL`, `${stem}_START`]);
    expect(events.find(({ type }) => type.endsWith('_FAIL'))?.data).toMatchObject({ error });
  });

  it('MANAGEMENT_TOKEN, both ways, with the client where it is known', async () => {
    const { clientId, clientSecret } = system().admin;
    const ask = (secret: string) =>
      send(`${system().url}/oauth/token`, 'POST', {
        body: { grant_type: 'client_credentials', client_id: clientId, client_secret: secret },
      });
    const [right, wrong] = [await ask(clientSecret), await ask('wrong')];
    expect((await eventsOf(right)).find(({ type }) => type === 'MANAGEMENT_TOKEN_SUCCESS')?.clientId).toBe(clientId);
    expect((await typesOf(wrong)).sort()).toEqual(['MANAGEMENT_TOKEN_FAIL', 'MANAGEMENT_TOKEN_START']);
  });

  it('names the record it is about', async () => {
    const created = await api.post(SOURCES, SOURCE);
    const [success] = (await eventsOf(created)).filter(({ type }) => type.endsWith('_SUCCESS'));
    expect(success?.data).toEqual({ claimSourceId: created.json.id });
    for (const [path, body, member] of [
      [USERS, { claims: { name: 'Ngaio' } }, 'userId'],
      [CLIENTS, CLIENT, 'walletClientId'],
    ] as const) {
      const answer = await api.post(path, body);
      const about = (await eventsOf(answer)).find(({ type }) => type.endsWith('_SUCCESS'));
      expect(about?.data).toEqual({ [member]: answer.json.id });
    }
    const offered = await api.post(OFFERS, await offerBody());
    const [made] = (await eventsOf(offered)).filter(({ type }) => type.endsWith('_SUCCESS'));
    expect(made?.data).toMatchObject({ offerId: offered.json.id });
    const reusable = await api.post(REUSABLE, await reusableBody());
    const revoked = await api.delete(`${REUSABLE}/${String(reusable.json.id)}`);
    for (const answer of [reusable, revoked]) {
      const [about] = (await eventsOf(answer)).filter(({ type }) => type.endsWith('_SUCCESS'));
      expect(about?.data).toMatchObject({ offerId: reusable.json.id });
    }
  });

  let shared: string | undefined;
  const offerBody = async () => {
    shared ??= (await api.create(CONFIGURATIONS, configuration())).id;
    return { credentials: [shared], claims: { name: 'Ngaio' } };
  };
  const reusableBody = async () => ({ credentials: (await offerBody()).credentials });
  const newReusable = async () => `${REUSABLE}/${(await api.create(REUSABLE, await reusableBody())).id}`;
  const pausedOnceRevoked = async () => {
    const one = await newReusable();
    await api.delete(one);
    return api.post(`${one}/pause`, undefined);
  };
});

describe('the flow of a wallet is in the event log', () => {
  it('OPENID_TOKEN, OPENID_CREDENTIAL and OPENID_NOTIFICATION, without anything personal', async () => {
    const backend = await IssuerBackend.login(system());
    const wallet = new PlainWallet(system().url);
    const configurationId = await backend.configuration();
    const claims = { given_name: 'Ngaio-in-an-event', family_name: 'Tester' };
    const offer: Offer = await backend.offer([configurationId], { claims, transactionCodeConfiguration: {} });
    const code = wallet.codeOf(offer.uri);
    const redeemed = await wallet.redeem(code, offer.transactionCode);
    const token = redeemed.json.access_token as string;
    const issued = await wallet.requestCredential(token, await wallet.credentialRequest(configurationId));
    const notified = await wallet.notify(token, issued.json.notification_id as string);
    const again = await wallet.redeem(code, offer.transactionCode);
    const found: Event[] = [];
    for (const [answer, stem, end] of [
      [redeemed, 'OPENID_TOKEN', 'SUCCESS'],
      [issued, 'OPENID_CREDENTIAL', 'SUCCESS'],
      [notified, 'OPENID_NOTIFICATION', 'SUCCESS'],
      [again, 'OPENID_TOKEN', 'FAIL'],
    ] as const) {
      const events = await eventsOf(answer);
      expect(events.map(({ type }) => type).sort()).toEqual([`${stem}_${end}`, `${stem}_START`].sort());
      found.push(...events);
    }
    const all = JSON.stringify([...found, ...(await find({ types: 'OPENID_PRE_AUTHORIZED_OFFER_CREATE_SUCCESS' }))]);
    const secrets = ['Ngaio-in-an-event', code.split('.')[1] ?? '', token, `"${offer.transactionCode ?? ''}"`];
    for (const secret of secrets) expect(all).not.toContain(secret);
  });
});

describe('x-request-id', () => {
  it('is the id of the events, taken from the caller where it is sane, else made', async () => {
    const given = `call.${randomUUID()}`;
    const kept = await api.call('GET', SOURCES, { headers: { 'x-request-id': given } });
    expect(kept.headers.get('x-request-id')).toBe(given);
    expect(await typesOf(kept)).toHaveLength(2);
    for (const unfit of ['short', 'with space in it', 'x'.repeat(65), 'a"b"c"d"e']) {
      const answer = await api.call('GET', SOURCES, { headers: { 'x-request-id': unfit } });
      expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    }
  });
});
