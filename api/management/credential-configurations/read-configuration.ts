import type { Request, Response } from 'express';
import type { Filter } from 'mongodb';
import { z } from 'zod';
import type { CredentialConfigurationDocument } from '../../../store/configuration-documents.js';
import { DEFAULT_ISSUER_ID } from '../../../store/issuer-directory.js';
import type { ApiContext } from '../../context.js';
import { after, pageOf, pageQuery } from '../pagination.js';
import { uuidParameter } from '../record-id.js';
import { readQuery } from '../validation.js';
import type { AnyConfigurationKind } from './configuration-kind.js';
import { requireConfiguration, toView } from './configuration-record.js';

type Handler = (request: Request, response: Response) => Promise<void>;

export const configurationListQuery = z.object({
  ...pageQuery,
  type: z.string().max(1024).optional().meta({ description: 'Only the configuration of this type.' }),
});

/** `GET /v2/credentials/<profile>/configurations/{id}` */
export function createRetrieveConfiguration(context: ApiContext, kind: AnyConfigurationKind): Handler {
  return async (request, response) => {
    response.json(toView(kind, await requireConfiguration(context, kind, uuidParameter(request))));
  };
}

/** `GET /v2/credentials/<profile>/configurations`: oldest first. */
export function createListConfigurations({ db }: ApiContext, kind: AnyConfigurationKind): Handler {
  return async (request, response) => {
    const { limit, cursor, type } = readQuery(request, configurationListQuery);
    const filter: Filter<CredentialConfigurationDocument> = {
      issuerId: DEFAULT_ISSUER_ID,
      profile: kind.profile,
      ...(type === undefined ? {} : { type }),
    };
    const records = await db.credentialConfigurations
      .find({ $and: [filter, ...after<CredentialConfigurationDocument>(cursor, { field: 'createdAt', order: 'ascending' })] })
      .sort({ createdAt: 1, _id: 1 })
      .limit(limit + 1)
      .toArray();
    response.json(
      pageOf(records, {
        limit,
        position: ({ createdAt, _id }) => ({ at: createdAt, id: _id }),
        view: (record) => toView(kind, record),
      }),
    );
  };
}
