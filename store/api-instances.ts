import { isDuplicateKey, type Database } from './database.js';

interface Instance {
  readonly db: Database;
  /** Name of the process: the same after a restart. */
  readonly name: string;
  /** Random value of this start. */
  readonly epoch: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** Another process runs under this one's name: each needs an `INSTANCE_NAME` of its own. */
export class InstanceNameTakenError extends Error {
  override readonly name = 'InstanceNameTakenError';
}

/** A process serves all issuers. */
const EVERY_ISSUER = '*';
/** Two heartbeats (of 2 seconds each) may be late. */
const SURELY_ALIVE_MS = 4000;
const SURELY_DEAD_MS = 10_000;

/** Says that this process runs under the name, and so that whoever ran under it before is gone. */
export async function registerInstance({ db, name, epoch, now }: Instance): Promise<void> {
  await db.apiInstances.updateOne(
    { _id: name },
    { $set: { issuerId: EVERY_ISSUER, epoch, seenAt: new Date(now) } },
    { upsert: true },
  );
}

/**
 * Says that this process still runs; due every 2 seconds.
 *
 * @throws {InstanceNameTakenError}
 */
export async function heartbeat({ db, name, epoch, now }: Instance): Promise<void> {
  const seenAt = new Date(now);
  const { matchedCount } = await db.apiInstances.updateOne({ _id: name, epoch }, { $set: { seenAt } });
  if (matchedCount === 1) return;
  try {
    await db.apiInstances.insertOne({ _id: name, issuerId: EVERY_ISSUER, epoch, seenAt });
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
    throw new InstanceNameTakenError('another process runs under this name; give each its own INSTANCE_NAME');
  }
}

export interface SignOfLife {
  /** `uncertain` where the last sign is neither fresh nor old enough. Of a process that died just now it is still fresh. */
  readonly liveness: 'alive' | 'dead' | 'uncertain';
  /** When it was given, milliseconds since the epoch; absent where there is none of that start. */
  readonly seenAt?: number;
}

/** The last sign of life of the process of that start. */
export async function lastSignOfLife({ db, name, epoch, now }: Instance): Promise<SignOfLife> {
  const instance = await db.apiInstances.findOne({ _id: name });
  if (instance === null) return { liveness: 'uncertain' };
  if (instance.epoch !== epoch) return { liveness: 'dead' };
  const seenAt = instance.seenAt.getTime();
  const silence = now - seenAt;
  if (silence <= SURELY_ALIVE_MS) return { liveness: 'alive', seenAt };
  return { liveness: silence > SURELY_DEAD_MS ? 'dead' : 'uncertain', seenAt };
}
