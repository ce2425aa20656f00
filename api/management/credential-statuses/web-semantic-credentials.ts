import type { Request, Response } from 'express';
import type { Filter } from 'mongodb';
import { z } from 'zod';
import { openEnvelope } from '../../../keys/envelope.js';
import { statusesOf, statusOf } from '../../../store/change-status.js';
import type { IssuedCredentialsDocument } from '../../../store/documents.js';
import { DEFAULT_ISSUER_ID } from '../../../store/issuer-directory.js';
import type { StatusValue } from '../../../store/status-documents.js';
import type { ApiContext } from '../../context.js';
import { pageOf, pageQuery, type Position } from '../pagination.js';
import { readQuery } from '../validation.js';
import { requireCredential, type CredentialRecord } from './credential-record.js';
import type { WebSemanticCredentialView } from './credential-status.schema.js';

export const webSemanticListQuery = z.object({
  ...pageQuery,
  tag: z.string().min(1).max(1024).optional().meta({ description: 'Only credentials with this tag.' }),
  type: z.string().min(1).max(1024).optional().meta({ description: 'Only credentials of this type.' }),
});

/** `GET /v2/credentials/web-semantic`: oldest first. */
export async function listWebSemanticCredentials(context: ApiContext, request: Request, response: Response): Promise<void> {
  const { limit, cursor, tag, type } = readQuery(request, webSemanticListQuery);
  const filter: Filter<IssuedCredentialsDocument> = {
    issuerId: DEFAULT_ISSUER_ID,
    profile: 'web-semantic',
    ...(tag === undefined ? {} : { tag }),
    ...(type === undefined ? {} : { type }),
  };
  const records: CredentialRecord[] = await context.db.issuedCredentials
    .find({ $and: [filter, ...beyond(cursor)] }, { projection: { sealed: 0 } })
    .sort({ issuedAt: 1, credentialId: 1 })
    .limit(limit + 1)
    .toArray();
  const statuses = await statusesOf(context.db, records);
  response.json(
    pageOf(records, {
      limit,
      position: ({ issuedAt, credentialId }) => ({ at: issuedAt, id: credentialId }),
      view: (record) => toView(record, statuses.get(record._id)),
    }),
  );
}

/** `GET /v2/credentials/web-semantic/{id}` */
export async function retrieveWebSemanticCredential(context: ApiContext, request: Request, response: Response): Promise<void> {
  const record = await requireCredential(context, 'web-semantic', { request, response });
  const credential = record.persist === true ? await keptCredential(context, record) : {};
  response.json({ ...toView(record, await statusOf(context.db, record)), ...credential });
}

async function keptCredential(
  { db, ring }: ApiContext,
  { _id, issuerId }: CredentialRecord,
): Promise<Pick<WebSemanticCredentialView, 'credential'>> {
  const kept = await db.issuedCredentials.findOne({ _id, issuerId }, { projection: { sealed: 1 } });
  if (kept?.sealed === undefined) return {};
  const [credential] = openEnvelope({ ring, envelope: kept.sealed, context: _id }) as Readonly<Record<string, unknown>>[];
  return credential === undefined ? {} : { credential };
}

/** By the id that is public: `_id` names the request in Temporal. */
function beyond(position: Position | undefined): Filter<IssuedCredentialsDocument>[] {
  if (position === undefined) return [];
  const { at, id } = position;
  return [{ issuedAt: { $gte: at } }, { $or: [{ issuedAt: { $gt: at } }, { credentialId: { $gt: id } }] }];
}

function toView(
  { credentialId, type, tag, issuedAt, configurationId }: CredentialRecord,
  status: StatusValue | undefined,
): WebSemanticCredentialView {
  return {
    id: credentialId,
    type,
    ...(tag === undefined ? {} : { tag }),
    issuanceDate: issuedAt.toISOString(),
    credentialConfigurationId: configurationId,
    ...(status === undefined ? {} : { isRevoked: status === 1 }),
  };
}
