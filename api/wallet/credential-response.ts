import type { Response } from 'express';
import type { CredentialValue } from '../../credentials/credential-format.js';
import { openEnvelope } from '../../keys/envelope.js';
import { OAuthError } from '../http/errors.js';
import { mintRoutedId, type RoutedId } from './routed-id.js';
import type { WalletServices } from './services.js';

/** A credential response (OID4VCI 8.3): the same for the same request, byte for byte. */
export interface CredentialResponse {
  readonly credentials: readonly { readonly credential: CredentialValue }[];
  readonly notification_id: string;
}

/**
 * Takes issued credentials out of the ledger.
 *
 * @param options.issuedRef id of the ledger's entry
 * @throws {OAuthError} `credential_request_denied` where they were confirmed or kept for as long as is allowed, and erased
 */
export async function credentialResponse(
  { context, issuer }: WalletServices,
  { issuedRef, ...request }: RoutedId & { readonly issuedRef: string },
): Promise<CredentialResponse> {
  const { db, ring } = context;
  const issued = await db.issuedCredentials.findOne({ _id: issuedRef });
  if (issued?.issuerId !== issuer.id || issued.sealed === undefined)
    throw denied('these credentials were handed out before and are not kept any longer');
  // What is sealed under this id is what the worker stored there.
  const credentials = openEnvelope({ ring, envelope: issued.sealed, context: issuedRef }) as readonly CredentialValue[];
  return {
    credentials: credentials.map((credential) => ({ credential })),
    notification_id: mintRoutedId(request, { ring, issuerId: issuer.id, kind: 'notification' }),
  };
}

/** Answers that the credentials will be ready later (OID4VCI 8.3, 9.2). */
export function pendingResponse({ context, issuer }: WalletServices, response: Response, request: RoutedId): void {
  response.status(202).json({
    transaction_id: mintRoutedId(request, { ring: context.ring, issuerId: issuer.id, kind: 'transaction' }),
    interval: context.config.DEFERRED_INTERVAL_SECONDS,
  });
}

/** `credential_request_denied`: final for the wallet (OID4VCI 8.3.1.2). */
export function denied(description: string, cause?: unknown): OAuthError {
  return new OAuthError('credential_request_denied', description, { cause });
}
