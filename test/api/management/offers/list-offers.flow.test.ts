import { beforeAll, describe, expect, it, vi } from 'vitest';
import { IssuerBackend, type Offer } from '../../../flows/issuer-backend.js';
import { PlainWallet } from '../../../flows/plain-wallet.js';
import { useSharedSystem } from '../../../harness/use-system.js';
import { ManagementClient, placesOf } from '../management-client.js';

const PATH = '/v1/openid/offers/pre-authorized';

const system = useSharedSystem();
let api: ManagementClient;
let backend: IssuerBackend;
let configurationId: string;
/** One offer in each state, oldest first, made of a configuration of their own. */
let offers: Record<'offered' | 'redeemed' | 'accepted' | 'withdrawn', Offer>;

beforeAll(async () => {
  api = await ManagementClient.admin(system());
  backend = await IssuerBackend.login(system());
  configurationId = await backend.configuration();
  const wallet = new PlainWallet(system().url);
  const [offered, redeemed, accepted, withdrawn] = [
    await backend.offer([configurationId]),
    await backend.offer([configurationId]),
    await backend.offer([configurationId]),
    await backend.offer([configurationId]),
  ];
  offers = { offered, redeemed, accepted, withdrawn };
  await wallet.token(redeemed.uri);
  const token = await wallet.token(accepted.uri);
  const issued = await wallet.requestCredential(token, await wallet.credentialRequest(configurationId));
  await wallet.notify(token, issued.json.notification_id as string);
  await api.delete(`${PATH}/${withdrawn.id}`);
  // What lists know of phases comes from Temporal's visibility store, which lags a little.
  await vi.waitFor(
    async () => {
      expect(await list({ phase: 'CLOSED' })).toEqual([withdrawn.id, accepted.id]);
      expect(await list({ phase: 'WAIT_REQUEST' })).toEqual([redeemed.id]);
      expect(await list({ phase: 'OFFERED' })).toEqual([offered.id]);
    },
    { timeout: 15_000, interval: 100 },
  );
});

/** Ids of the offers of our configuration, in the order of the list. */
async function list(query: Readonly<Record<string, string>>): Promise<string[]> {
  const pages = await api.pages<{ id: string }>(PATH, { credentialConfigurationId: configurationId, ...query });
  return pages.flat().map(({ id }) => id);
}

describe('GET /v1/openid/offers/pre-authorized', () => {
  it('lists newest first, each offer as it is read alone', async () => {
    expect(await list({})).toEqual([offers.withdrawn.id, offers.accepted.id, offers.redeemed.id, offers.offered.id]);
    const { data } = (await api.get(`${PATH}?credentialConfigurationId=${configurationId}`)).json as { data: { id: string }[] };
    for (const listed of data) expect(listed).toEqual((await api.get(`${PATH}/${listed.id}`)).json);
  });

  it('pages by limit and cursor', async () => {
    for (const limit of ['1', '3', '4']) {
      const pages = await api.pages<{ id: string }>(PATH, { credentialConfigurationId: configurationId, limit });
      expect(pages.map(({ length }) => length)).toEqual({ 1: [1, 1, 1, 1], 3: [3, 1], 4: [4] }[limit]);
      expect(pages.flat().map(({ id }) => id)).toEqual(await list({}));
    }
  });

  it.each<[Readonly<Record<string, string>>, readonly (keyof typeof offers)[]]>([
    [{ open: 'true' }, ['redeemed', 'offered']],
    [{ open: 'false' }, ['withdrawn', 'accepted']],
    [{ outcome: 'accepted' }, ['accepted']],
    [{ outcome: 'withdrawn' }, ['withdrawn']],
    [{ outcome: 'expired' }, []],
    [{ phase: 'OFFERED' }, ['offered']],
    [{ phase: 'WAIT_REQUEST' }, ['redeemed']],
    [{ phase: 'CLOSED' }, ['withdrawn', 'accepted']],
    [{ phase: 'SIGNING' }, []],
    [{ phase: 'CLOSED', outcome: 'withdrawn' }, ['withdrawn']],
    [{ phase: 'OFFERED', open: 'false' }, []],
    [{ problem: 'stuck:claims' }, []],
    [{ problem: 'not_started' }, []],
    [{ phase: 'OFFERED', limit: '1' }, ['offered']],
  ])('filters by %j', async (query, expected) => {
    expect(await list(query)).toEqual(expected.map((name) => offers[name].id));
  });

  it('filters by configuration, and by the time of creation', async () => {
    expect((await api.get(`${PATH}?credentialConfigurationId=unknown`)).json).toEqual({ data: [] });
    const createdAt = async ({ id }: Offer) => String((await api.get(`${PATH}/${id}`)).json.createdAt);
    const [second, third] = [await createdAt(offers.redeemed), await createdAt(offers.accepted)];
    expect(await list({ createdFrom: second, createdTo: third })).toEqual([offers.accepted.id, offers.redeemed.id]);
    expect(await list({ createdFrom: '2100-01-01' })).toEqual([]);
    expect(await list({ createdTo: '2020-01-01T00:00:00+13:00' })).toEqual([]);
  });

  it('shows an offer as soon as it is made, with its phase', async () => {
    const fresh = await backend.configuration();
    for (let round = 0; round < 5; round += 1) {
      const { id } = await backend.offer([fresh]);
      const { json } = await api.get(`${PATH}?credentialConfigurationId=${fresh}&limit=1`);
      expect(json.data).toEqual([expect.objectContaining({ id, phase: 'OFFERED' })]);
      expect(JSON.stringify(json)).not.toContain('not_started');
    }
  });

  it.each([
    'limit=0',
    'cursor=x',
    'open=yes',
    'outcome=lost',
    'phase=offered',
    'problem=stuck',
    'createdFrom=yesterday',
    'createdTo=2026-02-30',
    'credentialConfigurationId=',
    'phase=OFFERED&phase=CLOSED',
  ])('refuses %s', async (query) => {
    expect(placesOf(await api.get(`${PATH}?${query}`))).toEqual([`query ${query.split('=')[0] ?? ''}`]);
  });
});
