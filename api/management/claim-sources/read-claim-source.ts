import type { Request, Response } from 'express';
import { z } from 'zod';
import type { ClaimSourceDocument } from '../../../store/documents.js';
import { DEFAULT_ISSUER_ID } from '../../../store/issuer-directory.js';
import type { ApiContext } from '../../context.js';
import { after, pageOf, pageQuery } from '../pagination.js';
import { uuidParameter } from '../record-id.js';
import { readQuery } from '../validation.js';
import { requireSource, toView } from './claim-source-record.js';

export const claimSourceListQuery = z.object(pageQuery);

/** `GET /v1/claim-sources/{id}`: secrets masked. */
export async function retrieveClaimSource(context: ApiContext, request: Request, response: Response): Promise<void> {
  response.json(toView(await requireSource(context, uuidParameter(request))));
}

/** `GET /v1/claim-sources`: oldest first, secrets masked. */
export async function listClaimSources({ db }: ApiContext, request: Request, response: Response): Promise<void> {
  const { limit, cursor } = readQuery(request, claimSourceListQuery);
  const records = await db.claimSources
    .find({
      $and: [{ issuerId: DEFAULT_ISSUER_ID }, ...after<ClaimSourceDocument>(cursor, { field: 'createdAt', order: 'ascending' })],
    })
    .sort({ createdAt: 1, _id: 1 })
    .limit(limit + 1)
    .toArray();
  response.json(pageOf(records, { limit, position: ({ createdAt, _id }) => ({ at: createdAt, id: _id }), view: toView }));
}
