import type { Filter } from 'mongodb';
import type { UserDocument } from '../../../store/documents.js';
import { DEFAULT_ISSUER_ID } from '../../../store/issuer-directory.js';
import {
  findUser,
  IdentityTakenError,
  releaseSubject,
  reserveSubject,
  sealIdentity,
  subjectOfUser,
  type Subject,
} from '../../../store/users.js';
import type { ApiContext } from '../../context.js';
import { ManagementError } from '../../http/errors.js';

/**
 * Reserves an identity for a user about to be written; call `settleIdentities` after the write.
 *
 * @throws {ManagementError} 409 when another user has it
 */
export async function reserveIdentity({ db, ring }: ApiContext, userId: string, subject: Subject): Promise<void> {
  try {
    await reserveSubject({ db, ring, issuerId: DEFAULT_ISSUER_ID }, userId, subject);
  } catch (error) {
    if (!(error instanceof IdentityTakenError)) throw error;
    throw identityTaken();
  }
}

/**
 * After writes: of the identities given, those that the user's record does not have are free again, and the one it has is
 * the user's. Whatever happens at the same time, the last to settle sees what the others wrote.
 *
 * @throws {ManagementError} 409
 */
export async function settleIdentities(context: ApiContext, userId: string, subjects: readonly Subject[]): Promise<void> {
  if (subjects.length === 0) return;
  const { db, ring } = context;
  const scope = { db, ring, issuerId: DEFAULT_ISSUER_ID };
  const current = await identityOf(context, userId);
  for (const subject of subjects) {
    if (current !== undefined && isSame(subject, current)) continue;
    const authenticationProvider = sealIdentity(ring, userId, subject);
    await releaseSubject(scope, { _id: userId, issuerId: DEFAULT_ISSUER_ID, authenticationProvider, createdAt: new Date(0) });
  }
  const settled = await identityOf(context, userId);
  if (settled !== undefined) await reserveIdentity(context, userId, settled);
}

/** Matches the record only as long as it has the identity that was read. */
export function hasIdentityOf({ authenticationProvider }: UserDocument): Filter<UserDocument> {
  return authenticationProvider === undefined
    ? { authenticationProvider: { $exists: false } }
    : { 'authenticationProvider.subject.data': authenticationProvider.subject.data };
}

export function identityTaken(): ManagementError {
  return new ManagementError('Conflict', 'Another user has this identity', { status: 409 });
}

async function identityOf({ db, ring }: ApiContext, userId: string): Promise<Subject | undefined> {
  const user = await findUser({ db, issuerId: DEFAULT_ISSUER_ID }, userId);
  return user === null ? undefined : subjectOfUser(ring, user);
}

function isSame(one: Subject, other: Subject): boolean {
  return one.providerId === other.providerId && one.url === other.url && one.subjectId === other.subjectId;
}
