import { randomBytes } from 'node:crypto';
import { OAuthError } from '../http/errors.js';
import { IssuanceNotFound, IssuanceRefusal } from '../issuance-client.js';
import { clientHash } from '../oauth/session-state.js';
import { codeHash, parseRoutedCode } from '../oauth/pre-authorized-code.js';
import type { Redemption } from './redeem-code.js';
import type { WalletServices } from './services.js';
import type { TokenRequest } from './token-request.js';

/**
 * Refreshes a grant (RFC 6749 6, OID4VCI 14.5): a further access token for what was granted, as long as the issuance goes
 * on. The refresh token stays the same, so a lost answer costs nothing.
 *
 * @throws {OAuthError}
 */
export async function refreshGrant({ context, issuer, calls }: WalletServices, request: TokenRequest): Promise<Redemption> {
  const { parameter, client, dpopThumbprint, lifetimeSeconds } = request;
  const text = parameter('refresh_token');
  if (text === undefined) throw new OAuthError('invalid_request', 'the parameter refresh_token is missing');
  const route = parseRoutedCode(text);
  if (route === undefined) throw invalidGrant('the refresh token is not valid');
  const { sessionId, secret } = route;
  const tokenId = randomBytes(16).toString('base64url');
  const tokenExpiresAt = (Math.floor(context.now() / 1000) + lifetimeSeconds) * 1000;
  const message = {
    hash: codeHash(secret),
    clientHash: clientHash(client.clientId),
    tokenId,
    tokenExpiresAt,
    ...(dpopThumbprint === undefined ? {} : { dpopThumbprint }),
  };
  try {
    const granted = await calls.run(sessionId, () => context.issuances.refreshToken({ issuerId: issuer.id, sessionId }, message));
    const { configurationIds, byAuthorizationDetails = [] } = granted;
    return { sessionId, tokenId, tokenExpiresAt, configurationIds, byAuthorizationDetails };
  } catch (error) {
    if (error instanceof IssuanceNotFound) throw invalidGrant('the issuance of this refresh token is over', error);
    if (error instanceof IssuanceRefusal && error.type === 'invalid_grant') throw invalidGrant(error.message, error);
    throw error;
  }
}

function invalidGrant(description: string, cause?: unknown): OAuthError {
  return new OAuthError('invalid_grant', description, { cause });
}
