import type { Request, Response } from 'express';
import type { Filter } from 'mongodb';
import { z } from 'zod';
import type { WalletClientDocument } from '../../../store/documents.js';
import { DEFAULT_ISSUER_ID } from '../../../store/issuer-directory.js';
import type { ApiContext } from '../../context.js';
import { pageOf, pageQuery, type Position } from '../pagination.js';
import { uuidParameter } from '../record-id.js';
import { readQuery } from '../validation.js';
import { requireWalletClient, toView } from './wallet-client-record.js';

export const walletClientListQuery = z.object(pageQuery);

/** `GET /v1/oauth/clients/{id}` */
export async function retrieveWalletClient(context: ApiContext, request: Request, response: Response): Promise<void> {
  response.json(toView(await requireWalletClient(context, uuidParameter(request))));
}

/** `GET /v1/oauth/clients`: oldest first. */
export async function listWalletClients({ db }: ApiContext, request: Request, response: Response): Promise<void> {
  const { limit, cursor } = readQuery(request, walletClientListQuery);
  const records = await db.walletClients
    .find({ $and: [{ issuerId: DEFAULT_ISSUER_ID }, ...afterRecord(cursor)] })
    .sort({ createdAt: 1, recordId: 1 })
    .limit(limit + 1)
    .toArray();
  response.json(
    pageOf(records, { limit, position: ({ createdAt, recordId }) => ({ at: createdAt, id: recordId }), view: toView }),
  );
}

/** By `recordId`: a `client_id`, and so an `_id`, may be longer than a cursor can be. */
function afterRecord(cursor: Position | undefined): Filter<WalletClientDocument>[] {
  if (cursor === undefined) return [];
  const { at, id } = cursor;
  return [{ createdAt: { $gte: at } }, { $or: [{ createdAt: { $gt: at } }, { recordId: { $gt: id } }] }];
}
