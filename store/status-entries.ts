import { createHmac } from 'node:crypto';
import type { KeyEncryptionRing } from '../keys/key-encryption.js';
import { isDuplicateKey, type Database } from './database.js';
import type { StatusListDocument } from './status-documents.js';
import { currentStatusList, nextStatusList, type PoolScope } from './status-lists.js';

/** An entry that is its owner's alone. */
export interface TakenEntry {
  readonly list: StatusListDocument;
  readonly index: number;
}

/** Every list that was tried is full: others take entries faster than lists can be opened. */
export class StatusListsExhaustedError extends Error {
  override readonly name = 'StatusListsExhaustedError';
}

/**
 * Places that an owner tries before a list counts as full. At half of its entries taken, one owner of 65,000 finds all of
 * them taken: so lists are left at about half, and a place is found at the second attempt on average even then.
 */
const CANDIDATES = 16;
const MOST_LISTS = 64;

/**
 * Takes an entry of a pool's list for each owner, in the order of the owners: at random, and never one that was taken before
 * (TSL-08). One write an entry as long as lists are not nearly full.
 *
 * Which places an owner tries follows from a keyed hash of list and owner, so that one who comes again, after a crash or at
 * the same time in another process, gets the entry that is its own already. (Where the pool has gone on to its next list
 * meanwhile, it gets one there, and the first one is left, valid, for good.)
 *
 * @param ownerIds `<ledger id>/<copy>`
 * @throws {StatusListsExhaustedError}
 */
export function takeStatusEntries(
  scope: PoolScope & { readonly ring: KeyEncryptionRing },
  ownerIds: readonly string[],
): Promise<TakenEntry[]> {
  return Promise.all(ownerIds.map((ownerId) => takeFromPool(scope, ownerId)));
}

async function takeFromPool(scope: PoolScope & { readonly ring: KeyEncryptionRing }, ownerId: string): Promise<TakenEntry> {
  let list = await currentStatusList(scope);
  for (let tried = 0; tried < MOST_LISTS; tried += 1) {
    const index = await takeFromList({ db: scope.db, ring: scope.ring, list, ownerId });
    if (index !== undefined) return { list, index };
    list = await nextStatusList(scope, list);
  }
  throw new StatusListsExhaustedError('no status list has a free entry');
}

interface EntryScope {
  readonly db: Database;
  readonly ring: KeyEncryptionRing;
  readonly list: StatusListDocument;
  readonly ownerId: string;
}

/** @returns the index, or `undefined` where every place that the owner tries is somebody else's */
async function takeFromList(scope: EntryScope): Promise<number | undefined> {
  const candidates = candidatesOf(scope);
  const [first = 0] = candidates;
  if (await insertEntry(scope, first)) return first;
  // Somebody's, and maybe our own: from here on, reading first saves writes.
  for (;;) {
    const owners = await ownersOf(scope, candidates);
    const next = candidates.find((index) => (owners.get(index) ?? scope.ownerId) === scope.ownerId);
    if (next === undefined) return undefined;
    if (owners.has(next) || (await insertEntry(scope, next))) return next;
  }
}

/** Entries are never deleted, so that the same owner always comes to the same one of these. */
function candidatesOf({ ring, list, ownerId }: EntryScope): number[] {
  const key = ring.subkey('status-index');
  const candidates = Array.from({ length: CANDIDATES }, (_, attempt) => {
    const hash = createHmac('sha256', key).update(`${list._id}/${ownerId}/${attempt}`).digest();
    // 64 bits: what the remainder prefers, it prefers by less than one in 2^40.
    return Number(hash.readBigUInt64BE() % BigInt(list.size));
  });
  return [...new Set(candidates)];
}

/** Whether the entry was free. */
async function insertEntry({ db, list, ownerId }: EntryScope, index: number): Promise<boolean> {
  try {
    const { issuerId, _id: listId } = list;
    await db.statusEntries.insertOne({ _id: entryIdOf({ listId, index }), issuerId, listId, index, ownerId, status: 0 });
    return true;
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
    return false;
  }
}

async function ownersOf({ db, list }: EntryScope, candidates: readonly number[]): Promise<ReadonlyMap<number, string>> {
  const ids = candidates.map((index) => entryIdOf({ listId: list._id, index }));
  const entries = await db.statusEntries
    .find({ _id: { $in: ids }, issuerId: list.issuerId }, { projection: { index: 1, ownerId: 1 } })
    .toArray();
  return new Map(entries.map(({ index, ownerId }) => [index, ownerId]));
}

/** `<listId>/<index>` */
export function entryIdOf({ listId, index }: { listId: string; index: number }): string {
  return `${listId}/${index}`;
}
