import type { Response } from 'express';
import type { EventLocals } from '../http/recorded.js';
import { sealAuthorizationRequest, type AuthorizationRequest } from '../oauth/authorization-request.js';
import { identifyWalletClient, type IdentifiedClient } from '../oauth/client-authentication.js';
import { acceptAuthorizationRequest, LARGEST_AUTHORIZATION_REQUEST } from './authorization-parameters.js';
import type { Endpoint } from './endpoint.js';
import { readFormParameters } from './form-parameters.js';
import type { WalletServices } from './services.js';
import { shownDpopProof, spendShownProof } from './shown-key.js';

/** What a `request_uri` of this server begins with (RFC 9126 2.2). */
export const REQUEST_URI_PREFIX = 'urn:ietf:params:oauth:request_uri:';

/** The pushed authorization request endpoint (RFC 9126, OID4VCI 5.1.4). It stores nothing: the request is in its `request_uri`. */
export function pushedAuthorizationEndpoint(services: WalletServices): Endpoint {
  const { context, issuer, secrets } = services;
  const lifetimeSeconds = context.config.PUSHED_REQUEST_SECONDS;
  return async (request, response) => {
    const parameters = await readFormParameters(request, services, LARGEST_AUTHORIZATION_REQUEST);
    // Before the client: a proof that lacks its nonce is to cost no client assertion.
    const proof = shownDpopProof(request, services, issuer.urls.pushedAuthorization);
    const client = await identifyWalletClient({ request, parameters, context, issuer, secrets });
    const dpopThumbprint = await spendShownProof(proof, services);
    const accepted = await acceptAuthorizationRequest({ services, parameters, client, dpopThumbprint, lifetimeSeconds });
    note(response, client, accepted);
    const sealed = sealAuthorizationRequest({ ring: context.ring, issuerId: issuer.id, request: accepted });
    response
      .status(201)
      .set('Cache-Control', 'no-cache, no-store')
      .json({ request_uri: REQUEST_URI_PREFIX + sealed, expires_in: lifetimeSeconds });
  };
}

/** Anybody can send anything as client_id: only one that is registered is put on record. */
function note(response: Response, { client }: IdentifiedClient, { offerId }: AuthorizationRequest): void {
  const locals = response.locals as EventLocals;
  if (client !== undefined) locals.clientId = client.clientId;
  if (offerId !== undefined) locals.eventData = { offerId };
}
