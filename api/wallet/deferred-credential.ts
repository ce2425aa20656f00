import type { Response } from 'express';
import { OAuthError } from '../http/errors.js';
import { IssuanceNotFound, IssuanceRefusal, type CredentialRequestOutcome } from '../issuance-client.js';
import type { AccessToken } from '../oauth/access-token.js';
import { authorizedToken } from '../oauth/protected-resource.js';
import { noteClient } from './credential.js';
import { malformed, refuseEncryption, type CredentialRequestBody } from './credential-request.js';
import { credentialResponse, denied, pendingResponse } from './credential-response.js';
import { readJsonObject, type Endpoint } from './endpoint.js';
import { readRoutedId, type RoutedId } from './routed-id.js';
import type { WalletServices } from './services.js';

/** A wallet that lost the answer may ask once more within this time; then the transaction is over. */
const GRACE_MS = 30_000;

/** The deferred credential endpoint (OID4VCI 9). */
export function deferredCredentialEndpoint(services: WalletServices): Endpoint {
  const { context, issuer, tokens } = services;
  const resource = { context, issuerId: issuer.id, tokens, url: issuer.urls.deferredCredential };
  return async (request, response) => {
    const token = await authorizedToken(request, resource);
    noteClient(response, token);
    const body = await readJsonObject(request, context.config.REQUEST_MAX_BYTES);
    refuseEncryption(body);
    const transaction = transactionOf(services, body, token);
    const outcome = await resultOf(services, transaction);
    await context.reach('deferred.decided');
    if (outcome.kind === 'pending') pendingResponse(services, response, transaction);
    else await deliver(services, response, { ...transaction, issuedRef: outcome.result.issuedRef });
  };
}

/** The transaction belongs to the session: every token of the same grant may collect it (DEF-01, DEF-05). */
function transactionOf(
  { context, issuer }: WalletServices,
  { transaction_id: id }: CredentialRequestBody,
  token: AccessToken,
): RoutedId {
  if (typeof id !== 'string') throw malformed('transaction_id is missing or not a string');
  const transaction = readRoutedId(id, { ring: context.ring, issuerId: issuer.id, kind: 'transaction' });
  if (transaction?.sessionId !== token.sessionId) throw invalidTransaction('the transaction_id is not known');
  return transaction;
}

async function resultOf(
  { context, issuer, calls }: WalletServices,
  { sessionId, requestId }: RoutedId,
): Promise<CredentialRequestOutcome> {
  try {
    const address = { issuerId: issuer.id, sessionId };
    return await calls.share(sessionId, `result/${requestId}`, () => context.issuances.credentialResult(address, requestId));
  } catch (error) {
    if (error instanceof IssuanceNotFound) throw invalidTransaction('the transaction is over');
    throw error instanceof IssuanceRefusal ? denied(error.message, error) : error;
  }
}

/** Only an answer that has left us counts as collected: a wallet whose connection broke, or whose API process died, may ask again. */
async function deliver(
  services: WalletServices,
  response: Response,
  ready: RoutedId & { readonly issuedRef: string },
): Promise<void> {
  const { context, issuer } = services;
  const { db, now, logger } = context;
  const key = { _id: ready.issuedRef, issuerId: issuer.id };
  const collectedAt = (await db.issuedCredentials.findOne(key, { projection: { collectedAt: 1 } }))?.collectedAt;
  if (collectedAt !== undefined && now() - collectedAt.getTime() > GRACE_MS) {
    throw invalidTransaction('the credentials of this transaction were collected');
  }
  const issued = await credentialResponse(services, ready);
  await context.reach('deferred.read');
  response.once('finish', () => {
    const collected = { $set: { collectedAt: new Date(now()) } };
    db.issuedCredentials.updateOne({ ...key, collectedAt: { $exists: false } }, collected).catch((error: unknown) => {
      logger.warn({ error: error instanceof Error ? error.name : 'Error' }, 'a collection could not be noted');
    });
  });
  response.json(issued);
}

/** `invalid_transaction_id` (OID4VCI 9.3). */
function invalidTransaction(description: string): OAuthError {
  return new OAuthError('invalid_transaction_id', description);
}
