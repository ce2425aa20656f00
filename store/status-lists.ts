import { isDuplicateKey, type Database } from './database.js';
import { derivedUuid } from './derived-uuid.js';
import type { StatusListDocument } from './status-documents.js';

/** Signs and publishes a list; done once it can be fetched. */
export type PublishList = (list: StatusListDocument) => Promise<void>;

/** A pool of lists, and what opens the next one. */
export interface PoolScope {
  readonly db: Database;
  readonly issuerId: string;
  readonly pool: Pick<
    StatusListDocument,
    'profile' | 'mechanism' | 'bits' | 'pool' | 'iacaId' | 'statusListConfigurationId' | 'issuerDid'
  >;
  /** Entries of a list that is opened now. */
  readonly size: number;
  readonly publish: PublishList;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** The newest list of each pool, as far as this process knows: one that has a newer one gives entries as well. */
interface Known {
  readonly newest: Map<string, StatusListDocument>;
  readonly opening: Map<string, Promise<StatusListDocument>>;
}

const MOST_POOLS = 1000;
const known = new WeakMap<Database, Known>();

/** The list of a pool that takes entries. It can be fetched: nobody is to find a credential whose list is not there. */
export async function currentStatusList(scope: PoolScope): Promise<StatusListDocument> {
  return knownOf(scope.db).newest.get(keyOf(scope)) ?? oneAtATime(scope, () => openNewest(scope));
}

/** The list to go on with after one that is full. Whoever asks first opens it; there is one, however many ask. */
export async function nextStatusList(scope: PoolScope, full: StatusListDocument): Promise<StatusListDocument> {
  return newerThan(scope, full) ?? oneAtATime(scope, async () => newerThan(scope, full) ?? openAfter(scope, full.sequence));
}

function newerThan(scope: PoolScope, { sequence }: StatusListDocument): StatusListDocument | undefined {
  const newest = knownOf(scope.db).newest.get(keyOf(scope));
  return newest !== undefined && newest.sequence > sequence ? newest : undefined;
}

async function openNewest(scope: PoolScope): Promise<StatusListDocument> {
  const { db, issuerId, pool } = scope;
  const [newest] = await db.statusLists.find({ issuerId, pool: pool.pool }).sort({ sequence: -1 }).limit(1).toArray();
  return newest === undefined ? openAfter(scope, 0) : usable(scope, newest);
}

async function openAfter(scope: PoolScope, sequence: number): Promise<StatusListDocument> {
  const { db, issuerId, pool, size, now } = scope;
  const list: StatusListDocument = {
    _id: listIdOf({ issuerId, pool: pool.pool, sequence: sequence + 1 }),
    issuerId,
    ...pool,
    size,
    sequence: sequence + 1,
    revision: 0,
    createdAt: new Date(now),
  };
  try {
    await db.statusLists.insertOne(list);
    return await usable(scope, list);
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
  }
  const theirs = await db.statusLists.findOne({ _id: list._id, issuerId });
  return usable(scope, theirs ?? list);
}

/** A list whose maker died before it was published is published now. */
async function usable(scope: PoolScope, list: StatusListDocument): Promise<StatusListDocument> {
  const { db, issuerId, publish } = scope;
  const published = await db.publishedStatusLists.findOne({ _id: list._id, issuerId }, { projection: { _id: 1 } });
  if (published === null) await publish(list);
  const { newest } = knownOf(db);
  if (newest.size >= MOST_POOLS) newest.clear();
  if ((newest.get(keyOf(scope))?.sequence ?? 0) < list.sequence) newest.set(keyOf(scope), list);
  return list;
}

/** Of many that find a list full at once, one of each process opens the next. */
async function oneAtATime(scope: PoolScope, open: () => Promise<StatusListDocument>): Promise<StatusListDocument> {
  const { opening } = knownOf(scope.db);
  const key = keyOf(scope);
  const running = opening.get(key) ?? open().finally(() => opening.delete(key));
  opening.set(key, running);
  return running;
}

function keyOf({ issuerId, pool }: PoolScope): string {
  return `${issuerId}/${pool.pool}`;
}

function knownOf(db: Database): Known {
  const found = known.get(db) ?? { newest: new Map(), opening: new Map() };
  known.set(db, found);
  return found;
}

/** A UUID that follows from the place in the pool: two processes that open the next list make the same one. */
function listIdOf({ issuerId, pool, sequence }: { issuerId: string; pool: string; sequence: number }): string {
  return derivedUuid(`status-list/${issuerId}/${pool}/${sequence}`);
}
