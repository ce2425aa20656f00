import { createHash } from 'node:crypto';
import type { Response } from 'express';
import { OAuthError } from '../http/errors.js';
import { clientBinding } from '../oauth/session-state.js';
import { redeemCode, type Redemption } from './redeem-code.js';
import type { WalletServices } from './services.js';
import type { TokenRequest } from './token-request.js';

const CODE_VERIFIER = /^[A-Za-z0-9._~-]{43,128}$/;

/**
 * Redeems an authorization code (OID4VCI 6.1, RFC 6749 4.1.3, RFC 7636 4.5): bound to client, redirect URI, PKCE challenge
 * and, where one was named, the DPoP key.
 *
 * @throws {OAuthError}
 */
export function redeemAuthorizationCode(
  services: WalletServices,
  response: Response,
  request: TokenRequest,
): Promise<Redemption> {
  const { parameter, client, dpopThumbprint, lifetimeSeconds, refreshToken } = request;
  const code = parameter('code');
  if (code === undefined) throw new OAuthError('invalid_request', 'the parameter code is missing');
  if (client.clientId === undefined) throw new OAuthError('invalid_client', 'send client_id', { status: 401 });
  const redirectUri = parameter('redirect_uri');
  if (redirectUri === undefined) throw new OAuthError('invalid_request', 'the parameter redirect_uri is missing');
  return redeemCode(services, response, {
    code,
    transactionCode: parameter('tx_code'),
    lifetimeSeconds,
    dpopThumbprint,
    refreshToken: refreshToken?.binding,
    presenter: {
      clientBinding: clientBinding({ clientId: client.clientId, redirectUri }),
      codeChallenge: challengeOf(parameter),
    },
  });
}

/** A missing verifier is refused like a wrong one: the code stays good for whom it was made. */
function challengeOf(parameter: TokenRequest['parameter']): string {
  const verifier = parameter('code_verifier');
  if (verifier === undefined) throw new OAuthError('invalid_grant', 'the parameter code_verifier is missing');
  if (!CODE_VERIFIER.test(verifier))
    throw new OAuthError('invalid_grant', 'code_verifier must be 43 to 128 letters, digits and the characters - . _ ~');
  return createHash('sha256').update(verifier).digest('base64url');
}
