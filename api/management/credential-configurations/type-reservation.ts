import { createHash } from 'node:crypto';
import { isDuplicateKey, type Database } from '../../../store/database.js';
import { ManagementError } from '../../http/errors.js';

/** A configuration that has, or is about to have, a type. */
export interface Claimant {
  readonly issuerId: string;
  /** Within which types are unique. */
  readonly namespace: string;
  readonly type: string;
  readonly configurationId: string;
}

/** For so long a reservation's owner may be about to write. */
const WRITING_MS = 30_000;

/**
 * Reserves a type for a configuration about to be written; call `confirmType` after the write.
 *
 * A reservation whose owner has not got the type in good time (its process died) is taken over.
 *
 * @param now milliseconds since the epoch
 * @throws {ManagementError} 400 when another configuration has the type, or is about to
 */
export async function reserveType(db: Database, claimant: Claimant, now: number): Promise<void> {
  const { issuerId, configurationId } = claimant;
  const _id = reservationId(claimant);
  const reserved = { ownerId: configurationId, reservedAt: new Date(now) };
  try {
    await db.reservations.insertOne({ _id, issuerId, ...reserved });
    return;
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
  }
  const reservation = await db.reservations.findOne({ _id });
  // Freed since.
  if (reservation === null) return reserveType(db, claimant, now);
  const { ownerId, reservedAt } = reservation;
  if (ownerId === configurationId) return;
  const isBeingWritten = reservedAt !== undefined && now - reservedAt.getTime() < WRITING_MS;
  if (isBeingWritten || (await hasType(db, { ...claimant, configurationId: ownerId }))) throw typeTaken();
  const { modifiedCount } = await db.reservations.updateOne({ _id, ownerId }, { $set: reserved });
  if (modifiedCount === 0) throw typeTaken();
}

/**
 * Makes sure, after the configuration was written, that its reservation was not taken over: it may have taken too long.
 *
 * @param undo takes the write back
 * @throws {ManagementError} 400
 */
export async function confirmType(db: Database, claimant: Claimant, undo: () => Promise<unknown>): Promise<void> {
  const reservation = await db.reservations.findOne({ _id: reservationId(claimant) });
  if (reservation?.ownerId === claimant.configurationId) return;
  await undo();
  throw typeTaken();
}

/** Frees a type that the configuration no longer has. */
export async function releaseType(db: Database, claimant: Claimant): Promise<void> {
  await db.reservations.deleteOne({ _id: reservationId(claimant), ownerId: claimant.configurationId });
}

async function hasType(db: Database, { issuerId, type, configurationId }: Claimant): Promise<boolean> {
  return (
    (await db.credentialConfigurations.findOne({ _id: configurationId, issuerId, type }, { projection: { _id: 1 } })) !== null
  );
}

function reservationId({ issuerId, namespace, type }: Claimant): string {
  return `${issuerId}/${namespace}-type/${createHash('sha256').update(type).digest('base64url')}`;
}

function typeTaken(): ManagementError {
  return ManagementError.validation([{ msg: 'is already the type of another configuration', param: 'type', location: 'body' }]);
}
