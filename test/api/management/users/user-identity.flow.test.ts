import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_ISSUER_ID } from '../../../../store/issuer-directory.js';
import { ensureSubjectUser, reserveSubject, userOfSubject } from '../../../../store/users.js';
import { ringOf } from '../../../flows/issuer-secrets.js';
import { useSharedSystem } from '../../../harness/use-system.js';
import { ManagementClient } from '../management-client.js';
import { newProvider } from './authentication-provider.js';

const PATH = '/v1/users';
const TAKEN = { code: 'Conflict', message: 'Another user has this identity' };

const system = useSharedSystem();
let api: ManagementClient;
let provider: Awaited<ReturnType<typeof newProvider>>;

beforeAll(async () => {
  api = await ManagementClient.admin(system());
  provider = await newProvider(system());
});

interface Identity {
  readonly providerId: string;
  readonly subjectId: string;
}

const newIdentity = (): Identity => ({ providerId: provider._id, subjectId: randomUUID() });
const scope = () => ({ db: system().db, ring: ringOf(system()), issuerId: DEFAULT_ISSUER_ID });
const subjectOf = (identity: Identity) => ({ ...identity, url: provider.url });
/** Whom a login of the subject is of. */
const login = (identity: Identity) =>
  ensureSubjectUser(scope(), { subject: subjectOf(identity), newUserId: randomUUID(), now: Date.now() });
const create = async (authenticationProvider?: Identity) =>
  (await api.create(PATH, authenticationProvider === undefined ? {} : { authenticationProvider })).id;
const identify = (id: string, authenticationProvider: Identity) => api.put(`${PATH}/${id}`, { authenticationProvider });

describe('who a user is at a provider', () => {
  it('decides whose login it is', async () => {
    const [first, second] = [newIdentity(), newIdentity()];
    const id = await create(first);
    expect(await login(first)).toBe(id);
    expect((await identify(id, second)).status).toBe(200);
    expect(await login(second)).toBe(id);
    expect(await login(first)).not.toBe(id);
  });

  it('only one user can be: 409 for another, who stays as it was', async () => {
    const [taken, own] = [newIdentity(), newIdentity()];
    const [holder, other] = [await create(taken), await create(own)];
    const [created, replaced] = [await api.post(PATH, { authenticationProvider: taken }), await identify(other, taken)];
    for (const answer of [created, replaced]) expect([answer.status, answer.json]).toEqual([409, TAKEN]);
    expect([await login(taken), await login(own)]).toEqual([holder, other]);
    // The same subject of another provider is somebody else.
    const elsewhere = { ...taken, providerId: (await newProvider(system()))._id };
    expect((await identify(other, elsewhere)).status).toBe(200);
  });

  it('is kept by a PUT with the same, and by one that comes back to it', async () => {
    const [first, second] = [newIdentity(), newIdentity()];
    const id = await create(first);
    for (const identity of [first, second, first]) expect((await identify(id, identity)).status).toBe(200);
    expect(await login(first)).toBe(id);
    expect((await api.post(PATH, { authenticationProvider: first })).status).toBe(409);
    expect((await api.post(PATH, { authenticationProvider: second })).status).toBe(201);
  });

  it('is free after a PUT without it, and after the user was deleted', async () => {
    const [left, gone] = [newIdentity(), newIdentity()];
    const [without, deleted] = [await create(left), await create(gone)];
    expect((await api.put(`${PATH}/${without}`, {})).json).toEqual({ id: without, claims: {} });
    expect((await api.delete(`${PATH}/${deleted}`)).status).toBe(204);
    expect(await create(left)).not.toBe(without);
    expect(await login(gone)).not.toBe(deleted);
  });

  it("is found where a login made the user, and its claims are the user's own", async () => {
    const identity = newIdentity();
    const id = await login(identity);
    expect((await api.get(`${PATH}/${id}`)).json).toEqual({ id, claims: {}, authenticationProvider: subjectOf(identity) });
    expect((await api.post(PATH, { authenticationProvider: identity })).status).toBe(409);
    expect((await api.put(`${PATH}/${id}`, { claims: { level: 1 }, authenticationProvider: identity })).status).toBe(200);
    expect(await login(identity)).toBe(id);
  });

  it('is not lost with a process that died between reserving it and writing the user', async () => {
    const identity = newIdentity();
    const unwritten = randomUUID();
    await reserveSubject(scope(), unwritten, subjectOf(identity));
    const created = await api.create(PATH, { claims: { level: 1 }, authenticationProvider: identity });
    expect(created.id).toBe(unwritten);
    expect(await login(identity)).toBe(unwritten);
  });

  it('goes to one of several who ask for it at once', async () => {
    const identity = newIdentity();
    const ids = [await create(), await create(), await create()];
    const answers = await Promise.all([
      ...ids.map((id) => identify(id, identity)),
      api.post(PATH, { authenticationProvider: identity }),
      api.post(PATH, { authenticationProvider: identity }),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([expect.toBeOneOf([200, 201]), 409, 409, 409, 409]);
    const winner = answers.find(({ status }) => status < 300);
    expect(await login(identity)).toBe(winner?.json.id);
  });

  it('is one and reserved, and all others free, whatever PUTs and DELETE come at once', async () => {
    for (let round = 0; round < 4; round += 1) {
      const identities = [newIdentity(), newIdentity(), newIdentity(), newIdentity()];
      const id = await create(identities[0]);
      const answers = await Promise.all([
        ...identities.slice(1).map((identity) => identify(id, identity)),
        identify(id, identities[0]!),
        ...(round % 2 === 0 ? [] : [api.delete(`${PATH}/${id}`)]),
      ]);
      for (const { status } of answers) expect([200, 204, 404, 409]).toContain(status);
      const { authenticationProvider: current } = (await api.get(`${PATH}/${id}`)).json as { authenticationProvider?: Identity };
      const owners = await Promise.all(identities.map((identity) => userOfSubject(scope(), subjectOf(identity))));
      expect(owners).toEqual(identities.map(({ subjectId }) => (subjectId === current?.subjectId ? id : undefined)));
      if (round % 2 === 0) expect(current).toBeDefined();
    }
  });
});
