import type { Request, Response } from 'express';
import { issuerSigners } from '../../keys/issuer-signers.js';
import type { WalletClientGrant } from '../../store/documents.js';
import type { EventLocals } from '../http/recorded.js';
import { OAuthError } from '../http/errors.js';
import { signAccessToken, type AccessToken } from '../oauth/access-token.js';
import { grantAuthorization } from '../oauth/authorization-details.js';
import { identifyWalletClient, requireGrant, type IdentifiedClient } from '../oauth/client-authentication.js';
import { invalidClient } from '../oauth/client-credentials.js';
import { dpopError, type DpopProof } from '../oauth/dpop.js';
import type { OAuthParameters } from '../oauth/parameters.js';
import { schemeOf } from '../oauth/protected-resource.js';
import { redeemAuthorizationCode } from './authorization-code-grant.js';
import type { Endpoint } from './endpoint.js';
import { readFormParameters } from './form-parameters.js';
import { redeemPreAuthorizedCode } from './pre-authorized-code-grant.js';
import type { Redemption } from './redeem-code.js';
import { refreshGrant } from './refresh-token-grant.js';
import { grantedConfigurations, sessionConfigurations } from './requested-authorization.js';
import type { WalletServices } from './services.js';
import { shownDpopProof, spendShownProof } from './shown-key.js';
import { newRefreshToken, type TokenRequest } from './token-request.js';

export const PRE_AUTHORIZED_CODE_GRANT = 'urn:ietf:params:oauth:grant-type:pre-authorized_code';

const MAX_BODY_BYTES = 65_536;

type Grant = (services: WalletServices, response: Response, request: TokenRequest) => Promise<Redemption>;

const GRANTS: Readonly<Record<WalletClientGrant, Grant>> = {
  [PRE_AUTHORIZED_CODE_GRANT]: redeemPreAuthorizedCode,
  authorization_code: redeemAuthorizationCode,
  refresh_token: (services, _response, request) => refreshGrant(services, request),
};

/** The token endpoint (OID4VCI 6). */
export function tokenEndpoint(services: WalletServices): Endpoint {
  return async (request, response) => {
    const parameters = await readFormParameters(request, services, MAX_BODY_BYTES);
    const grantType = requiredGrantType(parameters);
    // Before the client: a proof that lacks its nonce is to cost no client assertion.
    const proof = shownProof(request, services);
    const client = await identifyClient(request, { parameters, grantType }, services);
    const parameter = (name: string) => parameters.get(name);
    const requested = await requestedConfigurationsOf(services, { grantType, parameter });
    const dpopThumbprint = await spendShownProof(proof, services);
    const tokenRequest = {
      parameter,
      client,
      dpopThumbprint,
      lifetimeSeconds: lifetime(services, dpopThumbprint),
      refreshToken: grantType === 'refresh_token' ? undefined : newRefreshToken({ client, dpopThumbprint }),
    };
    const redemption = await GRANTS[grantType](services, response, tokenRequest);
    await services.context.reach('token.redeemed');
    // Only now: anybody can send anything as client_id, but not with a code that is good.
    const { clientId } = client;
    if (clientId !== undefined) (response.locals as EventLocals).clientId = clientId;
    const token: AccessToken = {
      sessionId: redemption.sessionId,
      tokenId: redemption.tokenId,
      expiresAt: redemption.tokenExpiresAt,
      ...covered(redemption, requested),
      ...(clientId === undefined ? {} : { clientId }),
      ...(dpopThumbprint === undefined ? {} : { dpopThumbprint }),
    };
    await answer(services, response, { token, refreshToken: tokenRequest.refreshToken?.valueFor(token.sessionId) });
    await services.context.reach('token.answered');
  };
}

function requiredGrantType(parameters: OAuthParameters): WalletClientGrant {
  const given = parameters.get('grant_type');
  if (given === undefined) throw new OAuthError('invalid_request', 'the parameter grant_type is missing');
  const grants = Object.keys(GRANTS) as WalletClientGrant[];
  const grantType = grants.find((known) => known === given);
  if (grantType === undefined) throw new OAuthError('unsupported_grant_type', `grant_type must be one of ${grants.join(', ')}`);
  return grantType;
}

/** The wallet; an anonymous one only with a pre-authorized code (OID4VCI 6.1), where the deployment allows it. */
async function identifyClient(
  request: Request,
  { parameters, grantType }: { parameters: OAuthParameters; grantType: WalletClientGrant },
  { context, issuer, secrets }: WalletServices,
): Promise<IdentifiedClient> {
  const client = await identifyWalletClient({ request, parameters, context, issuer, secrets });
  if (client.clientId === undefined && !context.config.ANONYMOUS_ACCESS)
    throw invalidClient('anonymous access is not allowed here: send client_id');
  requireGrant(client, grantType);
  return client;
}

/** What the wallet asks for by `authorization_details` in this very request; a subset of what was granted (OID4VCI 6.1.1). */
async function requestedConfigurationsOf(
  services: WalletServices,
  { grantType, parameter }: { grantType: WalletClientGrant; parameter: (name: string) => string | undefined },
): Promise<readonly string[] | undefined> {
  const authorizationDetails = parameter('authorization_details');
  if (authorizationDetails === undefined) return undefined;
  const code = parameter('pre-authorized_code') ?? '';
  if (grantType === PRE_AUTHORIZED_CODE_GRANT) return grantedConfigurations(services, { code, authorizationDetails });
  const text = parameter('code') ?? parameter('refresh_token') ?? '';
  return sessionConfigurations(services, { text, authorizationDetails });
}

/** A DPoP proof (RFC 9449 5), where there is one or has to be one. */
function shownProof(request: Request, services: WalletServices): DpopProof | undefined {
  const proof = shownDpopProof(request, services, services.issuer.urls.token);
  if (proof === undefined && services.context.config.DPOP_REQUIRED) throw dpopError('send a DPoP proof in the DPoP header');
  return proof;
}

/** Only sender-constrained tokens may live for more than five minutes (OID4VCI 13.10). */
function lifetime({ context: { config } }: WalletServices, dpopThumbprint: string | undefined): number {
  return dpopThumbprint === undefined ? config.ACCESS_TOKEN_SECONDS : config.DPOP_ACCESS_TOKEN_SECONDS;
}

/** What the token is good for: all that was granted, or what the wallet asked for of it. */
function covered(
  { configurationIds, byAuthorizationDetails }: Redemption,
  requested: readonly string[] | undefined,
): Pick<AccessToken, 'configurationIds' | 'authorizationDetails'> {
  if (requested !== undefined) {
    const granted = requested.filter((id) => configurationIds.includes(id));
    return { configurationIds: granted, authorizationDetails: granted.map(grantAuthorization) };
  }
  if (byAuthorizationDetails.length === 0) return { configurationIds };
  // Named at the authorization endpoint: the answer names their identifiers (TOK-08).
  return { configurationIds, authorizationDetails: byAuthorizationDetails.map(grantAuthorization) };
}

async function answer(
  { context, issuer }: WalletServices,
  response: Response,
  { token, refreshToken }: { token: AccessToken; refreshToken: string | undefined },
): Promise<void> {
  const { keys } = await context.directory.get(issuer.id);
  const signer = issuerSigners({ keys, access: context }).accessToken;
  const now = context.now();
  const accessToken = await signAccessToken({ token, signer, issuerIdentifier: issuer.identifier, now });
  (response.locals as EventLocals).eventData = { offerId: token.sessionId };
  response.json({
    access_token: accessToken,
    token_type: schemeOf(token),
    expires_in: Math.floor((token.expiresAt - now) / 1000),
    ...(refreshToken === undefined ? {} : { refresh_token: refreshToken }),
    ...(token.authorizationDetails === undefined ? {} : { authorization_details: token.authorizationDetails }),
  });
}
