import { createHash } from 'node:crypto';
import type { Request, Response } from 'express';
import { z } from 'zod';
import type { IssuedCredentialsDocument } from '../../../store/documents.js';
import { DEFAULT_ISSUER_ID, type IssuerSnapshot } from '../../../store/issuer-directory.js';
import type { ApiContext } from '../../context.js';
import { ManagementError } from '../../http/errors.js';
import type { EventLocals } from '../../http/recorded.js';
import { after, pageOf, pageQuery, type Position } from '../pagination.js';
import { uuidParameter } from '../record-id.js';
import { readQuery } from '../validation.js';
import { isInLedger, requireUser } from './user-record.js';
import type { UserCredentialView } from './user-credential.schema.js';

export const userCredentialListQuery = z.object(pageQuery);

type LedgerEntry = Omit<IssuedCredentialsDocument, 'sealed'>;

const WITHOUT_CREDENTIALS = { projection: { sealed: 0 } } as const;
const MOST_OF_ONE_INSTANT = 1000;

/** `GET /v1/users/{id}/credentials`: what was issued to the user, oldest first; no claim values, no credentials. */
export async function listUserCredentials(context: ApiContext, request: Request, response: Response): Promise<void> {
  const userId = uuidParameter(request);
  (response.locals as EventLocals).eventData = { userId };
  const { limit, cursor } = readQuery(request, userCredentialListQuery);
  if (!(await isInLedger(context, userId))) await requireUser(context, userId);
  const position = cursor === undefined ? undefined : await ledgerPosition(context, { userId, cursor });
  const entries = await readEntries(context, { userId, position, limit });
  const offerIds = await offersOf(context, entries);
  const snapshot = await context.directory.get(DEFAULT_ISSUER_ID);
  response.json(
    pageOf(entries, {
      limit,
      position: (entry) => ({ at: entry.issuedAt, id: publicId(entry) }),
      view: (entry) => toView(entry, { offerIds, snapshot }),
    }),
  );
}

async function readEntries(
  { db }: ApiContext,
  { userId, position, limit }: { userId: string; position: Position | undefined; limit: number },
): Promise<LedgerEntry[]> {
  return db.issuedCredentials
    .find(
      {
        $and: [
          { issuerId: DEFAULT_ISSUER_ID, userId },
          ...after<IssuedCredentialsDocument>(position, { field: 'issuedAt', order: 'ascending' }),
        ],
      },
      WITHOUT_CREDENTIALS,
    )
    .sort({ issuedAt: 1, _id: 1 })
    .limit(limit + 1)
    .toArray();
}

/** The reusable offer of each session that came from one. */
async function offersOf({ db }: ApiContext, entries: readonly LedgerEntry[]): Promise<ReadonlyMap<string, string>> {
  const sessionIds = [...new Set(entries.map(({ sessionId }) => sessionId))];
  const sessions = await db.issuances
    .find({ _id: { $in: sessionIds }, issuerId: DEFAULT_ISSUER_ID }, { projection: { offerId: 1 } })
    .toArray();
  return new Map(sessions.flatMap(({ _id, offerId }) => (offerId === undefined ? [] : [[_id, offerId]])));
}

function toView(
  entry: LedgerEntry,
  { offerIds, snapshot }: { offerIds: ReadonlyMap<string, string>; snapshot: IssuerSnapshot },
): UserCredentialView {
  const { sessionId, configurationId, count, issuedAt, validUntil, claimOrigins } = entry;
  const type = snapshot.configurations.get(configurationId)?.type;
  return {
    id: publicId(entry),
    ...(type === undefined ? {} : { type }),
    profile: 'sd-jwt',
    sessionId,
    credentialConfigurationId: configurationId,
    count,
    issuedDate: issuedAt.toISOString(),
    ...(validUntil === undefined ? {} : { validUntil: validUntil.toISOString() }),
    // A pre-authorized offer is its session.
    offerId: offerIds.get(sessionId) ?? sessionId,
    status: 'valid',
    ...(claimOrigins === undefined ? {} : { claimOrigins }),
  };
}

/** An entry's `_id` names its request in Temporal; nobody outside needs to know that. */
function publicId({ _id }: Pick<LedgerEntry, '_id'>): string {
  return createHash('sha256').update(_id).digest('base64url');
}

/**
 * Where a cursor, which names an entry by its public id, is in the ledger.
 *
 * @throws {ManagementError} 400 for a cursor of another user's list
 */
async function ledgerPosition(
  { db }: ApiContext,
  { userId, cursor: { at, id } }: { userId: string; cursor: Position },
): Promise<Position> {
  const candidates = await db.issuedCredentials
    .find({ issuerId: DEFAULT_ISSUER_ID, userId, issuedAt: at }, { projection: { _id: 1 } })
    .limit(MOST_OF_ONE_INSTANT)
    .toArray();
  const entry = candidates.find((candidate) => publicId(candidate) === id);
  if (entry !== undefined) return { at, id: entry._id };
  throw ManagementError.validation([{ msg: 'is not a cursor that this list gave out', param: 'cursor', location: 'query' }]);
}
