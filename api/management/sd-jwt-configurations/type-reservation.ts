import { createHash } from 'node:crypto';
import { isDuplicateKey, type Database } from '../../../store/database.js';
import { ManagementError } from '../../http/errors.js';

/** A configuration that has, or is about to have, a type. */
interface Claimant {
  readonly issuerId: string;
  readonly type: string;
  readonly configurationId: string;
}

/**
 * Reserves a type for a configuration about to be written; call `confirmType` after the write.
 *
 * A reservation whose owner does not have the type (its process died, or it changed) is taken over.
 *
 * @throws {ManagementError} 400 when another configuration has the type
 */
export async function reserveType(db: Database, claimant: Claimant): Promise<void> {
  const { issuerId, configurationId } = claimant;
  const _id = reservationId(claimant);
  try {
    await db.reservations.insertOne({ _id, issuerId, ownerId: configurationId });
    return;
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
  }
  const reservation = await db.reservations.findOne({ _id });
  // Freed since.
  if (reservation === null) return reserveType(db, claimant);
  const { ownerId } = reservation;
  if (ownerId === configurationId) return;
  if (await hasType(db, { ...claimant, configurationId: ownerId })) throw typeTaken();
  const { modifiedCount } = await db.reservations.updateOne({ _id, ownerId }, { $set: { ownerId: configurationId } });
  if (modifiedCount === 0) throw typeTaken();
  // The owner may have been about to write, and done so before it could see our taking over.
  if (!(await hasType(db, { ...claimant, configurationId: ownerId }))) return;
  await db.reservations.updateOne({ _id, ownerId: configurationId }, { $set: { ownerId } });
  throw typeTaken();
}

/**
 * Makes sure, after the configuration was written, that its reservation was not taken over meanwhile.
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

function reservationId({ issuerId, type }: Claimant): string {
  return `${issuerId}/sd-jwt-type/${createHash('sha256').update(type).digest('base64url')}`;
}

function typeTaken(): ManagementError {
  return ManagementError.validation([{ msg: 'is already the type of another configuration', param: 'type', location: 'body' }]);
}
