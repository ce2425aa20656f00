import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { useSharedSystem } from '../../../harness/use-system.js';
import { faultsOf, ManagementClient } from '../management-client.js';

const PATH = '/v2/credentials/sd-jwt/configurations';

const system = useSharedSystem();
let api: ManagementClient;

beforeAll(async () => {
  api = await ManagementClient.admin(system());
});

const newType = () => `urn:test:${randomUUID()}`;
const smallest = (type = newType()) => ({ type, claimMappings: { name: { mapFrom: 'claims.name' } } });

describe('the list of configurations', () => {
  const types: string[] = [];
  beforeAll(async () => {
    for (let index = 0; index < 5; index += 1) types.push((await api.create(PATH, smallest())).type as string);
  });

  it('is oldest first, and pages by limit and cursor until there is no nextCursor', async () => {
    const whole = await api.pages<{ type: string }>(PATH, { limit: '1000' });
    const pages = await api.pages<{ type: string }>(PATH, { limit: '2' });
    expect(pages.slice(0, -1).every((page) => page.length === 2)).toBe(true);
    // Others make and delete records of their own meanwhile.
    for (const list of [whole.flat(), pages.flat()].map((records) => records.map(({ type }) => type))) {
      expect(new Set(list).size).toBe(list.length);
      expect(list.filter((type) => types.includes(type))).toEqual(types);
    }
  });

  it('finds by type', async () => {
    const [type = ''] = types;
    const found = await api.get(`${PATH}?type=${encodeURIComponent(type)}`);
    expect(found.json).toEqual({ data: [expect.objectContaining({ type })] });
    const none = await api.get(`${PATH}?type=urn:test:none`);
    expect(none.json).toEqual({ data: [] });
  });

  it.each([
    ['limit=0', 'query limit'],
    ['limit=1001', 'query limit'],
    ['limit=-1', 'query limit'],
    ['limit=1.5', 'query limit'],
    ['limit=', 'query limit'],
    ['limit=ten', 'query limit'],
    ['limit=1&limit=2', 'query limit'],
    ['cursor=', 'query cursor'],
    ['cursor=nonsense', 'query cursor'],
    [`cursor=${Buffer.from('[1]').toString('base64url')}`, 'query cursor'],
    [`cursor=${Buffer.from('["x","y"]').toString('base64url')}`, 'query cursor'],
    [`cursor=${Buffer.from('[1,{"$ne":""}]').toString('base64url')}`, 'query cursor'],
    [`cursor=${'a'.repeat(2000)}`, 'query cursor'],
    ['type=a&type=b', 'query type'],
  ])('refuses %s', async (query, place) => {
    expect(faultsOf(await api.get(`${PATH}?${query}`)).map((fault) => fault.split(':')[0])).toEqual([place]);
  });

  it('names both faults of a query at once, and ignores parameters it does not know', async () => {
    expect(faultsOf(await api.get(`${PATH}?limit=x&cursor=x`))).toHaveLength(2);
    expect((await api.get(`${PATH}?limit=1&unknown=1&type[$ne]=x`)).status).toBe(200);
  });
});
