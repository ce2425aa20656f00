import { createHash } from 'node:crypto';
import { openEnvelope, sealEnvelope } from '../../../keys/envelope.js';
import { isDuplicateKey } from '../../../store/database.js';
import type { UserDocument } from '../../../store/documents.js';
import { DEFAULT_ISSUER_ID } from '../../../store/issuer-directory.js';
import type { ApiContext } from '../../context.js';
import { ManagementError } from '../../http/errors.js';
import type { OfferRequest } from './offer.schema.js';

type Claims = Readonly<Record<string, unknown>>;

const MOST_ATTEMPTS = 10;

/** Whom an offer is for, and whether a record about them may hold claims for it. */
export interface OfferUser {
  readonly userId: string;
  readonly usesPersistedClaims: boolean;
}

/**
 * The user of an offer: the one named, or a new one. Only `claimsToPersist` makes a record of a new user.
 *
 * @throws {ManagementError} 400 when there is no such user
 */
export async function resolveUser(
  context: ApiContext,
  { body, sessionId }: { body: OfferRequest; sessionId: string },
): Promise<OfferUser> {
  const { userId } = body;
  if (userId === undefined) return { userId: userIdOf(sessionId), usesPersistedClaims: false };
  if ((await findUser(context, userId)) === null) throw unknownUser();
  return { userId, usesPersistedClaims: true };
}

/** Keeps what `claimsToPersist` names with the user; a name's value is replaced whole. Safe to repeat. */
export async function persistClaims(
  context: ApiContext,
  { body, userId }: { body: OfferRequest; userId: string },
): Promise<void> {
  const { claims = {}, claimsToPersist } = body;
  if (claimsToPersist.length === 0) return;
  const persisted = Object.fromEntries(claimsToPersist.map((name) => [name, claims[name]]));
  if (body.userId === undefined) await insertUser(context, { userId, persisted });
  else await updateUser(context, { userId, persisted });
}

async function insertUser(
  { db, ring, now }: ApiContext,
  { userId, persisted }: { userId: string; persisted: Claims },
): Promise<void> {
  try {
    await db.users.insertOne({
      _id: userId,
      issuerId: DEFAULT_ISSUER_ID,
      claims: sealEnvelope({ ring, value: persisted, context: userId }),
      createdAt: new Date(now()),
    });
  } catch (error) {
    // A repeat of the same request: its claims are the same.
    if (!isDuplicateKey(error)) throw error;
  }
}

async function updateUser(context: ApiContext, { userId, persisted }: { userId: string; persisted: Claims }): Promise<void> {
  const { db, ring } = context;
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt += 1) {
    const user = await findUser(context, userId);
    if (user === null) throw unknownUser();
    const known = user.claims === undefined ? {} : (openEnvelope({ ring, envelope: user.claims, context: userId }) as Claims);
    const claims = sealEnvelope({ ring, value: { ...known, ...persisted }, context: userId });
    const unchanged = user.claims === undefined ? { claims: { $exists: false } } : { 'claims.data': user.claims.data };
    const { modifiedCount } = await db.users.updateOne(
      { _id: userId, issuerId: DEFAULT_ISSUER_ID, ...unchanged },
      { $set: { claims } },
    );
    if (modifiedCount === 1) return;
  }
  throw new ManagementError('Conflict', 'The user is being changed by other requests; try again', { status: 409, retryAfter: 1 });
}

function findUser({ db }: ApiContext, userId: string): Promise<UserDocument | null> {
  return db.users.findOne({ _id: userId, issuerId: DEFAULT_ISSUER_ID });
}

/** A UUID (RFC 9562 version 8) that follows from the session, so that a repeated creation names the same user. */
function userIdOf(sessionId: string): string {
  const bytes = createHash('sha256').update(`user\0${sessionId}`).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

function unknownUser(): ManagementError {
  return ManagementError.validation([{ msg: 'is not the id of a user', param: 'userId', location: 'body' }]);
}
