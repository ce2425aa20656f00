import { WALLET_ALGORITHMS } from '../oauth/jws.js';
import type { WalletServices } from './services.js';
import { PRE_AUTHORIZED_CODE_GRANT } from './token.js';

/** The authorization server metadata (RFC 8414 2, OID4VCI 12.3): the same for every state of the issuer's records. */
export function authorizationServerMetadata({ context: { config }, issuer }: WalletServices): () => unknown {
  const metadata = {
    issuer: issuer.identifier,
    token_endpoint: issuer.urls.token,
    jwks_uri: issuer.urls.jwks,
    // Required by RFC 8414, and empty as long as there is no authorization endpoint.
    response_types_supported: [],
    grant_types_supported: [PRE_AUTHORIZED_CODE_GRANT],
    token_endpoint_auth_methods_supported: ['none'],
    authorization_details_types_supported: ['openid_credential'],
    dpop_signing_alg_values_supported: WALLET_ALGORITHMS,
    'pre-authorized_grant_anonymous_access_supported': config.ANONYMOUS_ACCESS,
  };
  return () => metadata;
}
