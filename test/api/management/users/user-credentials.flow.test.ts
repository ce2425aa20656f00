import { createHash, randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import type { IssuedCredentialsDocument } from '../../../../store/documents.js';
import { DEFAULT_ISSUER_ID } from '../../../../store/issuer-directory.js';
import { IssuerBackend, PERSON } from '../../../flows/issuer-backend.js';
import { credentialsOf, newHolderKey, PlainWallet } from '../../../flows/plain-wallet.js';
import { useSharedSystem } from '../../../harness/use-system.js';
import { ManagementClient, placesOf } from '../management-client.js';

const PATH = '/v1/users';
const CONFIGURATIONS = '/v2/credentials/sd-jwt/configurations';

interface Listed {
  readonly id: string;
  readonly issuedDate: string;
}

const system = useSharedSystem();
let api: ManagementClient;
let backend: IssuerBackend;
let wallet: PlainWallet;
let configurationId: string;
let type: unknown;

beforeAll(async () => {
  api = await ManagementClient.admin(system());
  backend = await IssuerBackend.login(system());
  wallet = new PlainWallet(system().url);
  configurationId = await backend.configuration();
  ({ type } = (await api.get(`${CONFIGURATIONS}/${configurationId}`)).json);
});

/** Issues a credential; gives whom it is of, its offer and its text. */
async function issue({ copies = 1, of = configurationId, ...more }: { copies?: number; of?: string; userId?: string } = {}) {
  const { id: offerId, userId, uri } = await backend.offer([of], more);
  const token = await wallet.token(uri);
  const keys = Array.from({ length: copies }, newHolderKey);
  const issued = await wallet.requestCredential(token, await wallet.credentialRequest(of, keys));
  return { offerId, userId, credentials: credentialsOf(issued) };
}

const list = async (userId: string) => (await api.pages<Listed>(`${PATH}/${userId}/credentials`, {})).flat();

describe('GET /v1/users/{id}/credentials', () => {
  it('lists what was issued, oldest first, one record for each request', async () => {
    const { id: userId } = await api.create(PATH, {});
    expect((await api.get(`${PATH}/${userId}/credentials`)).json).toEqual({ data: [] });
    const [first, second] = [await issue({ userId }), await issue({ userId, copies: 3 })];
    expect(second.credentials).toHaveLength(3);
    const shape = ({ offerId }: { offerId: string }, count: number) => ({
      id: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/) as string,
      type,
      profile: 'sd-jwt',
      sessionId: offerId,
      credentialConfigurationId: configurationId,
      count,
      issuedDate: expect.any(String) as string,
      validUntil: expect.any(String) as string,
      offerId,
      status: 'valid',
      claimOrigins: Object.fromEntries(Object.keys(PERSON).map((name) => [name, 'offer'])),
    });
    const listed = await list(userId);
    expect(listed).toEqual([shape(first, 1), shape(second, 3)]);
    const [entry] = listed as [Listed & { validUntil: string }];
    const [, payload = ''] = first.credentials[0]!.split('~', 1)[0]!.split('.');
    const { exp } = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { exp: number };
    expect(Date.parse(entry.validUntil)).toBe(1000 * exp);
    expect(Math.abs(Date.parse(entry.issuedDate) - Date.now())).toBeLessThan(600_000);
  });

  it('shows no claim value, no credential, and nothing of how Temporal names the request', async () => {
    const { userId, credentials } = await issue();
    const { text } = await api.get(`${PATH}/${userId}/credentials`);
    const ledger = (await system().db.issuedCredentials.findOne({ userId }))!;
    for (const secret of [
      ...Object.values(PERSON).filter((value) => typeof value === 'string'),
      ...credentials,
      'sealed',
      'iss:',
    ])
      expect(text).not.toContain(secret);
    expect(text).not.toContain(ledger._id.split('/').at(-1));
    const [{ id }] = (JSON.parse(text) as { data: [Listed] }).data;
    expect(id).toBe(createHash('sha256').update(ledger._id).digest('base64url'));
  });

  it('is there for the user of an offer that keeps nothing, as is the user, once it was collected', async () => {
    const { id: offerId, userId } = await backend.offer([configurationId]);
    expect(offerId).not.toBe('');
    for (const path of [`${PATH}/${userId}`, `${PATH}/${userId}/credentials`]) expect((await api.get(path)).status).toBe(404);
    const collected = await issue();
    expect(await list(collected.userId)).toHaveLength(1);
    expect((await api.get(`${PATH}/${collected.userId}`)).json).toEqual({ id: collected.userId, claims: {} });
    expect((await api.put(`${PATH}/${collected.userId}`, {})).status).toBe(404);
    expect((await api.delete(`${PATH}/${collected.userId}`)).status).toBe(404);
  });

  it('stays when the user is deleted, and loses the type with the configuration', async () => {
    const of = await backend.configuration();
    const { id } = await api.create(PATH, { claims: { level: 1 } });
    await issue({ userId: id, of });
    const [before] = await list(id);
    expect((await api.delete(`${PATH}/${id}`)).status).toBe(204);
    expect(await list(id)).toEqual([before]);
    expect((await api.get(`${PATH}/${id}`)).json).toEqual({ id, claims: {} });
    await api.delete(`${CONFIGURATIONS}/${of}`);
    const { type: _gone, ...rest } = before as Listed & { type: string };
    expect(await list(id)).toEqual([rest]);
  });

  it('names the reusable offer that a session came from, and where claims came from', async () => {
    const [userId, sessionId, offerId] = [randomUUID(), randomUUID(), randomUUID()];
    const { userId: like } = await issue();
    const { db } = system();
    const session = (await db.issuances.findOne({ userId: like }))!;
    await db.issuances.insertOne({ ...session, _id: sessionId, userId, offerId, grantType: 'authorization_code' });
    const claimOrigins = { given_name: 'authenticationProvider', level: 'claimSource' } as const;
    await db.issuedCredentials.insertOne({
      ...(await entryOf(like)),
      _id: `iss:x:${sessionId}/1`,
      userId,
      sessionId,
      claimOrigins,
    });
    expect(await list(userId)).toEqual([expect.objectContaining({ sessionId, offerId, claimOrigins })]);
  });

  it('pages by limit and cursor, also what was issued at the same moment', async () => {
    const userId = randomUUID();
    const { userId: like } = await issue();
    const entry = await entryOf(like);
    const times = [1, 2, 2, 2, 2, 3].map((second) => new Date(Date.UTC(2026, 0, 1, 0, 0, second)));
    const entries = times.map((issuedAt) => ({ ...entry, _id: `iss:x:${randomUUID()}/${randomUUID()}`, userId, issuedAt }));
    await system().db.issuedCredentials.insertMany(entries);
    const all = (await list(userId)).map(({ id }) => id);
    expect(new Set(all).size).toBe(6);
    for (const limit of ['1', '2', '3', '6']) {
      const pages = await api.pages<Listed>(`${PATH}/${userId}/credentials`, { limit });
      expect(pages.map(({ length }) => length)).toEqual({ 1: [1, 1, 1, 1, 1, 1], 2: [2, 2, 2], 3: [3, 3], 6: [6] }[limit]);
      expect(pages.flat().map(({ id }) => id)).toEqual(all);
    }
    const { nextCursor } = (await api.get(`${PATH}/${userId}/credentials?limit=1`)).json as { nextCursor: string };
    expect(Buffer.from(nextCursor, 'base64url').toString()).not.toContain('iss:');
    const elsewhere = await api.get(`${PATH}/${like}/credentials?cursor=${nextCursor}`);
    expect(placesOf(elsewhere)).toEqual(['query cursor']);
  });

  it.each(['limit=0', 'limit=1001', 'cursor=nonsense'])('refuses %s', async (query) => {
    const { id } = await api.create(PATH, {});
    expect(placesOf(await api.get(`${PATH}/${id}/credentials?${query}`))).toEqual([`query ${query.split('=')[0] ?? ''}`]);
  });

  it('answers 404 for a user that is none', async () => {
    for (const id of [randomUUID(), 'none', '$ne']) {
      const answer = await api.get(`${PATH}/${id}/credentials`);
      expect([answer.status, answer.json.code]).toEqual([404, 'NotFound']);
    }
  });

  const entryOf = async (userId: string): Promise<IssuedCredentialsDocument> =>
    (await system().db.issuedCredentials.findOne({ issuerId: DEFAULT_ISSUER_ID, userId }))!;
});
