import type { Request, Response } from 'express';
import { issuerSigners } from '../../keys/issuer-signers.js';
import type { EventLocals } from '../http/recorded.js';
import { OAuthError } from '../http/errors.js';
import { readFormBody } from '../http/request-body.js';
import { signAccessToken, type AccessToken } from '../oauth/access-token.js';
import { grantAuthorization } from '../oauth/authorization-details.js';
import { dpopError, dpopHeader, spendDpopProof, verifyDpopProof } from '../oauth/dpop.js';
import { schemeOf } from '../oauth/protected-resource.js';
import type { Endpoint } from './endpoint.js';
import { redeemCode, type Redemption } from './redeem-code.js';
import { grantedConfigurations } from './requested-authorization.js';
import type { WalletServices } from './services.js';

/** A parameter sent without a value counts as not sent (RFC 6749 3.2). */
type Parameter = (name: string) => string | undefined;

export const PRE_AUTHORIZED_CODE_GRANT = 'urn:ietf:params:oauth:grant-type:pre-authorized_code';

const MAX_BODY_BYTES = 65_536;
const CLIENT_ID = /^[\x21-\x7e]{1,512}$/;

/** The token endpoint (OID4VCI 6). */
export function tokenEndpoint(services: WalletServices): Endpoint {
  return async (request, response) => {
    const parameter = await readParameters(request, services);
    checkGrantType(parameter);
    const clientId = identifyClient(request, parameter, services);
    const code = required(parameter, 'pre-authorized_code');
    const requested = await grantedConfigurations(services, { code, authorizationDetails: parameter('authorization_details') });
    const dpopThumbprint = await provenKey(request, services);
    const redemption = await redeemCode(services, response, {
      code,
      transactionCode: parameter('tx_code'),
      lifetimeSeconds: lifetime(services, dpopThumbprint),
      dpopThumbprint,
    });
    await services.context.reach('token.redeemed');
    // Only now: anybody can send anything as client_id, but not with a code that is good.
    if (clientId !== undefined) (response.locals as EventLocals).clientId = clientId;
    const token: AccessToken = {
      sessionId: redemption.sessionId,
      tokenId: redemption.tokenId,
      expiresAt: redemption.tokenExpiresAt,
      ...covered(redemption, requested),
      ...(clientId === undefined ? {} : { clientId }),
      ...(dpopThumbprint === undefined ? {} : { dpopThumbprint }),
    };
    await answer(services, response, token);
    await services.context.reach('token.answered');
  };
}

async function readParameters(request: Request, { context }: WalletServices): Promise<Parameter> {
  const form = await readFormBody(request, { maxBytes: Math.min(context.config.REQUEST_MAX_BYTES, MAX_BODY_BYTES) });
  return (name) => {
    const value = form.get(name);
    // RFC 6749 3.2: a parameter without a value counts as left out.
    return value === '' ? undefined : value;
  };
}

function required(parameter: Parameter, name: string): string {
  const value = parameter(name);
  if (value === undefined) throw new OAuthError('invalid_request', `the parameter ${name} is missing`);
  return value;
}

function checkGrantType(parameter: Parameter): void {
  if (required(parameter, 'grant_type') !== PRE_AUTHORIZED_CODE_GRANT) {
    throw new OAuthError('unsupported_grant_type', `grant_type must be ${PRE_AUTHORIZED_CODE_GRANT}`);
  }
}

/** Clients are not registered: one may say who it is, and none can authenticate (OID4VCI 6.1). */
function identifyClient(request: Request, parameter: Parameter, { context }: WalletServices): string | undefined {
  const refused = (description: string, challenge?: string) =>
    new OAuthError('invalid_client', description, { status: 401, ...(challenge === undefined ? {} : { challenge }) });
  if (request.headers.authorization !== undefined)
    throw refused('clients have no secret here: leave the Authorization header out', 'Basic');
  if (parameter('client_secret') !== undefined || parameter('client_assertion') !== undefined) {
    throw refused('clients cannot authenticate here: leave client_secret and client_assertion out');
  }
  const clientId = parameter('client_id');
  if (clientId === undefined && !context.config.ANONYMOUS_ACCESS)
    throw refused('anonymous access is not allowed here: send client_id');
  if (clientId !== undefined && !CLIENT_ID.test(clientId))
    throw refused('client_id must be up to 512 printable ASCII characters');
  return clientId;
}

/** The thumbprint of the key a DPoP proof shows (RFC 9449 5). */
async function provenKey(request: Request, { context, issuer }: WalletServices): Promise<string | undefined> {
  const header = dpopHeader(request);
  if (header === undefined) {
    if (context.config.DPOP_REQUIRED) throw dpopError('send a DPoP proof in the DPoP header');
    return undefined;
  }
  const now = context.now();
  const proof = verifyDpopProof(header, { method: 'POST', url: issuer.urls.token, now });
  await spendDpopProof({ db: context.db, issuerId: issuer.id, proof, now });
  return proof.thumbprint;
}

/** Only sender-constrained tokens may live for more than five minutes (OID4VCI 13.10). */
function lifetime({ context: { config } }: WalletServices, dpopThumbprint: string | undefined): number {
  return dpopThumbprint === undefined ? config.ACCESS_TOKEN_SECONDS : config.DPOP_ACCESS_TOKEN_SECONDS;
}

/** What the token is good for: all that was offered, or what the wallet asked for of it. */
function covered(
  { configurationIds }: Redemption,
  requested: readonly string[] | undefined,
): Pick<AccessToken, 'configurationIds' | 'authorizationDetails'> {
  if (requested === undefined) return { configurationIds };
  const granted = requested.filter((id) => configurationIds.includes(id));
  return { configurationIds: granted, authorizationDetails: granted.map(grantAuthorization) };
}

async function answer({ context, issuer }: WalletServices, response: Response, token: AccessToken): Promise<void> {
  const { keys } = await context.directory.get(issuer.id);
  const signer = issuerSigners({ keys, ring: context.ring }).accessToken;
  const now = context.now();
  const accessToken = await signAccessToken({ token, signer, issuerIdentifier: issuer.identifier, now });
  (response.locals as EventLocals).eventData = { offerId: token.sessionId };
  response.json({
    access_token: accessToken,
    token_type: schemeOf(token),
    expires_in: Math.floor((token.expiresAt - now) / 1000),
    ...(token.authorizationDetails === undefined ? {} : { authorization_details: token.authorizationDetails }),
  });
}
