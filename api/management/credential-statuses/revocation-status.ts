import type { Request, Response } from 'express';
import type { CredentialProfile } from '../../../store/configuration-documents.js';
import { changeStatus, statusOf } from '../../../store/change-status.js';
import type { ApiContext } from '../../context.js';
import { ManagementError } from '../../http/errors.js';
import type { EventLocals } from '../../http/recorded.js';
import { readBody } from '../validation.js';
import { requireCredential, requireStatus } from './credential-record.js';
import { revocationSchema } from './credential-status.schema.js';

type Handler = (request: Request, response: Response) => Promise<void>;

/** `POST /v2/credentials/<profile>/{id}/revocation-status`: revokes a credential, or takes that back. May be repeated. */
export function createSetRevocation(context: ApiContext, profile: CredentialProfile): Handler {
  return async (request, response) => {
    const { isRevoked } = await readBody(request, revocationSchema, context);
    const owner = await requireCredential(context, profile, { request, response });
    (response.locals as EventLocals).eventData = { credentialId: owner.credentialId, isRevoked };
    requireStatus(owner, 'isRevoked');
    const { db, statusPublications: publications, now } = context;
    await changeStatus({ db, publications, now }, { owner, status: isRevoked ? 1 : 0, reversible: true });
    response.json({ isRevoked });
  };
}

/** `GET /v2/credentials/<profile>/{id}/revocation-status` */
export function createRetrieveRevocation(context: ApiContext, profile: CredentialProfile): Handler {
  return async (request, response) => {
    const record = await requireCredential(context, profile, { request, response });
    const status = await statusOf(context.db, record);
    if (status === undefined) throw ManagementError.notFound('id', record.credentialId);
    response.json({ isRevoked: status === 1 });
  };
}
