import { isDuplicateKey, type Database } from './database.js';

/** One of the places of which an issuer has so many for records of a kind. */
export interface Slot {
  readonly db: Database;
  readonly issuerId: string;
  readonly kind: string;
  /** How many places there are. */
  readonly most: number;
  /** Record that has, or is about to have, the place. */
  readonly ownerId: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Whether a record is there. */
  readonly exists: (recordId: string) => Promise<boolean>;
}

/** For so long the owner of a place may be about to write. */
const WRITING_MS = 30_000;

/**
 * Takes a place for a record about to be written; call `keepsSlot` after the write, or `releaseSlot` where there is none. The
 * place of a record that has not come in good time (its process died) is taken over, as long as no other is free.
 *
 * @returns false when all are taken
 */
export async function takeSlot(slot: Slot): Promise<boolean> {
  const ids = slotIds(slot);
  for (const _id of ids) if (await takeFree(slot, _id)) return true;
  for (const _id of ids) if (await takeOver(slot, _id)) return true;
  return false;
}

/** Whether a record that was written has a place still: somebody who saw no record may have taken it over. */
export async function keepsSlot(slot: Slot): Promise<boolean> {
  const { db, ownerId } = slot;
  return (await db.reservations.findOne({ _id: { $in: slotIds(slot) }, ownerId }, { projection: { _id: 1 } })) !== null;
}

/** Gives back the place of a record that is gone. */
export async function releaseSlot(slot: Omit<Slot, 'exists' | 'now'>): Promise<void> {
  await slot.db.reservations.deleteMany({ _id: { $in: slotIds(slot) }, ownerId: slot.ownerId });
}

async function takeFree({ db, issuerId, ownerId, now }: Slot, _id: string): Promise<boolean> {
  try {
    await db.reservations.insertOne({ _id, issuerId, ownerId, reservedAt: new Date(now) });
    return true;
  } catch (error) {
    if (isDuplicateKey(error)) return false;
    throw error;
  }
}

async function takeOver(slot: Slot, _id: string): Promise<boolean> {
  const { db, ownerId, exists, now } = slot;
  const taken = await db.reservations.findOne({ _id });
  // Freed since.
  if (taken === null) return takeFree(slot, _id);
  const isBeingWritten = taken.reservedAt !== undefined && now - taken.reservedAt.getTime() < WRITING_MS;
  if (isBeingWritten || (await exists(taken.ownerId))) return false;
  const own = { ownerId, reservedAt: new Date(now) };
  return (await db.reservations.updateOne({ _id, ownerId: taken.ownerId }, { $set: own })).modifiedCount === 1;
}

function slotIds({ issuerId, kind, most }: Pick<Slot, 'issuerId' | 'kind' | 'most'>): string[] {
  return Array.from({ length: most }, (_none, index) => `${issuerId}/${kind}-place/${index + 1}`);
}
