import type { Request, Response } from 'express';
import { z } from 'zod';
import type { AuthenticationProviderDocument } from '../../../store/documents.js';
import { DEFAULT_ISSUER_ID } from '../../../store/issuer-directory.js';
import type { ApiContext } from '../../context.js';
import { after, pageOf, pageQuery } from '../pagination.js';
import { uuidParameter } from '../record-id.js';
import { readQuery } from '../validation.js';
import { defaultProviderId } from './default-provider.js';
import { requireProvider, toView } from './provider-record.js';

export const providerListQuery = z.object(pageQuery);

/** `GET /v1/users/authentication-providers/{id}`: the secret masked. */
export async function retrieveProvider(context: ApiContext, request: Request, response: Response): Promise<void> {
  const provider = await requireProvider(context, uuidParameter(request));
  response.json(toView(context, provider, await defaultProviderId(context.db, DEFAULT_ISSUER_ID)));
}

/** `GET /v1/users/authentication-providers`: oldest first, secrets masked. */
export async function listProviders(context: ApiContext, request: Request, response: Response): Promise<void> {
  const { limit, cursor } = readQuery(request, providerListQuery);
  const records = await context.db.authenticationProviders
    .find({
      $and: [
        { issuerId: DEFAULT_ISSUER_ID },
        ...after<AuthenticationProviderDocument>(cursor, { field: 'createdAt', order: 'ascending' }),
      ],
    })
    .sort({ createdAt: 1, _id: 1 })
    .limit(limit + 1)
    .toArray();
  const defaultId = await defaultProviderId(context.db, DEFAULT_ISSUER_ID);
  response.json(
    pageOf(records, {
      limit,
      position: ({ createdAt, _id }) => ({ at: createdAt, id: _id }),
      view: (record) => toView(context, record, defaultId),
    }),
  );
}
