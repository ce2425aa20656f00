import type { Request, Response } from 'express';
import type { Filter } from 'mongodb';
import { z } from 'zod';
import type { IssuedCredentialsDocument, StatusEntryReference } from '../../../store/documents.js';
import { DEFAULT_ISSUER_ID } from '../../../store/issuer-directory.js';
import type { StatusValue } from '../../../store/status-documents.js';
import type { ApiContext } from '../../context.js';
import type { EventLocals } from '../../http/recorded.js';
import { pageOf, pageQuery, type Position } from '../pagination.js';
import { uuidParameter } from '../record-id.js';
import { readQuery } from '../validation.js';
import { toView, type LedgerEntry } from './user-credential-view.js';
import { isInLedger, requireUser } from './user-record.js';

export const userCredentialListQuery = z.object(pageQuery);

const WITHOUT_CREDENTIALS = { projection: { sealed: 0 } } as const;

/** `GET /v1/users/{id}/credentials`: what was issued to the user, oldest first; no claim values, no credentials. */
export async function listUserCredentials(context: ApiContext, request: Request, response: Response): Promise<void> {
  const userId = uuidParameter(request);
  (response.locals as EventLocals).eventData = { userId };
  const { limit, cursor } = readQuery(request, userCredentialListQuery);
  if (!(await isInLedger(context, userId))) await requireUser(context, userId);
  const entries = await readEntries(context, { userId, cursor, limit });
  const [offers, statuses] = await Promise.all([offersOf(context, entries), statusesOf(context, entries)]);
  response.json(
    pageOf(entries, {
      limit,
      position: ({ issuedAt, credentialId }) => ({ at: issuedAt, id: credentialId }),
      view: (entry) =>
        toView(entry, {
          offerId: offers.get(entry.sessionId),
          statuses: (entry.statuses ?? []).map((place) => statuses.get(entryId(place)) ?? 0),
        }),
    }),
  );
}

async function readEntries(
  { db }: ApiContext,
  { userId, cursor, limit }: { userId: string; cursor: Position | undefined; limit: number },
): Promise<LedgerEntry[]> {
  return db.issuedCredentials
    .find({ $and: [{ issuerId: DEFAULT_ISSUER_ID, userId }, ...afterCredential(cursor)] }, WITHOUT_CREDENTIALS)
    .sort({ issuedAt: 1, credentialId: 1 })
    .limit(limit + 1)
    .toArray();
}

/** By `credentialId`: an `_id` tells how Temporal names the request, and nobody outside needs to know that. */
function afterCredential(cursor: Position | undefined): Filter<IssuedCredentialsDocument>[] {
  if (cursor === undefined) return [];
  const { at, id } = cursor;
  return [{ issuedAt: { $gte: at } }, { $or: [{ issuedAt: { $gt: at } }, { credentialId: { $gt: id } }] }];
}

/** The reusable offer of each session that came from one. */
async function offersOf({ db }: ApiContext, entries: readonly LedgerEntry[]): Promise<ReadonlyMap<string, string>> {
  const sessionIds = [...new Set(entries.map(({ sessionId }) => sessionId))];
  const sessions = await db.issuances
    .find({ _id: { $in: sessionIds }, issuerId: DEFAULT_ISSUER_ID }, { projection: { offerId: 1 } })
    .toArray();
  return new Map(sessions.flatMap(({ _id, offerId }) => (offerId === undefined ? [] : [[_id, offerId]])));
}

/** What status lists say, by the `_id` of their entries. */
async function statusesOf({ db }: ApiContext, entries: readonly LedgerEntry[]): Promise<ReadonlyMap<string, StatusValue>> {
  const ids = entries.flatMap(({ statuses = [] }) => statuses.map(entryId));
  if (ids.length === 0) return new Map();
  const found = await db.statusEntries
    .find({ _id: { $in: ids }, issuerId: DEFAULT_ISSUER_ID }, { projection: { status: 1 } })
    .toArray();
  return new Map(found.map(({ _id, status }) => [_id, status]));
}

function entryId({ listId, index }: StatusEntryReference): string {
  return `${listId}/${String(index)}`;
}
