import { randomUUID } from 'node:crypto';
import type { Request, Response } from 'express';
import { isDuplicateKey } from '../../../store/database.js';
import type { UserDocument } from '../../../store/documents.js';
import { DEFAULT_ISSUER_ID } from '../../../store/issuer-directory.js';
import { statusesOf } from '../../../store/change-status.js';
import { revokeByPolicy } from '../../../store/revoke-by-policy.js';
import {
  findUser,
  releaseSubject,
  sealClaims,
  sealIdentity,
  subjectOfUser,
  userOfSubject,
  type Subject,
} from '../../../store/users.js';
import type { ApiContext } from '../../context.js';
import { ManagementError } from '../../http/errors.js';
import type { EventLocals } from '../../http/recorded.js';
import { uuidParameter } from '../record-id.js';
import { hasIdentityOf, identityTaken, reserveIdentity, settleIdentities } from './user-identity.js';
import { requireUser, toView } from './user-record.js';
import { readUserRequest, type RequestedUser } from './user-request.js';

const MOST_ATTEMPTS = 10;
const LEDGER_STATUS = { issuerId: 1, statuses: 1, statusPolicy: 1 } as const;
const MOST_LOOKED_AT = 1000;

/** `POST /v1/users` */
export async function createUser(context: ApiContext, request: Request, response: Response): Promise<void> {
  const requested = await readUserRequest(context, request);
  const { subject } = requested;
  const userId = await newUserId(context, subject);
  note(response, userId);
  if (subject !== undefined) await reserveIdentity(context, userId, subject);
  const user = toDocument(context, requested, { _id: userId, createdAt: new Date(context.now()) });
  await insert(context, user);
  response.status(201).json(toView(context.ring, user));
}

/** `PUT /v1/users/{id}`: full replacement. */
export async function replaceUser(context: ApiContext, request: Request, response: Response): Promise<void> {
  const userId = uuidParameter(request);
  note(response, userId);
  const requested = await readUserRequest(context, request);
  const { subject } = requested;
  const user = await changeUser(context, { userId, subject }, async (current) => {
    if (subject !== undefined) await reserveIdentity(context, userId, subject);
    const { _id, createdAt } = current;
    const replacement = toDocument(context, requested, { _id, createdAt, updatedAt: new Date(context.now()) });
    const filter = { _id, issuerId: DEFAULT_ISSUER_ID, ...hasIdentityOf(current) };
    const { matchedCount } = await context.db.users.replaceOne(filter, replacement);
    return matchedCount === 1 ? replacement : undefined;
  });
  response.json(toView(context.ring, user));
}

/**
 * `DELETE /v1/users/{id}`: the user, what is kept of it and its identity. Its credentials stay valid, unless their
 * configurations say otherwise.
 */
export async function deleteUser(context: ApiContext, request: Request, response: Response): Promise<void> {
  const userId = uuidParameter(request);
  note(response, userId);
  const { db, statusPublications: publications, now } = context;
  const revoke = () =>
    revokeByPolicy({ db, publications, issuerId: DEFAULT_ISSUER_ID, now }, { filter: { userId }, trigger: 'user_deleted' });
  // Before the record, without which a repeat would not come here. One of whom nothing is kept has no record.
  const isStored = (await findUser({ db, issuerId: DEFAULT_ISSUER_ID }, userId)) !== null;
  const isKnown = isStored || (await hasMoreToRevoke(context, userId));
  await revoke();
  if (!isKnown) throw ManagementError.notFound('id', userId);
  if (isStored) await deleteRecord(context, userId);
  // What was issued in between.
  await revoke();
  response.status(204).end();
}

/** Whether credentials of a user without a record are still to be revoked. */
async function hasMoreToRevoke({ db }: ApiContext, userId: string): Promise<boolean> {
  const issued = await db.issuedCredentials
    .find({ issuerId: DEFAULT_ISSUER_ID, userId, statusPolicy: { $exists: true } }, { projection: LEDGER_STATUS })
    .limit(MOST_LOOKED_AT)
    .toArray();
  const statuses = await statusesOf(
    db,
    issued.filter(({ statusPolicy }) => statusPolicy?.revokeOn.includes('user_deleted') === true),
  );
  return [...statuses.values()].some((status) => status !== 1);
}

async function deleteRecord(context: ApiContext, userId: string): Promise<void> {
  const { db, ring } = context;
  await changeUser(context, { userId }, async (current) => {
    // Before the record: a login in between makes a new user, not this one again.
    await releaseSubject({ db, ring, issuerId: DEFAULT_ISSUER_ID }, current);
    const { deletedCount } = await db.users.deleteOne({ _id: userId, issuerId: DEFAULT_ISSUER_ID, ...hasIdentityOf(current) });
    return deletedCount === 1 ? current : undefined;
  });
}

/**
 * Changes a user by an attempt that gives `undefined` where others changed its identity meanwhile.
 *
 * @param options.subject the identity that it is to have
 * @throws {ManagementError} 404, and 409 under too much contention
 */
async function changeUser(
  context: ApiContext,
  { userId, subject }: { userId: string; subject?: Subject | undefined },
  attempt: (current: UserDocument) => Promise<UserDocument | undefined>,
): Promise<UserDocument> {
  const touched = subject === undefined ? [] : [subject];
  try {
    for (let attempts = 0; attempts < MOST_ATTEMPTS; attempts += 1) {
      const current = await requireUser(context, userId);
      const identity = subjectOfUser(context.ring, current);
      if (identity !== undefined) touched.push(identity);
      const changed = await attempt(current);
      if (changed !== undefined) return changed;
    }
  } finally {
    await settleIdentities(context, userId, touched);
  }
  throw new ManagementError('Conflict', 'The user is being changed by other requests; try again', { status: 409, retryAfter: 1 });
}

/** The identity's reservation may be of a user that was never written, its process having died: then this is that user. */
async function newUserId({ db, ring }: ApiContext, subject: Subject | undefined): Promise<string> {
  if (subject === undefined) return randomUUID();
  const reservedFor = await userOfSubject({ db, ring, issuerId: DEFAULT_ISSUER_ID }, subject);
  if (reservedFor === undefined) return randomUUID();
  if ((await findUser({ db, issuerId: DEFAULT_ISSUER_ID }, reservedFor)) !== null) throw identityTaken();
  return reservedFor;
}

async function insert({ db }: ApiContext, user: UserDocument): Promise<void> {
  try {
    await db.users.insertOne(user);
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
    throw identityTaken();
  }
}

function toDocument(
  { ring }: ApiContext,
  { claims, subject }: RequestedUser,
  record: Pick<UserDocument, '_id' | 'createdAt' | 'updatedAt'>,
): UserDocument {
  const { _id } = record;
  return {
    ...record,
    issuerId: DEFAULT_ISSUER_ID,
    ...(Object.keys(claims).length === 0 ? {} : { claims: sealClaims(ring, _id, claims) }),
    ...(subject === undefined ? {} : { authenticationProvider: sealIdentity(ring, _id, subject) }),
  };
}

function note(response: Response, userId: string): void {
  (response.locals as EventLocals).eventData = { userId };
}
