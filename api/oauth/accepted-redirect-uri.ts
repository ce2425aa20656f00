import type { WalletClientDocument } from '../../store/documents.js';
import { OAuthError } from '../http/errors.js';
import type { AuthorizationRequest } from './authorization-request.js';
import type { OAuthParameters } from './parameters.js';
import { matchesRedirectUri, redirectUriFault } from './redirect-uri.js';

/**
 * The redirect URI of an authorization request. A registered client has to name one that is registered for it (AUT-16); of
 * a client that is not registered any will do that holders can safely be sent to.
 *
 * @throws {OAuthError} `invalid_request`
 */
export function acceptedRedirectUri(
  parameters: OAuthParameters,
  client: WalletClientDocument | undefined,
): Pick<AuthorizationRequest, 'redirectUri' | 'isRegistered'> {
  const redirectUri = parameters.get('redirect_uri');
  if (redirectUri === undefined) throw refused('the parameter redirect_uri is missing');
  const fault = redirectUriFault(redirectUri);
  if (fault !== undefined) throw refused(`redirect_uri ${fault}`);
  if (client === undefined) return { redirectUri, isRegistered: false };
  if (!client.redirectUris.some((registered) => matchesRedirectUri({ registered, presented: redirectUri }))) {
    throw refused('redirect_uri is not one that is registered for the client');
  }
  return { redirectUri, isRegistered: true };
}

function refused(description: string): OAuthError {
  return new OAuthError('invalid_request', description);
}
