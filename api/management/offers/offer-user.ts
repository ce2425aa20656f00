import { isDuplicateKey } from '../../../store/database.js';
import { derivedUuid } from '../../../store/derived-uuid.js';
import { DEFAULT_ISSUER_ID } from '../../../store/issuer-directory.js';
import { findUser, keepClaims, sealClaims, UserContentionError } from '../../../store/users.js';
import type { ApiContext } from '../../context.js';
import { ManagementError } from '../../http/errors.js';
import type { OfferRequest } from './offer.schema.js';

type Claims = Readonly<Record<string, unknown>>;

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
  if ((await findUser({ db: context.db, issuerId: DEFAULT_ISSUER_ID }, userId)) === null) throw unknownUser();
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
      claims: sealClaims(ring, userId, persisted),
      createdAt: new Date(now()),
    });
  } catch (error) {
    // A repeat of the same request: its claims are the same.
    if (!isDuplicateKey(error)) throw error;
  }
}

async function updateUser({ db, ring }: ApiContext, { userId, persisted }: { userId: string; persisted: Claims }): Promise<void> {
  try {
    const isKnown = await keepClaims({ db, ring, issuerId: DEFAULT_ISSUER_ID }, { userId, claims: persisted });
    if (!isKnown) throw unknownUser();
  } catch (error) {
    if (!(error instanceof UserContentionError)) throw error;
    throw new ManagementError('Conflict', 'The user is being changed by other requests; try again', {
      status: 409,
      retryAfter: 1,
    });
  }
}

/** A UUID that follows from the session, so that a repeated creation names the same user. */
function userIdOf(sessionId: string): string {
  return derivedUuid(`user\0${sessionId}`);
}

function unknownUser(): ManagementError {
  return ManagementError.validation([{ msg: 'is not the id of a user', param: 'userId', location: 'body' }]);
}
