import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KeyEncryptionRing } from '../../keys/key-encryption.js';
import { openDatabase, type Database } from '../../store/database.js';
import { entryIdOf, takeStatusEntries } from '../../store/status-entries.js';
import type { StatusListDocument } from '../../store/status-documents.js';
import { publishStatusList, type SignList } from '../../store/status-publication.js';
import { useSharedSystem } from '../harness/use-system.js';

const system = useSharedSystem();
const ring = new KeyEncryptionRing([new Uint8Array(randomBytes(32))]);
const issuerId = 'default';

/** A second process, as the database sees it. */
let elsewhere: Database;

beforeAll(() => {
  const { mongoUri, databaseName } = system();
  elsewhere = openDatabase({ uri: mongoUri, name: databaseName });
});
afterAll(() => elsewhere.close());

const unsigned: SignList = (_list, changed) =>
  Promise.resolve({
    forms: { changed: JSON.stringify(changed) },
    issuedAt: Date.now(),
    expiresAt: Date.now() + 1000,
    ttlSeconds: 1,
  });

/** A pool of its own with tiny lists. */
function poolOf(size: number) {
  const name = `test/${randomUUID()}`;
  const pool = { profile: 'sd-jwt', mechanism: 'token-status-list', bits: 1, pool: name } as const;
  const published: string[] = [];
  const take = (ownerIds: readonly string[], db: Database = system().db) =>
    takeStatusEntries(
      {
        db,
        ring,
        issuerId,
        pool,
        size,
        now: Date.now(),
        publish: async ({ _id: listId }: StatusListDocument) => {
          await publishStatusList({ db, issuerId, listId, sign: unsigned });
          published.push(listId);
        },
      },
      ownerIds,
    );
  const lists = () => system().db.statusLists.find({ issuerId, pool: name }).sort({ sequence: 1 }).toArray();
  return { take, lists, published };
}

const owners = (count: number, name = 'owner') => Array.from({ length: count }, (_, index) => `${name}-${index}/0`);
const placeOf = ({ list, index }: { list: StatusListDocument; index: number }) => entryIdOf({ listId: list._id, index });

describe('entries of status lists', () => {
  it('TSL-08 are one for each owner and never shared, when two processes take 120 at once from lists of 16', async () => {
    const { take, lists } = poolOf(16);
    const asked = owners(120);
    const halves = [asked.slice(0, 60), asked.slice(60)] as const;
    const taken = (await Promise.all([take(halves[0]), take(halves[1], elsewhere)])).flat();
    expect(new Set(taken.map(placeOf)).size).toBe(120);
    const { db } = system();
    for (const [at, place] of taken.entries()) {
      expect((await db.statusEntries.findOne({ _id: placeOf(place) }))?.ownerId).toBe(asked[at]);
    }
    const sequences = (await lists()).map(({ sequence }) => sequence);
    expect(sequences).toEqual(sequences.map((_, index) => index + 1));
    expect(sequences.length).toBeGreaterThanOrEqual(120 / 16);
  });

  it('are the same for an owner who comes again, at once, later, or in another process', async () => {
    const { take } = poolOf(1000);
    const asked = owners(20);
    const runs = await Promise.all([take(asked), take(asked, elsewhere), take(asked)]);
    const later = await take(asked, elsewhere);
    const places = [...runs, later].map((run) => run.map(placeOf));
    for (const run of places) expect(run).toEqual(places[0]);
    const { db } = system();
    const [first] = runs[0];
    expect(await db.statusEntries.countDocuments({ listId: first!.list._id })).toBe(20);
  });

  it('are the same also where the owner had to try several places', async () => {
    const { take } = poolOf(40);
    const asked = owners(20);
    const first = (await take(asked)).map(placeOf);
    expect((await take(asked, elsewhere)).map(placeOf)).toEqual(first);
  });

  it('lie at random: neighbours in time are no neighbours in the list', async () => {
    const { take } = poolOf(100_000);
    const indices = (await take(owners(200))).map(({ index }) => index);
    const inOrder = indices.filter((index, at) => at > 0 && Math.abs(index - indices[at - 1]!) <= 1);
    expect(inOrder.length).toBeLessThan(3);
    // Each fifth of the list has some 40 of them.
    const fifths = [0, 1, 2, 3, 4].map((fifth) => indices.filter((index) => Math.floor(index / 20_000) === fifth).length);
    expect(Math.min(...fifths)).toBeGreaterThan(15);
  });

  it('cannot be foretold without the key', async () => {
    const { take, lists } = poolOf(100_000);
    const [first] = await take(['foretold/0']);
    const { db } = system();
    const [list] = await lists();
    const otherRing = new KeyEncryptionRing([new Uint8Array(randomBytes(32))]);
    const pool = { profile: list!.profile, mechanism: list!.mechanism, bits: list!.bits, pool: list!.pool };
    const scope = { db, ring: otherRing, issuerId, pool, size: 100_000, now: 0, publish: () => Promise.resolve() };
    const [second] = await takeStatusEntries(scope, ['foretold/0']);
    expect(second!.index).not.toBe(first!.index);
  });

  it('are given out only of lists that can be fetched, also where the list was made by a process that died', async () => {
    const { take, lists, published } = poolOf(8);
    await take(owners(1));
    const [list] = await lists();
    expect(published).toEqual([list!._id]);
    const { db } = system();
    await db.publishedStatusLists.deleteOne({ _id: list!._id });
    // A process that knows nothing yet.
    await take(owners(1, 'later'), elsewhere);
    expect(await db.publishedStatusLists.findOne({ _id: list!._id })).not.toBeNull();
  });

  it('are not taken while the list cannot be published, and are afterwards', async () => {
    const { db } = system();
    const pool = { profile: 'sd-jwt', mechanism: 'token-status-list', bits: 1, pool: `test/${randomUUID()}` } as const;
    const scope = { db, ring, issuerId, pool, size: 8, now: 0 };
    const away = () => Promise.reject(new Error('the signer is away'));
    await expect(takeStatusEntries({ ...scope, publish: away }, ['a/0'])).rejects.toThrow('the signer is away');
    expect(await takeStatusEntries({ ...scope, publish: () => Promise.resolve() }, ['a/0'])).toHaveLength(1);
  });

  it('fill a list to about half before the next one is opened', async () => {
    const { take, lists } = poolOf(512);
    for (let batch = 0; batch < 12; batch += 1) await take(owners(50, `batch-${batch}`));
    const [first, second] = await lists();
    const { db } = system();
    expect(second).toBeDefined();
    expect(await db.statusEntries.countDocuments({ listId: first!._id })).toBeGreaterThan(200);
  });
});
