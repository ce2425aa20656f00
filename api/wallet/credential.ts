import { createHash } from 'node:crypto';
import type { Response } from 'express';
import type { CredentialConfigurationDocument } from '../../store/configuration-documents.js';
import type { HolderKey } from '../../workflows/messages.js';
import type { EventLocals } from '../http/recorded.js';
import { OAuthError } from '../http/errors.js';
import { IssuanceNotFound, IssuanceRefusal, type CredentialRequestOutcome } from '../issuance-client.js';
import type { AccessToken } from '../oauth/access-token.js';
import { nonceExpiry, spendNonce } from '../oauth/nonce.js';
import { authorizedToken, invalidToken, schemeOf } from '../oauth/protected-resource.js';
import { credentialResponse, denied, pendingResponse } from './credential-response.js';
import { proofsOf, refuseEncryption, selectedConfiguration, type CredentialRequestBody } from './credential-request.js';
import { readJsonObject, type Endpoint } from './endpoint.js';
import { checkProofs } from './proof-jwt.js';
import type { WalletServices } from './services.js';

/** What is to be issued, and to which keys. */
interface HolderBinding {
  /** One credential each; one `null` where the configuration binds to no key. */
  readonly keys: readonly (HolderKey | null)[];
  /** How the holder named each key, where by a DID. */
  readonly dids: readonly (string | null)[];
  readonly thumbprints: readonly string[];
}

/** The credential endpoint (OID4VCI 8), in the order of checks that wallets and the conformance suite expect. */
export function credentialEndpoint(services: WalletServices): Endpoint {
  const { context, issuer, tokens } = services;
  const resource = { context, issuerId: issuer.id, tokens, url: issuer.urls.credential };
  return async (request, response) => {
    const token = await authorizedToken(request, resource);
    noteClient(response, token);
    const body = await readJsonObject(request, context.config.REQUEST_MAX_BYTES);
    const configuration = await selectedConfiguration(body, { token, find: (id) => findConfiguration(services, token, id) });
    refuseEncryption(body);
    const binding = configuration.holderBinding
      ? await provenBinding(services, body, { token, configuration })
      : { keys: [null], dids: [null], thumbprints: [] };
    await context.reach('credential.verified');
    await answer(services, response, { token, configuration, binding });
    await context.reach('credential.answered');
  };
}

/** Also for the endpoints that follow up on a credential request. */
export function noteClient(response: Response, { clientId, sessionId }: AccessToken): void {
  const locals = response.locals as EventLocals;
  if (clientId !== undefined) locals.clientId = clientId;
  locals.eventData = { offerId: sessionId };
}

/** A token may cover a configuration that another process made a moment ago: then the records are read again. */
async function findConfiguration(
  { context: { directory }, issuer }: WalletServices,
  token: AccessToken,
  id: string,
): Promise<CredentialConfigurationDocument | undefined> {
  const snapshot = await directory.get(issuer.id);
  const found = snapshot.configurations.get(id);
  if (found !== undefined || !token.configurationIds.includes(id)) return found;
  return (await directory.get(issuer.id, snapshot.revision + 1)).configurations.get(id);
}

async function provenBinding(
  services: WalletServices,
  body: CredentialRequestBody,
  { token, configuration }: Omit<Accepted, 'binding'>,
): Promise<HolderBinding> {
  const { context, issuer } = services;
  const proofs = proofsOf(body, { batchSize: context.config.BATCH_SIZE });
  const now = context.now();
  const { keys, nonces } = checkProofs(proofs, { audience: issuer.identifier, clientId: token.clientId, now });
  await spendNonces(services, nonces, { now, usedBy: hash(token.tokenId, configuration._id, ...proofs) });
  return {
    keys: keys.map(({ jwk }) => jwk),
    dids: keys.map(({ did = null }) => did),
    thumbprints: keys.map(({ thumbprint }) => thumbprint),
  };
}

/** Mostly one. Of several none is spent while one of them is bad. */
async function spendNonces(
  { context: { db, ring }, issuer }: WalletServices,
  nonces: readonly string[],
  { now, usedBy }: { now: number; usedBy: string },
): Promise<void> {
  const current = nonces.map((nonce) => {
    const expiry = nonceExpiry(nonce, { ring, issuerId: issuer.id, now });
    if (expiry === undefined) throw invalidNonce('the nonce is not current');
    return { nonce, expiry };
  });
  for (const nonce of current) {
    if (!(await spendNonce({ db, issuerId: issuer.id, ...nonce, usedBy }))) throw invalidNonce('the nonce was used');
  }
}

function invalidNonce(reason: string): OAuthError {
  return new OAuthError('invalid_nonce', `${reason}: get a new one from the nonce endpoint`);
}

interface Accepted {
  readonly token: AccessToken;
  readonly configuration: CredentialConfigurationDocument;
  readonly binding: HolderBinding;
}

async function answer(services: WalletServices, response: Response, accepted: Accepted): Promise<void> {
  const { token, configuration, binding } = accepted;
  const { sessionId } = token;
  (response.locals as EventLocals).eventData = { offerId: sessionId, credentialConfigurationId: configuration._id };
  // The same for a wallet that asks again with a new nonce: it gets the same credentials.
  const requestId = hash(sessionId, configuration._id, ...[...binding.thumbprints].sort());
  const outcome = await requestCredential(services, accepted, requestId);
  await services.context.reach('credential.decided');
  const about = { sessionId, requestId };
  if (outcome.kind === 'pending') {
    pendingResponse(services, response, about);
    return;
  }
  const issued = await credentialResponse(services, { ...about, issuedRef: outcome.result.issuedRef });
  await services.context.reach('credential.read');
  response.json(issued);
}

async function requestCredential(
  { context, issuer, calls }: WalletServices,
  { token, configuration, binding }: Accepted,
  requestId: string,
): Promise<CredentialRequestOutcome> {
  const { sessionId, tokenId } = token;
  const address = { issuerId: issuer.id, sessionId };
  const message = {
    requestId,
    tokenId,
    configurationId: configuration._id,
    holderKeys: binding.keys,
    ...(binding.dids.every((did) => did === null) ? {} : { holderDids: binding.dids }),
  };
  try {
    return await calls.share(sessionId, `${tokenId}/${requestId}`, () => context.issuances.requestCredential(address, message));
  } catch (error) {
    throw answerOf(error, token);
  }
}

function answerOf(error: unknown, token: AccessToken): unknown {
  if (error instanceof IssuanceNotFound) return invalidToken(schemeOf(token), 'the issuance of this access token is over');
  if (!(error instanceof IssuanceRefusal)) return error;
  if (error.type === 'invalid_token' || error.type === 'session_closed') return invalidToken(schemeOf(token), error.message);
  return error.type === 'credential_request_denied' ? denied(error.message, error) : error;
}

function hash(...parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\0')).digest('base64url');
}
