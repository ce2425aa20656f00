import type { Request, Response } from 'express';
import type { CredentialProfile } from '../../../store/configuration-documents.js';
import type { IssuedCredentialsDocument } from '../../../store/documents.js';
import { DEFAULT_ISSUER_ID } from '../../../store/issuer-directory.js';
import type { ApiContext } from '../../context.js';
import { ManagementError } from '../../http/errors.js';
import type { EventLocals } from '../../http/recorded.js';
import { uuidParameter } from '../record-id.js';

/** An entry of the ledger, without the credentials themselves. */
export type CredentialRecord = Omit<IssuedCredentialsDocument, 'sealed'>;

/**
 * The credential that the path names, and notes it for the event log.
 *
 * @throws {ManagementError} 404 for what is no credential of the profile
 */
export async function requireCredential(
  { db }: ApiContext,
  profile: CredentialProfile,
  { request, response }: { request: Request; response: Response },
): Promise<CredentialRecord> {
  const credentialId = uuidParameter(request);
  (response.locals as EventLocals).eventData = { credentialId };
  const record = await db.issuedCredentials.findOne(
    { issuerId: DEFAULT_ISSUER_ID, credentialId },
    { projection: { sealed: 0, mobileDigests: 0 } },
  );
  if (record?.profile !== profile) throw ManagementError.notFound('id', credentialId);
  return record;
}

/** @throws {ManagementError} 400 for a credential whose configuration gave it none */
export function requireStatus({ statuses }: CredentialRecord, param: string): void {
  if (statuses !== undefined) return;
  const msg = 'cannot be changed: the credential was issued without a status';
  throw ManagementError.validation([{ msg, param, location: 'body' }]);
}
