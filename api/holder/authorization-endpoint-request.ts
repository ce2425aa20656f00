import type { Request } from 'express';
import type { IssuerSnapshot } from '../../store/issuer-directory.js';
import { authorizationPolicy } from '../../store/openid-configuration.js';
import { openAuthorizationRequest, type AuthorizationRequest } from '../oauth/authorization-request.js';
import { OAuthError } from '../http/errors.js';
import { AuthorizationRequestError } from '../oauth/authorization-request-error.js';
import { namedClient } from '../oauth/client-authentication.js';
import { parametersOf } from '../oauth/parameters.js';
import { acceptAuthorizationRequest } from '../wallet/authorization-parameters.js';
import { REQUEST_URI_PREFIX } from '../wallet/pushed-authorization.js';
import { HolderError, ReturnToWallet } from './holder-error.js';
import { queryOf } from './query-of.js';
import type { HolderServices } from './services.js';
import { walletUrl } from './wallet-redirect.js';

/**
 * The authorization request that a browser brings: pushed before (RFC 9126 4), or in the query where the issuer allows it.
 *
 * @throws {HolderError} with the way back to the wallet where it may be told (AUT-12, AUT-16)
 */
export async function presentedRequest(
  services: HolderServices,
  request: Request,
  snapshot: IssuerSnapshot,
): Promise<AuthorizationRequest> {
  const query = queryOf(request);
  return query.has('request_uri') ? pushedRequest(services, query) : plainRequest(services, query, snapshot);
}

function pushedRequest({ context, issuer }: HolderServices, query: URLSearchParams): AuthorizationRequest {
  const uri = query.get('request_uri') ?? '';
  const text = uri.startsWith(REQUEST_URI_PREFIX) ? uri.slice(REQUEST_URI_PREFIX.length) : '';
  const pushed = openAuthorizationRequest({ ring: context.ring, issuerId: issuer.id, text, now: context.now() });
  if (pushed === undefined)
    throw new HolderError('invalid_request', { detail: 'the request_uri is not known or its time is over' });
  // Everything else in the query is ignored: only what was pushed counts.
  if (query.get('client_id') !== pushed.clientId)
    throw new HolderError('invalid_request', { detail: 'client_id must be the one that pushed the request' });
  return pushed;
}

async function plainRequest(
  services: HolderServices,
  query: URLSearchParams,
  snapshot: IssuerSnapshot,
): Promise<AuthorizationRequest> {
  const { requirePushedAuthorizationRequests, requireClientAuthentication } = authorizationPolicy(snapshot.issuer);
  if (requirePushedAuthorizationRequests || requireClientAuthentication)
    throw new HolderError('invalid_request', {
      detail: 'this issuer takes pushed authorization requests only: use the PAR endpoint',
    });
  try {
    const parameters = parametersOf(query);
    const clientId = parameters.get('client_id');
    const client = clientId === undefined ? undefined : namedClient(clientId, { snapshot });
    return await acceptAuthorizationRequest({
      services: services.wallet,
      parameters,
      client: {
        ...(clientId === undefined ? {} : { clientId }),
        ...(client === undefined ? {} : { client }),
        authenticated: false,
      },
      lifetimeSeconds: services.context.config.PUSHED_REQUEST_SECONDS,
    });
  } catch (error) {
    if (error instanceof AuthorizationRequestError) throw refused(services, error);
    throw error instanceof OAuthError ? new HolderError('invalid_request', { detail: error.message, cause: error }) : error;
  }
}

/** To a redirect URI that is known to be the client's, the error goes at once; to any other never without a person's doing. */
function refused({ issuer }: HolderServices, error: AuthorizationRequestError): Error {
  const { redirect, code, message } = error;
  if (redirect === undefined) return new HolderError('invalid_request', { detail: message, cause: error });
  const url = walletUrl(redirect, { error: code, error_description: message }, issuer.identifier);
  return new ReturnToWallet(url, code, { cause: error });
}
