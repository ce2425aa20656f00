import type { RefreshTokenBinding } from '../../workflows/messages.js';
import type { IdentifiedClient } from '../oauth/client-authentication.js';
import { clientHash, newRoutedSecret } from '../oauth/session-state.js';

/** A token request as far as it is the same for every grant. */
export interface TokenRequest {
  /** A parameter sent without a value counts as not sent (RFC 6749 3.2). */
  readonly parameter: (name: string) => string | undefined;
  readonly client: IdentifiedClient;
  readonly dpopThumbprint: string | undefined;
  readonly lifetimeSeconds: number;
  /** The refresh token to hand out if the grant succeeds; absent for clients that get none. */
  readonly refreshToken: NewRefreshToken | undefined;
}

/** A refresh token: its value needs the session, its binding does not. */
export interface NewRefreshToken {
  readonly valueFor: (sessionId: string) => string;
  readonly binding: RefreshTokenBinding;
}

/**
 * A refresh token for clients that can prove who they are: authenticated, or by their DPoP key (TOK-19). That of a public
 * client is bound to the key (RFC 9449 5).
 */
export function newRefreshToken({
  client,
  dpopThumbprint,
}: Pick<TokenRequest, 'client' | 'dpopThumbprint'>): NewRefreshToken | undefined {
  const { authenticated, clientId } = client;
  const isAllowed = client.client === undefined || client.client.grantTypes.includes('refresh_token');
  if (!isAllowed || (!authenticated && dpopThumbprint === undefined)) return undefined;
  const { value, hash } = newRoutedSecret('');
  return {
    valueFor: (sessionId) => sessionId + value,
    binding: {
      hash,
      clientHash: clientHash(clientId),
      ...(authenticated || dpopThumbprint === undefined ? {} : { dpopThumbprint }),
    },
  };
}
