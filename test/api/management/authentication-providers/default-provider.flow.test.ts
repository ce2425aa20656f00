import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { useOwnProcesses } from '../../../harness/use-system.js';
import { faultsOf, ManagementClient } from '../management-client.js';
import { startDiscoveryServer, type DiscoveryServer } from './discovery-server.js';

const PATH = '/v1/users/authentication-providers';

const system = useOwnProcesses({ env: { OUTBOUND_ALLOWED_HOSTS: 'localhost' } });
let api: ManagementClient;
let others: DiscoveryServer;

beforeAll(async () => {
  [api, others] = await Promise.all([ManagementClient.admin(system()), startDiscoveryServer()]);
});
beforeEach(async () => {
  for (const { id } of await list()) await api.delete(`${PATH}/${id}`);
});
afterAll(() => others.stop());

const body = (isDefault?: boolean) => ({
  url: others.provider(),
  clientId: 'chancery',
  clientSecret: 'a-secret-of-some-length',
  ...(isDefault === undefined ? {} : { isDefault }),
});
const create = (isDefault?: boolean) => api.create(PATH, body(isDefault));
const list = async () => (await api.pages<{ id: string; isDefault: boolean }>(PATH, { limit: '1000' })).flat();
const inDatabase = async () =>
  (await system().db.authenticationProviders.find({ isDefault: true }).toArray()).map(({ _id }) => _id);

/** The one default, about which the API and the database, from which requests are served, must agree. */
async function theDefault(): Promise<string | undefined> {
  const shown = (await list()).filter(({ isDefault }) => isDefault).map(({ id }) => id);
  expect(await inDatabase()).toEqual(shown);
  expect(shown.length).toBeLessThanOrEqual(1);
  return shown[0];
}

describe('the default among the authentication providers', () => {
  it('is the first one, even where it says otherwise', async () => {
    const first = await create(false);
    expect(first.isDefault).toBe(true);
    expect((await create()).isDefault).toBe(false);
    expect(await theDefault()).toBe(first.id);
  });

  it('is the one that is created as such, or made it by PUT, instead of the one before', async () => {
    const first = await create();
    const second = await create(true);
    expect(second.isDefault).toBe(true);
    expect(await theDefault()).toBe(second.id);
    expect((await api.get(`${PATH}/${first.id}`)).json.isDefault).toBe(false);
    expect((await api.put(`${PATH}/${first.id}`, body(true))).json.isDefault).toBe(true);
    expect(await theDefault()).toBe(first.id);
  });

  it('stays it with a PUT that says nothing of it', async () => {
    const first = await create();
    await create();
    expect((await api.put(`${PATH}/${first.id}`, body())).json.isDefault).toBe(true);
    expect(await theDefault()).toBe(first.id);
  });

  it('cannot just cease to be it: another one has to be made it', async () => {
    const first = await create();
    const second = await create();
    expect(faultsOf(await api.put(`${PATH}/${first.id}`, body(false)))).toEqual([
      'body isDefault: cannot be taken from the default provider; make another provider the default instead',
    ]);
    expect((await api.put(`${PATH}/${second.id}`, body(false))).json.isDefault).toBe(false);
    expect(await theDefault()).toBe(first.id);
  });

  it('is the oldest of the rest once it is deleted', async () => {
    const [first, second, third] = [await create(), await create(), await create(true)];
    await api.delete(`${PATH}/${third.id}`);
    expect(await theDefault()).toBe(first.id);
    await api.delete(`${PATH}/${first.id}`);
    expect(await theDefault()).toBe(second.id);
    await api.delete(`${PATH}/${second.id}`);
    expect(await theDefault()).toBeUndefined();
    expect((await create()).isDefault).toBe(true);
  });

  it('stays it when another one is deleted', async () => {
    const [first, second] = [await create(), await create(true)];
    await api.delete(`${PATH}/${first.id}`);
    expect(await theDefault()).toBe(second.id);
  });

  it('is brought back in order by the next write where a process died in the midst of a change', async () => {
    const [first, second] = [await create(), await create()];
    await system().db.authenticationProviders.updateOne({ _id: second.id }, { $set: { isDefault: true } });
    expect((await list()).map(({ isDefault }) => isDefault)).toEqual([true, false]);
    await api.put(`${PATH}/${second.id}`, body());
    expect(await theDefault()).toBe(first.id);
    await system().db.authenticationProviders.deleteOne({ _id: first.id });
    expect((await api.get(`${PATH}/${second.id}`)).json.isDefault).toBe(true);
    await create();
    expect(await theDefault()).toBe(second.id);
  });

  it('is one and no more where the first ones are created at once', async () => {
    for (let round = 0; round < 5; round += 1) {
      const created = await Promise.all([create(), create(), create()]);
      expect(created.map(({ id }) => id)).toContain(await theDefault());
      await Promise.all(created.map(({ id }) => api.delete(`${PATH}/${id}`)));
      expect(await list()).toEqual([]);
    }
  });

  it('is one and no more where several are made it at once, by different processes', async () => {
    const { url } = await system().startAnotherApi();
    const ids = [(await create()).id, (await create()).id, (await create()).id, (await create()).id];
    for (let round = 0; round < 5; round += 1) {
      const answers = await Promise.all(
        ids.map((id, index) =>
          fetch(`${index % 2 === 0 ? system().url : url}${PATH}/${id}`, {
            method: 'PUT',
            headers: { authorization: `Bearer ${api.token}`, 'content-type': 'application/json' },
            body: JSON.stringify(body(true)),
          }),
        ),
      );
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
      expect(ids).toContain(await theDefault());
    }
  });

  it('is there where it is deleted while another one is created or made it', async () => {
    for (let round = 0; round < 5; round += 1) {
      const [first, second] = [await create(true), await create()];
      const [deleted, created, made] = await Promise.all([
        api.delete(`${PATH}/${first.id}`),
        api.post(PATH, body()),
        api.put(`${PATH}/${second.id}`, body(true)),
      ]);
      expect([deleted.status, created.status, made.status]).toEqual([204, 201, 200]);
      expect(await theDefault()).toBe(second.id);
      await Promise.all([api.delete(`${PATH}/${second.id}`), api.delete(`${PATH}/${created.json.id as string}`)]);
    }
  });

  it('stays it where its deletion is refused, also when an offer is made of it in that very moment', async () => {
    const first = await create();
    await create();
    const { db } = system();
    const refusals: number[] = [];
    for (let round = 0; round < 20; round += 1) {
      const provider = await create(true);
      const offer = { configurationIds: ['a'], correlationId: 'a', createdAt: new Date(), state: 'active' } as const;
      const _id = `offer-${round}`;
      const [deleted] = await Promise.all([
        api.delete(`${PATH}/${provider.id}`),
        delay(round / 2).then(() =>
          db.offers.insertOne({ _id, issuerId: 'default', authenticationProviderId: provider.id, ...offer }),
        ),
      ]);
      if (deleted.status === 409) refusals.push(round);
      expect(await theDefault()).toBe(deleted.status === 409 ? provider.id : first.id);
      await db.offers.deleteOne({ _id });
      await api.delete(`${PATH}/${provider.id}`);
    }
    expect(refusals).not.toEqual([]);
  });
});
