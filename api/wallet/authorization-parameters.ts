import { randomBytes } from 'node:crypto';
import type { OfferDocument } from '../../store/documents.js';
import type { IssuerSnapshot } from '../../store/issuer-directory.js';
import { OAuthError } from '../http/errors.js';
import { asAuthorizationRequestError, type TrustedRedirect } from '../oauth/authorization-request-error.js';
import type { AuthorizationRequest } from '../oauth/authorization-request.js';
import { acceptedRedirectUri } from '../oauth/accepted-redirect-uri.js';
import { boundKey } from '../oauth/bound-key.js';
import { requireGrant, type IdentifiedClient } from '../oauth/client-authentication.js';
import { requiredCodeChallenge } from '../oauth/code-challenge.js';
import { forwardedParameters } from '../oauth/forwarded-parameters.js';
import type { OAuthParameters } from '../oauth/parameters.js';
import { offerOfRequest } from './offer-of-request.js';
import { requestedCredentials } from './requested-credentials.js';
import type { WalletServices } from './services.js';

interface GivenRequest {
  readonly services: WalletServices;
  readonly parameters: OAuthParameters;
  /** Who sends it (PAR), or whom it names (`namedClient`). */
  readonly client: IdentifiedClient;
  /** Of the key that a DPoP proof beside it shows. */
  readonly dpopThumbprint?: string | undefined;
  /** For how long a browser may bring it. */
  readonly lifetimeSeconds: number;
}

/** Of an accepted request as JSON: sealed it has to fit into a URL that proxies let through, which is 8 kB mostly. */
const MOST_BYTES = 5500;
export const LARGEST_AUTHORIZATION_REQUEST = 16_384;
const STATE = /^[\x20-\x7e]{1,2048}$/;

/**
 * Checks an authorization request, pushed or plain (RFC 6749 4.1.1, OID4VCI 5.1). Unknown parameters are ignored.
 *
 * @throws {AuthorizationRequestError} with `redirect` once the client and a redirect URI registered for it are established
 */
export async function acceptAuthorizationRequest(given: GivenRequest): Promise<AuthorizationRequest> {
  let redirect: TrustedRedirect | undefined;
  try {
    const clientId = requestingClient(given);
    const { redirectUri, isRegistered } = acceptedRedirectUri(given.parameters, given.client.client);
    if (isRegistered) redirect = { redirectUri };
    const state = acceptedState(given.parameters);
    if (redirect !== undefined && state !== undefined) redirect = { ...redirect, state };
    const request = {
      ...(await accepted(given)),
      clientId,
      redirectUri,
      isRegistered,
      ...(state === undefined ? {} : { state }),
    };
    if (Buffer.byteLength(JSON.stringify(request)) > MOST_BYTES) throw tooLarge();
    return request;
  } catch (error) {
    throw asAuthorizationRequestError(error, redirect);
  }
}

/** All that is checked once it is known who asks and where the answer goes. */
async function accepted(
  given: GivenRequest,
): Promise<Omit<AuthorizationRequest, 'clientId' | 'redirectUri' | 'isRegistered' | 'state'>> {
  const { services, parameters, client, lifetimeSeconds } = given;
  const { context, issuer } = services;
  requireGrant(client, 'authorization_code');
  refuseRequestObjects(parameters);
  checkResponse(parameters);
  const codeChallenge = requiredCodeChallenge(parameters);
  checkResource(parameters, issuer.identifier);
  const dpopThumbprint = boundKey(parameters, given.dpopThumbprint);
  const issuerState = parameters.get('issuer_state');
  const offer = issuerState === undefined ? undefined : await offerOfRequest(issuerState, services);
  const snapshot = await snapshotWith(offer, services);
  return {
    sessionId: randomBytes(16).toString('base64url'),
    codeChallenge,
    ...(dpopThumbprint === undefined ? {} : { dpopThumbprint }),
    ...requestedCredentials(parameters, { snapshot, issuerIdentifier: issuer.identifier, offer }),
    ...(offer === undefined ? {} : { offerId: offer._id }),
    ...(offer?.authenticationProviderId === undefined ? {} : { authenticationProviderId: offer.authenticationProviderId }),
    parameters: forwardedParameters(parameters),
    expiresAt: context.now() + lifetimeSeconds * 1000,
  };
}

function requestingClient({ parameters, client }: GivenRequest): string {
  let size = 0;
  for (const [name, value] of parameters) size += Buffer.byteLength(name) + Buffer.byteLength(value);
  if (size > LARGEST_AUTHORIZATION_REQUEST) throw tooLarge();
  if (client.clientId === undefined) throw invalidRequest('the parameter client_id is missing');
  return client.clientId;
}

function acceptedState(parameters: OAuthParameters): string | undefined {
  const state = parameters.get('state');
  if (state !== undefined && !STATE.test(state)) throw invalidRequest('state must be at most 2048 printable ASCII characters');
  return state;
}

/** A request by reference is resolved before it comes here, and a pushed one may not name another (RFC 9126 2.1). */
function refuseRequestObjects(parameters: OAuthParameters): void {
  if (parameters.has('request_uri')) throw invalidRequest('request_uri does not belong into this request: leave it out');
  if (parameters.has('request')) {
    throw new OAuthError('request_not_supported', 'request objects are not supported: send the parameters themselves');
  }
}

function checkResponse(parameters: OAuthParameters): void {
  const type = parameters.get('response_type');
  if (type === undefined) throw invalidRequest('the parameter response_type is missing');
  if (type !== 'code') throw new OAuthError('unsupported_response_type', 'response_type must be code');
  if ((parameters.get('response_mode') ?? 'query') !== 'query') throw invalidRequest('response_mode must be query');
}

function checkResource(parameters: OAuthParameters, issuerIdentifier: string): void {
  const resource = parameters.get('resource');
  if (resource === undefined || resource === issuerIdentifier) return;
  throw new OAuthError('invalid_target', `resource must be ${issuerIdentifier}`);
}

/** An offer may hold a configuration that another process made a moment ago: then the records are read again. */
async function snapshotWith(
  offer: OfferDocument | undefined,
  { context: { directory }, issuer }: WalletServices,
): Promise<IssuerSnapshot> {
  const snapshot = await directory.get(issuer.id);
  if (offer?.configurationIds.every((id) => snapshot.configurations.has(id)) ?? true) return snapshot;
  return directory.get(issuer.id, snapshot.revision + 1);
}

function tooLarge(): OAuthError {
  return invalidRequest('the request is too large: send fewer or shorter parameters');
}

function invalidRequest(description: string): OAuthError {
  return new OAuthError('invalid_request', description);
}
