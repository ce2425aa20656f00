import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { useSharedSystem } from '../../../harness/use-system.js';
import { ManagementClient, placesOf } from '../management-client.js';
import { newProvider } from './authentication-provider.js';

const PATH = '/v1/users';

interface Page {
  readonly data: { readonly id: string }[];
  readonly nextCursor?: string;
}

const system = useSharedSystem();
let api: ManagementClient;
/** Marks the users of this file. */
const mark = randomUUID();
const SUBJECT = `subject-${mark}`;
let providers: readonly [string, string];
/** Oldest first. */
let users: Record<'plain' | 'nested' | 'atFirst' | 'atSecond' | 'sameSubject', { readonly id: string }>;

beforeAll(async () => {
  api = await ManagementClient.admin(system());
  const [first, second] = [(await newProvider(system()))._id, (await newProvider(system()))._id];
  providers = [first, second];
  const create = (claims: object, authenticationProvider?: object) =>
    api.create(PATH, {
      claims: { mark, ...claims },
      ...(authenticationProvider === undefined ? {} : { authenticationProvider }),
    });
  users = {
    plain: await create({ level: 1, name: 'Ngaio' }),
    nested: await create({ level: 2, address: { locality: 'Wellington', tags: ['a', 'b', 'c'] } }),
    atFirst: await create({ level: 1 }, { providerId: first, subjectId: SUBJECT }),
    atSecond: await create({ level: 2 }, { providerId: second, subjectId: `other-${mark}` }),
    sameSubject: await create({ level: 3 }, { providerId: second, subjectId: SUBJECT }),
  };
});

/** Reads a search to its end, page by page. */
async function pagesOf(search: Readonly<Record<string, unknown>>): Promise<Page['data'][]> {
  const pages: Page['data'][] = [];
  let cursor: string | undefined;
  do {
    const answer = await api.post(`${PATH}/search`, { ...search, ...(cursor === undefined ? {} : { cursor }) });
    expect([answer.status, answer.text.slice(0, 200)]).toEqual([200, expect.anything()]);
    const page = answer.json as unknown as Page;
    pages.push(page.data);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return pages;
}

const found = async (search: Readonly<Record<string, unknown>>) => (await pagesOf(search)).flat().map(({ id }) => id);

describe('POST /v1/users/search', () => {
  it.each<[Readonly<Record<string, unknown>>, readonly (keyof typeof users)[]]>([
    [{}, ['plain', 'nested', 'atFirst', 'atSecond', 'sameSubject']],
    [{ level: 1 }, ['plain', 'atFirst']],
    [{ level: '1' }, []],
    [{ level: 1, name: 'Ngaio' }, ['plain']],
    [{ name: 'ngaio' }, []],
    [{ address: { locality: 'Wellington' } }, ['nested']],
    [{ address: { tags: ['c', 'a'] } }, ['nested']],
    [{ address: { tags: ['d'] } }, []],
    [{ address: {} }, ['nested']],
    [{ name: { $ne: '' } }, []],
  ])('finds users who have the claims %j, oldest first', async (claims, expected) => {
    expect(await found({ claims: { mark, ...claims } })).toEqual(expected.map((name) => users[name].id));
  });

  it('gives users as they are read alone', async () => {
    const [page = []] = await pagesOf({ claims: { mark, level: 3 } });
    expect(page).toEqual([(await api.get(`${PATH}/${users.sameSubject.id}`)).json]);
  });

  it('finds users by their provider, their subject, or both', async () => {
    const [first, second] = providers;
    expect(await found({ authenticationProvider: { providerId: first } })).toEqual([users.atFirst.id]);
    expect(await found({ authenticationProvider: { providerId: second } })).toEqual([users.atSecond.id, users.sameSubject.id]);
    expect(await found({ authenticationProvider: { subjectId: SUBJECT } })).toEqual([users.atFirst.id, users.sameSubject.id]);
    const both = { providerId: second, subjectId: SUBJECT };
    expect(await found({ authenticationProvider: both })).toEqual([users.sameSubject.id]);
    for (const nobody of [
      { providerId: first, subjectId: `other-${mark}` },
      { providerId: randomUUID(), subjectId: SUBJECT },
      { providerId: randomUUID() },
      { subjectId: mark },
    ])
      expect(await found({ authenticationProvider: nobody })).toEqual([]);
  });

  it('finds who fits all that is given', async () => {
    const authenticationProvider = { subjectId: SUBJECT };
    expect(await found({ claims: { level: 3 }, authenticationProvider })).toEqual([users.sameSubject.id]);
    expect(await found({ claims: { level: 2 }, authenticationProvider })).toEqual([]);
  });

  it('finds a subject no more that the user has no more', async () => {
    const identity = { providerId: providers[0], subjectId: randomUUID() };
    const { id } = await api.create(PATH, { authenticationProvider: identity });
    expect(await found({ authenticationProvider: identity })).toEqual([id]);
    await api.put(`${PATH}/${id}`, {});
    expect(await found({ authenticationProvider: identity })).toEqual([]);
  });

  it('pages by limit and cursor, however it looks for them', async () => {
    const all = await found({ claims: { mark } });
    for (const limit of [1, 2, 5]) {
      const pages = await pagesOf({ claims: { mark }, limit });
      expect(pages.flat().map(({ id }) => id)).toEqual(all);
      expect(pages.every((page) => page.length <= limit)).toBe(true);
    }
    const bySubject = await pagesOf({ authenticationProvider: { subjectId: SUBJECT }, limit: 1 });
    expect(bySubject.map((page) => page.map(({ id }) => id))).toEqual([[users.atFirst.id], [users.sameSubject.id]]);
  });

  it('lists all users where nothing is asked for', async () => {
    const listed = (await api.pages<{ id: string }>(PATH, { limit: '1000' })).flat().map(({ id }) => id);
    const everybody = await found({});
    expect(everybody.filter((id) => listed.includes(id))).toEqual(listed);
    expect(everybody).toEqual(expect.arrayContaining(Object.values(users).map(({ id }) => id)));
  });

  it.each<[string, Readonly<Record<string, unknown>>, string]>([
    ['a limit of 0', { limit: 0 }, 'body limit'],
    ['a limit of 1001', { limit: 1001 }, 'body limit'],
    ['a limit that is a text', { limit: '1' }, 'body limit'],
    ['a cursor of no list', { cursor: 'nonsense' }, 'body cursor'],
    ['claims that are no object', { claims: [] }, 'body claims'],
    ['claims that are too large', { claims: { a: 'x'.repeat(8192) } }, 'body claims'],
    ['claims of 51 values', { claims: { a: Array.from({ length: 49 }, () => 0) } }, 'body claims'],
    [
      'a provider that is an object',
      { authenticationProvider: { providerId: { $ne: '' } } },
      'body authenticationProvider.providerId',
    ],
    [
      'a subject that is an object',
      { authenticationProvider: { subjectId: { $ne: '' } } },
      'body authenticationProvider.subjectId',
    ],
    ['an unknown member', { query: {} }, 'body query'],
  ])('refuses %s', async (_what, search, place) => {
    expect(placesOf(await api.post(`${PATH}/search`, search))).toEqual([place]);
  });

  it('is the only method of its path', async () => {
    expect((await api.get(`${PATH}/search`)).status).toBe(405);
  });
});
