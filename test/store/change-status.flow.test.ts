import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { changeStatus, StatusFinalError, statusOf } from '../../store/change-status.js';
import type { StatusValue } from '../../store/status-documents.js';
import { entryIdOf } from '../../store/status-entries.js';
import { dueStatusLists, publishStatusList, type SignList } from '../../store/status-publication.js';
import { useSharedSystem } from '../harness/use-system.js';

const system = useSharedSystem();

/** An issuer of its own with one list, and a credential of so many copies. */
async function credentialOf(copies: number) {
  const { db } = system();
  const issuerId = `test-${randomUUID()}`;
  const listId = randomUUID();
  await db.statusLists.insertOne({
    _id: listId,
    issuerId,
    profile: 'sd-jwt',
    mechanism: 'token-status-list',
    bits: 2,
    size: 1000,
    pool: 'test',
    sequence: 1,
    revision: 0,
    createdAt: new Date(),
  });
  const statuses = Array.from({ length: copies }, (_, copy) => ({ listId, index: copy * 7 }));
  for (const [copy, { index }] of statuses.entries()) {
    const _id = entryIdOf({ listId, index });
    await db.statusEntries.insertOne({ _id, issuerId, listId, index, ownerId: `ledger/${copy}`, status: 0 });
  }
  const owner = { _id: 'ledger', issuerId, statuses };
  const asked: string[] = [];
  const publications = {
    request: async (address: { listId: string }) => {
      await Promise.resolve();
      asked.push(address.listId);
    },
  };
  const change = (status: StatusValue, reversible = false) =>
    changeStatus({ db, publications, now: Date.now }, { owner, status, reversible });
  const values = async () =>
    (await db.statusEntries.find({ issuerId, listId }).sort({ index: 1 }).toArray()).map(({ status }) => status);
  const revision = async () => (await db.statusLists.findOne({ _id: listId }))?.revision;
  return { db, issuerId, listId, owner, asked, publications, change, values, revision };
}

describe('the status of a credential', () => {
  it('is that of all its copies, counts as a change of the list, and is asked to be published', async () => {
    const { db, owner, change, values, revision, asked, listId } = await credentialOf(3);
    await change(2);
    expect(await values()).toEqual([2, 2, 2]);
    expect([await revision(), asked]).toEqual([1, [listId]]);
    expect(await statusOf(db, owner)).toBe(2);
    await change(0);
    expect(await values()).toEqual([0, 0, 0]);
    await change(1);
    expect(await values()).toEqual([1, 1, 1]);
  });

  it('is final once it is invalid, unless it may be taken back', async () => {
    const { change, values } = await credentialOf(2);
    await change(1);
    await expect(change(0)).rejects.toThrow(StatusFinalError);
    await expect(change(2)).rejects.toThrow(StatusFinalError);
    await change(1);
    expect(await values()).toEqual([1, 1]);
    await change(0, true);
    expect(await values()).toEqual([0, 0]);
  });

  it('is one for all copies, whatever is asked for at once', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { change, values } = await credentialOf(4);
      await Promise.all([2, 0, 2, 0, 2].map((status) => change(status as StatusValue)));
      expect(new Set(await values()).size).toBe(1);
    }
  });

  it('is invalid in the end, when suspending and reinstating race with revoking', async () => {
    const { change, values } = await credentialOf(4);
    const attempts = [2, 0, 1, 2, 0].map((status) => change(status as StatusValue).catch((error: unknown) => error));
    const failures = (await Promise.all(attempts)).filter((error) => error !== undefined);
    for (const failure of failures) expect(failure).toBeInstanceOf(StatusFinalError);
    expect(await values()).toEqual([1, 1, 1, 1]);
  });

  it('counts every change of a list, however many come at once', async () => {
    const { change, revision } = await credentialOf(1);
    await Promise.all(Array.from({ length: 12 }, (_, index) => change(index % 2 === 0 ? 2 : 0)));
    expect(await revision()).toBe(12);
  });

  it('stays changed where its publication cannot be asked for, and a repeat asks again', async () => {
    const { db, owner, values, asked, publications, change, revision } = await credentialOf(2);
    const away = { request: () => Promise.reject(new Error('away')) };
    const changing = changeStatus({ db, publications: away, now: Date.now }, { owner, status: 1, reversible: false });
    await expect(changing).rejects.toThrow('away');
    expect([await values(), await revision(), asked]).toEqual([[1, 1], 1, []]);
    await change(1);
    expect(publications).toBeDefined();
    expect(asked).toHaveLength(1);
  });
});

describe('the publication of a list', () => {
  const signing =
    (issuedAt: number, wait: Promise<unknown> = Promise.resolve()): SignList =>
    async (_list, changed) => {
      await wait;
      return { forms: { changed: JSON.stringify(changed) }, issuedAt, expiresAt: issuedAt + 1000, ttlSeconds: 1 };
    };

  it('is never replaced by one of an earlier revision, nor by one of the same that was signed earlier', async () => {
    const { db, issuerId, listId, change } = await credentialOf(1);
    let release: (value?: unknown) => void = () => undefined;
    const held = new Promise((resolve) => {
      release = resolve;
    });
    // Reads the list before the change, and writes after those that came later.
    const slow = publishStatusList({ db, issuerId, listId, sign: signing(9000, held) });
    await new Promise((resolve) => setTimeout(resolve, 100));
    await change(1);
    await publishStatusList({ db, issuerId, listId, sign: signing(2000) });
    await publishStatusList({ db, issuerId, listId, sign: signing(1000) });
    release();
    await slow;
    const published = await db.publishedStatusLists.findOne({ _id: listId });
    expect(published).toMatchObject({ revision: 1, issuedAt: 2000, forms: { changed: '[{"index":0,"status":1}]' } });
    await publishStatusList({ db, issuerId, listId, sign: signing(3000) });
    expect(await db.publishedStatusLists.findOne({ _id: listId })).toMatchObject({ revision: 1, issuedAt: 3000 });
  });

  it('TSL-07 is due when it is missing, out of date, or past half of its life', async () => {
    const { db, issuerId, listId, change } = await credentialOf(1);
    const due = async (now: number) => {
      const found: string[] = [];
      for await (const { _id } of dueStatusLists({ db, issuerId, now })) found.push(_id);
      return found;
    };
    expect(await due(0)).toEqual([listId]);
    await publishStatusList({ db, issuerId, listId, sign: signing(10_000) });
    expect(await due(10_499)).toEqual([]);
    expect(await due(10_500)).toEqual([listId]);
    await change(2);
    expect(await due(10_001)).toEqual([listId]);
    await publishStatusList({ db, issuerId, listId, sign: signing(10_001) });
    expect(await due(10_002)).toEqual([]);
  });

  it('of a list that does not exist comes to nothing', async () => {
    const { db, issuerId } = await credentialOf(1);
    await publishStatusList({ db, issuerId, listId: randomUUID(), sign: signing(1) });
  });
});
