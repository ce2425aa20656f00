import type { Request, Response } from 'express';
import { z } from 'zod';
import type { JsonLdContextDocument } from '../../../store/identity-documents.js';
import { DEFAULT_ISSUER_ID } from '../../../store/issuer-directory.js';
import type { ApiContext } from '../../context.js';
import { after, pageOf, pageQuery } from '../pagination.js';
import { readQuery } from '../validation.js';
import { requireJsonLdContext, toView } from './json-ld-context-record.js';

export const jsonLdContextListQuery = z.object(pageQuery);

/** `GET /v2/credentials/web-semantic/contexts/{id}` */
export async function retrieveJsonLdContext(context: ApiContext, request: Request, response: Response): Promise<void> {
  response.json(toView(await requireJsonLdContext(context, request)));
}

/** `GET /v2/credentials/web-semantic/contexts`: those uploaded, oldest first. */
export async function listJsonLdContexts({ db }: ApiContext, request: Request, response: Response): Promise<void> {
  const { limit, cursor } = readQuery(request, jsonLdContextListQuery);
  const records = await db.jsonLdContexts
    .find({
      $and: [
        { issuerId: DEFAULT_ISSUER_ID },
        ...after<JsonLdContextDocument>(cursor, { field: 'createdAt', order: 'ascending' }),
      ],
    })
    .sort({ createdAt: 1, _id: 1 })
    .limit(limit + 1)
    .toArray();
  response.json(pageOf(records, { limit, position: ({ createdAt, _id }) => ({ at: createdAt, id: _id }), view: toView }));
}
