import type { Request, Response } from 'express';
import type { CredentialProfile } from '../../../store/configuration-documents.js';
import { changeStatus } from '../../../store/change-status.js';
import { DEFAULT_ISSUER_ID } from '../../../store/issuer-directory.js';
import type { ApiContext } from '../../context.js';
import { requireCredential, type CredentialRecord } from './credential-record.js';

type Handler = (request: Request, response: Response) => Promise<void>;

/**
 * `DELETE /v2/credentials/mobile/{id}`: what is stored about the credential. Its status stays as it is, for good: nobody
 * knows any more which place in the list is its, and nobody else gets it.
 */
export function createPurgeCredential(context: ApiContext, profile: CredentialProfile): Handler {
  return async (request, response) => {
    await forget(context, await requireCredential(context, profile, { request, response }));
    response.status(204).end();
  };
}

/** `DELETE /v2/credentials/<profile>/{id}`: likewise, and where the credential can be revoked, it is, for good. */
export function createDeleteCredential(context: ApiContext, profile: CredentialProfile): Handler {
  return async (request, response) => {
    const owner = await requireCredential(context, profile, { request, response });
    const { db, statusPublications: publications, now } = context;
    // First: once it is forgotten, a repeat could not revoke it.
    await changeStatus({ db, publications, now }, { owner, status: 1, reversible: true });
    await forget(context, owner);
    response.status(204).end();
  };
}

async function forget({ db }: ApiContext, { _id }: CredentialRecord): Promise<void> {
  await db.issuedCredentials.deleteOne({ _id, issuerId: DEFAULT_ISSUER_ID });
}
