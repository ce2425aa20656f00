import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_ISSUER_ID } from '../../../../store/issuer-directory.js';
import { sealClaims } from '../../../../store/users.js';
import { ringOf } from '../../../flows/issuer-secrets.js';
import { useOwnProcesses } from '../../../harness/use-system.js';
import { ManagementClient } from '../management-client.js';

const PATH = '/v1/users';

interface Page {
  readonly data: { readonly id: string; readonly claims: Readonly<Record<string, unknown>> }[];
  readonly nextCursor?: string;
}

const system = useOwnProcesses();
let api: ManagementClient;

beforeAll(async () => {
  api = await ManagementClient.admin(system());
});

/** Makes users of one moment, so that only their ids order them; gives their ids in that order. */
async function insert(count: number, claims: (index: number) => Readonly<Record<string, unknown>>): Promise<string[]> {
  const ring = ringOf(system());
  const createdAt = new Date();
  const ids = Array.from({ length: count }, (): string => randomUUID()).sort();
  await system().db.users.insertMany(
    ids.map((_id, index) => ({ _id, issuerId: DEFAULT_ISSUER_ID, claims: sealClaims(ring, _id, claims(index)), createdAt })),
  );
  return ids;
}

const search = async (body: Readonly<Record<string, unknown>>) =>
  (await api.post(`${PATH}/search`, body)).json as unknown as Page;

describe('a page of users', () => {
  it('examines at most 1,000: then it ends, and names the next one', async () => {
    await system().db.users.deleteMany({});
    const ids = await insert(1150, (index) => ({ index, odd: index % 2 === 1 }));
    const first = await search({ claims: { index: 1120 } });
    expect([first.data, typeof first.nextCursor]).toEqual([[], 'string']);
    const second = await search({ claims: { index: 1120 }, cursor: first.nextCursor });
    expect(second).toEqual({ data: [{ id: ids[1120], claims: { index: 1120, odd: false } }] });
    const odd = await search({ claims: { odd: true }, limit: 1000 });
    expect(odd.data.map(({ id }) => id)).toEqual(ids.filter((_id, index) => index % 2 === 1 && index < 1000));
    const rest = await search({ claims: { odd: true }, limit: 1000, cursor: odd.nextCursor });
    expect([rest.data.length, rest.nextCursor]).toEqual([75, undefined]);
  });

  it('misses nobody and shows nobody twice where they were all made at the same moment', async () => {
    await system().db.users.deleteMany({});
    const ids = await insert(250, (index) => ({ third: index % 3 === 0 }));
    for (const limit of ['7', '100', '250', '1000'])
      expect((await api.pages<{ id: string }>(PATH, { limit })).flat().map(({ id }) => id)).toEqual(ids);
    const thirds: string[] = [];
    for (let page = await search({ claims: { third: true }, limit: 10 }); ;) {
      thirds.push(...page.data.map(({ id }) => id));
      if (page.nextCursor === undefined) break;
      page = await search({ claims: { third: true }, limit: 10, cursor: page.nextCursor });
    }
    expect(thirds).toEqual(ids.filter((_id, index) => index % 3 === 0));
  });

  it('opens at most 16 MB: then it ends, and names the next one', async () => {
    await system().db.users.deleteMany({});
    const ids = await insert(230, () => ({ text: 'x'.repeat(60_000) }));
    const pages = await api.pages<{ id: string }>(PATH, { limit: '1000' });
    expect(pages).toHaveLength(2);
    expect(pages[0]?.length).toBeLessThan(230);
    expect(pages.flat().map(({ id }) => id)).toEqual(ids);
    const empty = await search({ claims: { text: 'y' } });
    expect([empty.data, typeof empty.nextCursor]).toEqual([[], 'string']);
  });
});
