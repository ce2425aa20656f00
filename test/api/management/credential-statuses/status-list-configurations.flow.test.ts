import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { useSharedSystem } from '../../../harness/use-system.js';
import { faultsOf, ManagementClient, placesOf } from '../management-client.js';

const PATH = '/v2/credentials/mobile/status-lists/configurations';
const system = useSharedSystem();
let api: ManagementClient;

beforeAll(async () => {
  api = await ManagementClient.admin(system());
});

const newType = () => `org.example.${randomUUID()}`;

describe('the status list configurations of mobile document types', () => {
  it('are good for a day and a week by default, and changed in their durations alone', async () => {
    const docType = newType();
    const created = await api.create(PATH, { docType });
    const { id } = created;
    expect(created).toEqual({ id, docType, timeToLiveDuration: { days: 1 }, expiryDuration: { days: 7 } });
    const durations = { timeToLiveDuration: { hours: 6 }, expiryDuration: { weeks: 2 } };
    expect((await api.put(`${PATH}/${id}`, durations)).json).toEqual({ id, docType, ...durations });
    expect((await api.put(`${PATH}/${id}`, { ...created, docType: newType() })).json).toEqual(created);
    expect((await api.get(`${PATH}/${id}`)).json).toEqual(created);
    expect((await api.pages<{ id: string }>(PATH, { limit: '1' })).flat()).toContainEqual(created);
  });

  it('are one for each type, which may have one again after it was deleted', async () => {
    const docType = newType();
    const { id } = await api.create(PATH, { docType });
    expect(faultsOf(await api.post(PATH, { docType }))).toEqual(['body docType: has a status list configuration already']);
    expect((await api.delete(`${PATH}/${id}`)).status).toBe(204);
    expect((await api.delete(`${PATH}/${id}`)).status).toBe(404);
    await api.create(PATH, { docType });
  });

  it('refuse what makes no sense, with every fault', async () => {
    expect(
      placesOf(await api.post(PATH, { docType: '', timeToLiveDuration: { days: 1.5 }, expiryDuration: {}, more: 1 })),
    ).toEqual(['body docType', 'body expiryDuration', 'body more', 'body timeToLiveDuration.days']);
    const late = { docType: newType(), timeToLiveDuration: { days: 8 }, expiryDuration: { weeks: 1 } };
    expect(faultsOf(await api.post(PATH, late))).toEqual(['body timeToLiveDuration: must not be longer than expiryDuration']);
    expect((await api.get(`${PATH}/${randomUUID()}`)).status).toBe(404);
  });

  it('are not deleted while a list uses them', async () => {
    const { id } = await api.create(PATH, { docType: newType() });
    const { db } = system();
    const _id = randomUUID();
    await db.statusLists.insertOne({
      _id,
      issuerId: 'default',
      profile: 'mobile',
      mechanism: 'token-status-list',
      bits: 1,
      size: 1000,
      pool: `test/${_id}`,
      sequence: 1,
      statusListConfigurationId: id,
      revision: 0,
      createdAt: new Date(),
    });
    expect(await api.delete(`${PATH}/${id}`)).toMatchObject({ status: 400, json: { code: 'BadRequest' } });
    expect((await api.get(`${PATH}/${id}`)).status).toBe(200);
    await db.statusLists.deleteOne({ _id });
    expect((await api.delete(`${PATH}/${id}`)).status).toBe(204);
  });
});
