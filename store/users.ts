import { createHmac } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { openEnvelope, sealEnvelope } from '../keys/envelope.js';
import type { KeyEncryptionRing } from '../keys/key-encryption.js';
import { isDuplicateKey, type Database } from './database.js';
import type { UserDocument, UserIdentity } from './documents.js';

type Claims = Readonly<Record<string, unknown>>;

/** What the functions here work with. */
interface UserScope {
  readonly db: Database;
  readonly ring: KeyEncryptionRing;
  readonly issuerId: string;
}

/** Somebody at a provider. */
export interface Subject {
  readonly providerId: string;
  readonly url: string;
  readonly subjectId: string;
}

/** The user is being changed by others all the time; a repeat may have more luck. */
export class UserContentionError extends Error {
  override readonly name = 'UserContentionError';
}

/** Another user has this identity already. */
export class IdentityTakenError extends Error {
  override readonly name = 'IdentityTakenError';
}

const MOST_ATTEMPTS = 10;

export function findUser({ db, issuerId }: Pick<UserScope, 'db' | 'issuerId'>, userId: string): Promise<UserDocument | null> {
  return db.users.findOne({ _id: userId, issuerId });
}

/** The claims kept with a user. */
export function claimsOfUser(ring: KeyEncryptionRing, { _id, claims }: UserDocument): Claims {
  return claims === undefined ? {} : (openEnvelope({ ring, envelope: claims, context: _id }) as Claims);
}

/** Who a user is at a provider, or `undefined`. */
export function subjectOfUser(ring: KeyEncryptionRing, { _id, authenticationProvider }: UserDocument): Subject | undefined {
  if (authenticationProvider === undefined) return undefined;
  const { providerId, url, subject } = authenticationProvider;
  return { providerId, url, subjectId: openEnvelope({ ring, envelope: subject, context: _id }) as string };
}

export function sealClaims(ring: KeyEncryptionRing, userId: string, claims: Claims) {
  return sealEnvelope({ ring, value: claims, context: userId });
}

export function sealIdentity(ring: KeyEncryptionRing, userId: string, { providerId, url, subjectId }: Subject): UserIdentity {
  return { providerId, url, subject: sealEnvelope({ ring, value: subjectId, context: userId }) };
}

/** The id of the user that has this identity, or `undefined`. */
export async function userOfSubject({ db, ring, issuerId }: UserScope, subject: Subject): Promise<string | undefined> {
  // Made under whichever key was current then.
  const ids = ring.keyNames.map((name) => reservationId(ring, { issuerId, name, subject }));
  const found = await db.reservations.findOne({ _id: { $in: ids }, issuerId });
  return found?.ownerId;
}

/**
 * Gives a user an identity, which only one user of an issuer can have.
 *
 * @throws {IdentityTakenError}
 */
export async function reserveSubject(scope: UserScope, userId: string, subject: Subject): Promise<void> {
  const known = await userOfSubject(scope, subject);
  if (known === userId) return;
  if (known !== undefined) throw new IdentityTakenError('another user has this identity');
  if (await insertReservation(scope, userId, subject)) return;
  if ((await userOfSubject(scope, subject)) !== userId) throw new IdentityTakenError('another user has this identity');
}

/** False where the subject is reserved under the current key. */
async function insertReservation({ db, ring, issuerId }: UserScope, userId: string, subject: Subject): Promise<boolean> {
  const [name = ''] = ring.keyNames;
  try {
    await db.reservations.insertOne({ _id: reservationId(ring, { issuerId, name, subject }), issuerId, ownerId: userId });
    return true;
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
    return false;
  }
}

/** Frees the identities of a user. */
export async function releaseSubject({ db, ring, issuerId }: UserScope, user: UserDocument): Promise<void> {
  const subject = subjectOfUser(ring, user);
  if (subject === undefined) return;
  const ids = ring.keyNames.map((name) => reservationId(ring, { issuerId, name, subject }));
  await db.reservations.deleteMany({ _id: { $in: ids }, issuerId, ownerId: user._id });
}

/**
 * The user of a subject who logged in: the one there is, or a new one under `newUserId`. Of several logins at once all
 * come to the same user.
 *
 * @param options.now milliseconds since the epoch
 */
export async function ensureSubjectUser(
  scope: UserScope,
  { subject, newUserId, now }: { subject: Subject; newUserId: string; now: number },
): Promise<string> {
  const { db, ring, issuerId } = scope;
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt += 1) {
    const known = await userOfSubject(scope, subject);
    // Also where the reservation was there: who made it may have died before the user was.
    if (known !== undefined && (await findUser(scope, known)) !== null) return known;
    const userId = known ?? (await winner(scope, { subject, newUserId }));
    const record = {
      _id: userId,
      issuerId,
      authenticationProvider: sealIdentity(ring, userId, subject),
      createdAt: new Date(now),
    };
    await db.users.insertOne(record).catch((error: unknown) => {
      if (!isDuplicateKey(error)) throw error;
    });
    // A user deleted in between must not be back without its identity.
    if ((await userOfSubject(scope, subject)) === userId) return userId;
    await db.users.deleteOne({ _id: userId, issuerId, claims: { $exists: false } });
  }
  throw new UserContentionError('the user is being changed by other requests');
}

/** Of several who reserve an unknown subject at once, the user that has it. */
async function winner(scope: UserScope, { subject, newUserId }: { subject: Subject; newUserId: string }): Promise<string> {
  if (await insertReservation(scope, newUserId, subject)) return newUserId;
  return (await userOfSubject(scope, subject)) ?? newUserId;
}

/**
 * Keeps claims with a user beside those kept before; a name's value is replaced whole. Safe to repeat.
 *
 * @returns false where there is no such user
 * @throws {UserContentionError}
 */
export async function keepClaims(
  { db, ring, issuerId }: UserScope,
  { userId, claims }: { userId: string; claims: Claims },
): Promise<boolean> {
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt += 1) {
    const user = await findUser({ db, issuerId }, userId);
    if (user === null) return false;
    const kept = claimsOfUser(ring, user);
    const all = { ...kept, ...claims };
    if (isDeepStrictEqual(all, kept)) return true;
    const merged = sealClaims(ring, userId, all);
    const unchanged = user.claims === undefined ? { claims: { $exists: false } } : { 'claims.data': user.claims.data };
    const { modifiedCount } = await db.users.updateOne({ _id: userId, issuerId, ...unchanged }, { $set: { claims: merged } });
    if (modifiedCount === 1) return true;
  }
  throw new UserContentionError('the user is being changed by other requests');
}

function reservationId(
  ring: KeyEncryptionRing,
  { issuerId, name, subject }: { issuerId: string; name: string; subject: Subject },
): string {
  const hash = createHmac('sha256', ring.subkey('user-subject', name))
    // With the URL: a provider's record that comes to name another provider must not hand its users over.
    .update(`${issuerId}\0${subject.providerId}\0${subject.url}\0${subject.subjectId}`)
    .digest('base64url');
  return `${issuerId}/user-subject/${hash}`;
}
