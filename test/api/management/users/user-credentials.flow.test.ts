import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import type { IssuedCredentialsDocument, MobileDigests } from '../../../../store/documents.js';
import { DEFAULT_ISSUER_ID } from '../../../../store/issuer-directory.js';
import type { StatusValue } from '../../../../store/status-documents.js';
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
      id: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/) as string,
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
    expect(id).toBe(ledger.credentialId);
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

  it('stays when the user is deleted, and the configuration as well', async () => {
    const of = await backend.configuration();
    const { id } = await api.create(PATH, { claims: { level: 1 } });
    await issue({ userId: id, of });
    const before = await list(id);
    expect(before).toHaveLength(1);
    expect((await api.delete(`${PATH}/${id}`)).status).toBe(204);
    expect(await list(id)).toEqual(before);
    expect((await api.get(`${PATH}/${id}`)).json).toEqual({ id, claims: {} });
    await api.delete(`${CONFIGURATIONS}/${of}`);
    expect(await list(id)).toEqual(before);
  });

  it('shows what a mobile credential hashes to, of each copy, and when it begins', async () => {
    const userId = randomUUID();
    const digests = (number: number): MobileDigests => ({
      msoHash: `mso-${number}`,
      devicePublicKey: { kty: 'EC', crv: 'P-256', x: `x-${number}`, y: 'y' },
      elements: [
        { namespace: 'org.iso.18013.5.1', element: 'family_name', digestId: 3, digest: `a-${number}` },
        { namespace: 'org.iso.18013.5.1', element: 'age_over_18', digestId: 0, digest: 'b' },
        { namespace: 'org.iso.18013.5.1.NZ', element: '__proto__', digestId: 7, digest: 'c' },
      ],
    });
    const validFrom = new Date('2026-01-01T00:00:00Z');
    const mobile = { profile: 'mobile', type: 'org.iso.18013.5.1.mDL', validFrom } as const;
    await enter(userId, { ...mobile, issuedAt: new Date(1), mobileDigests: [digests(1)] });
    await enter(userId, { ...mobile, issuedAt: new Date(2), count: 2, mobileDigests: [digests(1), digests(2)] });
    const shown = (number: number) => ({
      devicePublicKey: { kty: 'EC', crv: 'P-256', x: `x-${number}`, y: 'y' },
      namespaces: {
        'org.iso.18013.5.1': {
          family_name: { digestID: 3, digest: `a-${number}` },
          age_over_18: { digestID: 0, digest: 'b' },
        },
        'org.iso.18013.5.1.NZ': { ['__proto__']: { digestID: 7, digest: 'c' } },
      },
      msoHash: `mso-${number}`,
    });
    const [one, two] = await list(userId);
    expect(one).toMatchObject({
      profile: 'mobile',
      type: 'org.iso.18013.5.1.mDL',
      validFrom: validFrom.toISOString(),
      ...shown(1),
    });
    expect(one).not.toHaveProperty('copies');
    expect(two).toMatchObject({ count: 2, ...shown(1), copies: [shown(1), shown(2)] });
  });

  it('says of each credential what its status lists say', async () => {
    const userId = randomUUID();
    const listId = randomUUID();
    const statuses: readonly (readonly StatusValue[])[] = [[], [0], [1], [2], [0, 0], [0, 2], [2, 1]];
    let index = 0;
    for (const [at, of] of statuses.entries()) {
      const places = of.map((status) => ({ listId, index: index++, status }));
      await enter(userId, { issuedAt: new Date(at), statuses: places.map(({ index: place }) => ({ listId, index: place })) });
      for (const { status, index: place } of places)
        await system().db.statusEntries.insertOne({
          _id: `${listId}/${place}`,
          issuerId: DEFAULT_ISSUER_ID,
          listId,
          index: place,
          ownerId: `${userId}/${place}`,
          status,
        });
    }
    const shown = (await list(userId)) as (Listed & { status: string })[];
    expect(shown.map(({ status }) => status)).toEqual([
      'valid',
      'valid',
      'invalid',
      'suspended',
      'valid',
      'suspended',
      'invalid',
    ]);
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
      credentialId: randomUUID(),
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
    const entries = times.map((issuedAt) => ({ ...entry, ...newIds(), userId, issuedAt }));
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
    // A cursor tells where to go on, of whatever list: this user's are all later.
    expect((await api.get(`${PATH}/${like}/credentials?cursor=${nextCursor}`)).json).toMatchObject({ data: [{}] });
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

  const newIds = () => ({ _id: `iss:x:${randomUUID()}/${randomUUID()}`, credentialId: randomUUID() });

  /** Enters a credential in the ledger, like one that was issued. */
  const enter = async (userId: string, more: Partial<IssuedCredentialsDocument>) => {
    like ??= (await issue()).userId;
    await system().db.issuedCredentials.insertOne({ ...(await entryOf(like)), ...newIds(), userId, ...more });
  };
  let like: string | undefined;

  const entryOf = async (userId: string): Promise<IssuedCredentialsDocument> =>
    (await system().db.issuedCredentials.findOne({ issuerId: DEFAULT_ISSUER_ID, userId }))!;
});
