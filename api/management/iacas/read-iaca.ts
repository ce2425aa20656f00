import type { Request, Response } from 'express';
import { z } from 'zod';
import type { IacaDocument } from '../../../store/identity-documents.js';
import { DEFAULT_ISSUER_ID } from '../../../store/issuer-directory.js';
import type { ApiContext } from '../../context.js';
import { after, pageOf, pageQuery } from '../pagination.js';
import { uuidParameter } from '../record-id.js';
import { readQuery } from '../validation.js';
import { requireIaca, toView } from './iaca-record.js';

export const iacaListQuery = z.object(pageQuery);

/** `GET /v2/credentials/mobile/iacas/{id}` */
export async function retrieveIaca(context: ApiContext, request: Request, response: Response): Promise<void> {
  response.json(toView(await requireIaca(context, uuidParameter(request))));
}

/** `GET /v2/credentials/mobile/iacas`: oldest first. */
export async function listIacas({ db }: ApiContext, request: Request, response: Response): Promise<void> {
  const { limit, cursor } = readQuery(request, iacaListQuery);
  const records = await db.iacas
    .find({ $and: [{ issuerId: DEFAULT_ISSUER_ID }, ...after<IacaDocument>(cursor, { field: 'createdAt', order: 'ascending' })] })
    .sort({ createdAt: 1, _id: 1 })
    .limit(limit + 1)
    .toArray();
  response.json(pageOf(records, { limit, position: ({ createdAt, _id }) => ({ at: createdAt, id: _id }), view: toView }));
}
