import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_ISSUER_ID } from '../../../../store/issuer-directory.js';
import { claimsOfUser, keepClaims } from '../../../../store/users.js';
import { IssuerBackend } from '../../../flows/issuer-backend.js';
import { ringOf } from '../../../flows/issuer-secrets.js';
import { useSharedSystem } from '../../../harness/use-system.js';
import { ManagementClient, placesOf } from '../management-client.js';
import { newProvider } from './authentication-provider.js';

const PATH = '/v1/users';

const system = useSharedSystem();
let api: ManagementClient;
let provider: Awaited<ReturnType<typeof newProvider>>;

beforeAll(async () => {
  api = await ManagementClient.admin(system());
  provider = await newProvider(system());
});

const CLAIMS = { name: 'Ngaio', address: { locality: 'Wellington' }, nationalities: ['NZ'], '$where.a': null };
const identity = (subjectId: string = randomUUID()) => ({ providerId: provider._id, subjectId });

describe('a user', () => {
  it('is created with 201 and read back, with its claims and who it is at a provider', async () => {
    const authenticationProvider = identity();
    const created = await api.post(PATH, { claims: CLAIMS, authenticationProvider });
    expect([created.status, created.json]).toEqual([
      201,
      {
        id: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
        claims: CLAIMS,
        authenticationProvider: { ...authenticationProvider, url: provider.url },
      },
    ]);
    expect((await api.get(`${PATH}/${created.json.id as string}`)).json).toEqual(created.json);
  });

  it('need have nothing: claims are shown all the same', async () => {
    const created = await api.create(PATH, {});
    expect(created).toEqual({ id: created.id, claims: {} });
    expect((await api.get(`${PATH}/${created.id}`)).json).toEqual(created);
  });

  it('is replaced in full by PUT, also by what was read', async () => {
    const created = await api.create(PATH, { claims: CLAIMS, authenticationProvider: identity() });
    const claims = { level: 2 };
    expect((await api.put(`${PATH}/${created.id}`, { ...created, claims })).json).toEqual({ ...created, claims });
    const replaced = await api.put(`${PATH}/${created.id}`, {});
    expect([replaced.status, replaced.json]).toEqual([200, { id: created.id, claims: {} }]);
    expect((await api.get(`${PATH}/${created.id}`)).json).toEqual(replaced.json);
  });

  it('is deleted with 204 and then not there, nor anything that was kept of it', async () => {
    const { id } = await api.create(PATH, { claims: CLAIMS, authenticationProvider: identity() });
    const deleted = await api.delete(`${PATH}/${id}`);
    expect([deleted.status, deleted.text]).toEqual([204, '']);
    expect(await system().db.users.findOne({ _id: id })).toBeNull();
    expect(await system().db.reservations.findOne({ ownerId: id })).toBeNull();
    for (const missing of [id, randomUUID(), 'none', '$ne']) {
      for (const answer of [
        await api.get(`${PATH}/${missing}`),
        await api.put(`${PATH}/${missing}`, {}),
        await api.delete(`${PATH}/${missing}`),
        await api.get(`${PATH}/${missing}/credentials`),
      ]) {
        expect([answer.status, answer.json.code]).toEqual([404, 'NotFound']);
      }
    }
  });

  it('does not come back by an issuance of before, nor is it the user of an offer', async () => {
    const { id } = await api.create(PATH, { claims: CLAIMS });
    await api.delete(`${PATH}/${id}`);
    const { db } = system();
    const scope = { db, ring: ringOf(system()), issuerId: DEFAULT_ISSUER_ID };
    expect(await keepClaims(scope, { userId: id, claims: { level: 1 } })).toBe(false);
    const backend = await IssuerBackend.login(system());
    await expect(backend.offer([await backend.configuration()], { userId: id })).rejects.toMatchObject({ status: 400 });
    expect((await api.get(`${PATH}/${id}`)).status).toBe(404);
  });

  it('is the one whom offers keep claims with', async () => {
    const backend = await IssuerBackend.login(system());
    const configurationId = await backend.configuration();
    const { userId } = await backend.offer([configurationId], { claims: { a: 1, b: 2 }, claimsToPersist: ['a'] });
    expect((await api.get(`${PATH}/${userId}`)).json).toEqual({ id: userId, claims: { a: 1 } });
    const { id } = await api.create(PATH, { claims: { a: 0, c: 3 } });
    await backend.offer([configurationId], { userId: id, claims: { a: 1 }, claimsToPersist: ['a'] });
    expect((await api.get(`${PATH}/${id}`)).json).toEqual({ id, claims: { a: 1, c: 3 } });
  });

  it('has its claims and its subject sealed, and neither in the event log', async () => {
    const [name, subjectId] = [`name-${randomUUID()}`, `subject-${randomUUID()}`];
    const { id } = await api.create(PATH, { claims: { name }, authenticationProvider: identity(subjectId) });
    await api.post(`${PATH}/search`, { claims: { name }, authenticationProvider: { subjectId } });
    const stored = (await system().db.users.findOne({ _id: id }))!;
    expect(claimsOfUser(ringOf(system()), stored)).toEqual({ name });
    const reservations = await system().db.reservations.find({ ownerId: id }).toArray();
    const events = await api.get('/v1/events?categories=USER&limit=1000');
    expect(reservations).toHaveLength(1);
    expect(events.text).toContain(id);
    for (const text of [JSON.stringify(stored), JSON.stringify(reservations), events.text])
      for (const secret of [name, subjectId]) expect(text).not.toContain(secret);
  });
});

describe('a user is refused for', () => {
  const deep = (levels: number): unknown => (levels === 0 ? 1 : { a: deep(levels - 1) });

  it.each<[string, Readonly<Record<string, unknown>>, string]>([
    ['claims that are no object', { claims: ['a'] }, 'body claims'],
    ['claims that are too large', { claims: { a: 'x'.repeat(65_536) } }, 'body claims'],
    ['claims that are too deep', { claims: deep(9) }, 'body claims'],
    ['a member __proto__ among its claims', JSON.parse('{"claims":{"a":{"__proto__":{}}}}') as object as never, 'body __proto__'],
    ['an unknown member', { name: 'Ngaio' }, 'body name'],
    ['an identity without a subject', { authenticationProvider: { providerId: 'a' } }, 'body authenticationProvider.subjectId'],
    ['an identity without a provider', { authenticationProvider: { subjectId: 'a' } }, 'body authenticationProvider.providerId'],
    [
      'a subject of 256 characters',
      { authenticationProvider: { providerId: 'a', subjectId: 'x'.repeat(256) } },
      'body authenticationProvider.subjectId',
    ],
    [
      'a provider that is not there',
      { authenticationProvider: { providerId: randomUUID(), subjectId: 'a' } },
      'body authenticationProvider.providerId',
    ],
    [
      'a provider that is an object',
      { authenticationProvider: { providerId: { $ne: '' }, subjectId: 'a' } },
      'body authenticationProvider.providerId',
    ],
  ])('%s', async (_what, body, place) => {
    const { id } = await api.create(PATH, { claims: { level: 1 } });
    for (const answer of [await api.post(PATH, body), await api.put(`${PATH}/${id}`, body)])
      expect(placesOf(answer)).toEqual([place]);
    expect((await api.get(`${PATH}/${id}`)).json).toEqual({ id, claims: { level: 1 } });
  });

  it('nothing where its claims are as large and as deep as they may be', async () => {
    const claims = { ...(deep(7) as object), text: 'x'.repeat(65_000) };
    expect((await api.create(PATH, { claims })).claims).toEqual(claims);
  });
});

describe('the list of users', () => {
  it('is oldest first, each as it is read alone, and pages by limit and cursor', async () => {
    const ids: string[] = [];
    for (let index = 0; index < 3; index += 1) ids.push((await api.create(PATH, { claims: { index } })).id);
    const pages = await api.pages<{ id: string }>(PATH, { limit: '2' });
    expect(pages.slice(0, -1).every((page) => page.length === 2)).toBe(true);
    const listed = pages.flat().filter(({ id }) => ids.includes(id));
    expect(listed.map(({ id }) => id)).toEqual(ids);
    for (const user of listed) expect((await api.get(`${PATH}/${user.id}`)).json).toEqual(user);
  });

  it.each(['limit=0', 'limit=1001', 'cursor=nonsense'])('refuses %s', async (query) => {
    expect(placesOf(await api.get(`${PATH}?${query}`))).toEqual([`query ${query.split('=')[0] ?? ''}`]);
  });
});
