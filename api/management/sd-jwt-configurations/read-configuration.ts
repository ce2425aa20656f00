import type { Request, Response } from 'express';
import type { Filter } from 'mongodb';
import { z } from 'zod';
import type { CredentialConfigurationDocument } from '../../../store/documents.js';
import { DEFAULT_ISSUER_ID } from '../../../store/issuer-directory.js';
import type { ApiContext } from '../../context.js';
import { after, pageOf, pageQuery } from '../pagination.js';
import { uuidParameter } from '../record-id.js';
import { readQuery } from '../validation.js';
import { requireConfiguration, toView } from './configuration-record.js';

export const configurationListQuery = z.object({
  ...pageQuery,
  type: z.string().max(1024).optional().meta({ description: 'Only the configuration of this `vct`.' }),
});

/** `GET /v2/credentials/sd-jwt/configurations/{id}` */
export async function retrieveConfiguration(context: ApiContext, request: Request, response: Response): Promise<void> {
  response.json(toView(await requireConfiguration(context, uuidParameter(request))));
}

/** `GET /v2/credentials/sd-jwt/configurations`: oldest first. */
export async function listConfigurations({ db }: ApiContext, request: Request, response: Response): Promise<void> {
  const { limit, cursor, type } = readQuery(request, configurationListQuery);
  const filter: Filter<CredentialConfigurationDocument> = {
    issuerId: DEFAULT_ISSUER_ID,
    profile: 'sd-jwt',
    ...(type === undefined ? {} : { type }),
  };
  const records = await db.credentialConfigurations
    .find({ $and: [filter, ...after<CredentialConfigurationDocument>(cursor, { field: 'createdAt', order: 'ascending' })] })
    .sort({ createdAt: 1, _id: 1 })
    .limit(limit + 1)
    .toArray();
  response.json(pageOf(records, { limit, position: ({ createdAt, _id }) => ({ at: createdAt, id: _id }), view: toView }));
}
