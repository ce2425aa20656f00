import type { Database } from './database.js';
import type { IssuedCredentialsDocument, StatusEntryReference } from './documents.js';
import type { StatusValue } from './status-documents.js';
import { entryIdOf } from './status-entries.js';
import type { StatusPublications } from './status-publication.js';

/** A ledger entry, of which this much is needed. */
export type StatusOwner = Pick<IssuedCredentialsDocument, '_id' | 'issuerId' | 'statuses'>;

/** The status is final, and not what was asked for. */
export class StatusFinalError extends Error {
  override readonly name = 'StatusFinalError';
}

/** Others change the status of the same credential all the time; a repeat may have more luck. */
export class StatusContentionError extends Error {
  override readonly name = 'StatusContentionError';
}

interface ChangeScope {
  readonly db: Database;
  readonly publications: StatusPublications;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

const MOST_ATTEMPTS = 20;

/**
 * Gives all copies of a credential a status, and asks for their lists to be published. May be repeated: also where it was
 * done already, publication is asked for again, so that a repeat mends what a crash left undone.
 *
 * Of several changes at once one stands, for all copies: what the first copy says counts, and the others follow it.
 *
 * @param options.reversible whether 1 (invalid) may be left; else it is final
 * @throws {StatusFinalError | StatusContentionError}
 */
export async function changeStatus(
  { db, publications, now }: ChangeScope,
  { owner, status, reversible }: { owner: StatusOwner; status: StatusValue; reversible: boolean },
): Promise<void> {
  const { issuerId, statuses = [] } = owner;
  const [leader, ...others] = statuses;
  if (leader === undefined) return;
  const set = { $set: { status, changedAt: new Date(now()) } };
  const allowed = reversible || status === 1 ? {} : { status: { $ne: 1 as const } };
  const { matchedCount } = await db.statusEntries.updateOne({ _id: entryIdOf(leader), issuerId, ...allowed }, set);
  if (matchedCount === 0) throw new StatusFinalError('the credential is invalid for good');
  await followLeader({ db, issuerId, now }, leader, others);
  const listIds = [...new Set(statuses.map(({ listId }) => listId))];
  for (const listId of listIds) await countChange(db, issuerId, listId);
  for (const listId of listIds) await publications.request({ issuerId, listId });
}

async function followLeader(
  { db, issuerId, now }: Pick<ChangeScope, 'db' | 'now'> & { issuerId: string },
  leader: StatusEntryReference,
  others: readonly StatusEntryReference[],
): Promise<void> {
  if (others.length === 0) return;
  for (let attempts = 0; attempts < MOST_ATTEMPTS; attempts += 1) {
    const known = await readStatuses(db, issuerId, [leader, ...others]);
    const status = known.get(entryIdOf(leader)) ?? 0;
    const behind = others.map(entryIdOf).filter((_id) => known.get(_id) !== status);
    if (behind.length === 0) return;
    const set = { $set: { status, changedAt: new Date(now()) } };
    await Promise.all(
      // Guarded by what was read: a copy that somebody else has set meanwhile is looked at again.
      behind.map((_id) => db.statusEntries.updateOne({ _id, issuerId, status: known.get(_id) ?? 0 }, set)),
    );
  }
  throw new StatusContentionError('the status is being changed by others');
}

/** Counts a change of a list's entries, after it was made: a publication of an earlier revision is out of date. */
async function countChange(db: Database, issuerId: string, listId: string): Promise<void> {
  for (;;) {
    const list = await db.statusLists.findOne({ _id: listId, issuerId }, { projection: { revision: 1 } });
    if (list === null) return;
    const { revision } = list;
    const { modifiedCount } = await db.statusLists.updateOne(
      { _id: listId, issuerId, revision },
      { $set: { revision: revision + 1 } },
    );
    if (modifiedCount === 1) return;
  }
}

/** The status of a ledger entry's credentials; `undefined` where they have none. */
export async function statusOf(db: Database, owner: StatusOwner): Promise<StatusValue | undefined> {
  return (await statusesOf(db, [owner])).get(owner._id);
}

/** The status of each ledger entry whose credentials have one, by its `_id`. */
export async function statusesOf(db: Database, owners: readonly StatusOwner[]): Promise<ReadonlyMap<string, StatusValue>> {
  const leaders = owners.flatMap(({ _id, issuerId, statuses: [leader] = [] }) =>
    leader === undefined ? [] : [{ ownerId: _id, issuerId, leader }],
  );
  const [first] = leaders;
  if (first === undefined) return new Map();
  const known = await readStatuses(
    db,
    first.issuerId,
    leaders.map(({ leader }) => leader),
  );
  return new Map(leaders.map(({ ownerId, leader }) => [ownerId, known.get(entryIdOf(leader)) ?? 0]));
}

async function readStatuses(
  db: Database,
  issuerId: string,
  entries: readonly StatusEntryReference[],
): Promise<ReadonlyMap<string, StatusValue>> {
  const found = await db.statusEntries
    .find({ _id: { $in: entries.map(entryIdOf) }, issuerId }, { projection: { status: 1 } })
    .toArray();
  return new Map(found.map(({ _id, status }) => [_id, status]));
}
