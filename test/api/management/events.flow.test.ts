import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { PlainWallet } from '../../flows/plain-wallet.js';
import { useSharedSystem } from '../../harness/use-system.js';
import { ManagementClient, placesOf } from './management-client.js';

interface Event {
  readonly id: string;
  readonly type: string;
  readonly category: string;
  readonly timestamp: string;
  readonly requestId: string;
  readonly clientId?: string;
  readonly data: Readonly<Record<string, unknown>>;
}

const CONFIGURATIONS = '/v2/credentials/sd-jwt/configurations';
const SOURCES = '/v1/claim-sources';

const system = useSharedSystem();
let api: ManagementClient;

beforeAll(async () => {
  api = await ManagementClient.withRoles(system(), 'issuer');
});

/** Events that a filter finds, newest first. */
const find = async (query: Readonly<Record<string, string>>): Promise<Event[]> =>
  (await api.pages<Event>('/v1/events', query)).flat();

describe('GET /v1/events', () => {
  let client: ManagementClient;
  const requestIds = ['first', 'second', 'third'].map((name) => `${name}-${randomUUID()}`);
  const [first = '', second = '', third = ''] = requestIds;

  beforeAll(async () => {
    client = await ManagementClient.withRoles(system(), 'issuer');
    await client.call('GET', SOURCES, { headers: { 'x-request-id': first } });
    await client.call('GET', `${CONFIGURATIONS}/none`, { headers: { 'x-request-id': second } });
    await client.call('GET', '/v1/events?limit=1', { headers: { 'x-request-id': third } });
  });

  const ours = (query: Readonly<Record<string, string>> = {}) => find({ clientIds: client.clientId, ...query });
  const types = (events: readonly Event[]) => events.map(({ type }) => type);
  const SIX = [
    'ANALYTICS_EVENT_RETRIEVE_LIST_SUCCESS',
    'ANALYTICS_EVENT_RETRIEVE_LIST_START',
    'CREDENTIAL_SD_JWT_CREDENTIAL_CONFIGURATION_RETRIEVE_FAIL',
    'CREDENTIAL_SD_JWT_CREDENTIAL_CONFIGURATION_RETRIEVE_START',
    'CLAIM_SOURCE_RETRIEVE_LIST_SUCCESS',
    'CLAIM_SOURCE_RETRIEVE_LIST_START',
  ];
  const ALL = [...SIX, 'MANAGEMENT_TOKEN_SUCCESS'];

  it('answers newest first, each event in full', async () => {
    const events = await ours();
    expect(types(events).sort()).toEqual([...ALL].sort());
    expect(events.map(({ timestamp }) => timestamp)).toEqual(
      events
        .map(({ timestamp }) => timestamp)
        .sort()
        .reverse(),
    );
    const [event] = await ours({ types: 'CLAIM_SOURCE_RETRIEVE_LIST_START' });
    expect(event).toEqual({
      id: expect.any(String) as string,
      type: 'CLAIM_SOURCE_RETRIEVE_LIST_START',
      category: 'CLAIM_SOURCE',
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string,
      version: 1,
      tenantId: 'default',
      requestId: first,
      clientId: client.clientId,
      metadata: {},
      data: {},
    });
  });

  it('pages by limit and cursor', async () => {
    const pages = await api.pages<Event>('/v1/events', { clientIds: client.clientId, limit: '4' });
    expect(pages.map(({ length }) => length)).toEqual([4, 3]);
    expect(pages.flat()).toEqual(await ours());
  });

  it('filters by requestIds, as a comma list or repeated', async () => {
    expect(types(await ours({ requestIds: `${first}, ${second}` }))).toHaveLength(4);
    const repeated = await api.get(`/v1/events?requestIds=${first}&requestIds=${third}`);
    expect(types(repeated.json.data as Event[]).sort()).toEqual([...SIX.slice(0, 2), ...SIX.slice(4)].sort());
    expect(await ours({ requestIds: 'unknown-request' })).toEqual([]);
  });

  it('filters by ids', async () => {
    const [newest, , oldest] = await ours();
    const found = await find({ ids: `${newest?.id ?? ''},${oldest?.id ?? ''}` });
    expect(found).toEqual([newest, oldest]);
  });

  it('filters by categories or types, and narrows by everything else', async () => {
    expect(types(await ours({ categories: 'CLAIM_SOURCE' })).sort()).toEqual(SIX.slice(4).sort());
    expect(types(await ours({ types: SIX[2] ?? '' }))).toEqual([SIX[2]]);
    expect(types(await ours({ categories: 'CLAIM_SOURCE', types: SIX[2] ?? '' })).sort()).toEqual(
      [SIX[2] ?? '', ...SIX.slice(4)].sort(),
    );
    expect(types(await ours({ categories: 'CLAIM_SOURCE,ANALYTICS', requestIds: third })).sort()).toEqual(SIX.slice(0, 2).sort());
    expect(await ours({ categories: 'NONE_SUCH' })).toEqual([]);
  });

  it('filters by time, both ends included', async () => {
    const all = await ours();
    const [newest, oldest] = [all[0]?.timestamp ?? '', all.at(-1)?.timestamp ?? ''];
    expect(await ours({ dateFrom: oldest, dateTo: newest })).toEqual(all);
    expect(await ours({ dateFrom: new Date(Date.parse(newest) + 1).toISOString() })).toEqual([]);
    expect(await ours({ dateTo: new Date(Date.parse(oldest) - 1).toISOString() })).toEqual([]);
    expect(await ours({ dateFrom: newest.slice(0, 10), dateTo: '2100-01-01T00:00:00+12:00' })).toEqual(all);
  });

  it('filters by clientIds: `none` are events of nobody, `*` those of anybody', async () => {
    const wallet = new PlainWallet(system().url);
    const anonymous = await wallet.redeem('AAAAAAAAAAAAAAAAAAAAAA.BBBBBBBBBBBBBBBBBBBBBB');
    const byId = { requestIds: `${first},${anonymous.headers.get('x-request-id') ?? ''}` };
    const stems = async (clientIds: string) =>
      new Set(types(await find({ ...byId, clientIds })).map((type) => type.replace(/_[A-Z]+$/, '')));
    expect(await stems('none')).toEqual(new Set(['OPENID_TOKEN']));
    expect(await stems('*')).toEqual(new Set(['CLAIM_SOURCE_RETRIEVE_LIST']));
    expect(await stems(client.clientId)).toEqual(new Set(['CLAIM_SOURCE_RETRIEVE_LIST']));
    expect(await stems('another-client')).toEqual(new Set());
    for (const both of [`none,${client.clientId}`, 'none,*']) {
      expect(await stems(both)).toEqual(new Set(['OPENID_TOKEN', 'CLAIM_SOURCE_RETRIEVE_LIST']));
    }
  });

  it('knows no management users: only `none` finds events', async () => {
    expect(await ours({ managementUserIds: 'none' })).toHaveLength(ALL.length);
    expect(await ours({ managementUserIds: '*' })).toEqual([]);
    expect(await ours({ managementUserIds: 'somebody' })).toEqual([]);
  });

  it.each([
    'limit=0',
    'limit=1001',
    'cursor=x',
    'dateFrom=yesterday',
    'dateTo=2026-13-01',
    'dateFrom=2026-01-01&dateFrom=2026-01-02',
    'ids=',
    'types=,',
    `ids=${'a'.repeat(257)}`,
    `requestIds=${Array.from({ length: 101 }, (_, index) => index).join(',')}`,
  ])('refuses %s', async (query) => {
    expect(placesOf(await api.get(`/v1/events?${query}`))).toEqual([`query ${query.split('=')[0] ?? ''}`]);
  });
});
