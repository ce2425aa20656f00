import { statusAggregationUri } from '../../credentials/status/status-uris.js';
import type { IssuerSnapshot } from '../../store/issuer-directory.js';
import type { WalletClientDocument, WalletClientGrant } from '../../store/documents.js';
import { authorizationPolicy } from '../../store/openid-configuration.js';
import { WALLET_ALGORITHMS } from '../oauth/jws.js';
import { configurationsByScope } from './configuration-scopes.js';
import type { WalletServices } from './services.js';
import { PRE_AUTHORIZED_CODE_GRANT } from './token.js';

const GRANTS: readonly WalletClientGrant[] = ['authorization_code', PRE_AUTHORIZED_CODE_GRANT, 'refresh_token'];
const METHODS: readonly WalletClientDocument['tokenEndpointAuthMethod'][] = ['none', 'client_secret_basic', 'private_key_jwt'];

/** The authorization server metadata (RFC 8414 2, RFC 9126 5, OID4VCI 12.3), as the issuer's policy has it. */
export function authorizationServerMetadata({
  context: { config },
  issuer,
}: WalletServices): (snapshot: IssuerSnapshot) => unknown {
  return (snapshot) => {
    const { requirePushedAuthorizationRequests, requireClientAuthentication } = authorizationPolicy(snapshot.issuer);
    return {
      issuer: issuer.identifier,
      authorization_endpoint: issuer.urls.authorize,
      token_endpoint: issuer.urls.token,
      pushed_authorization_request_endpoint: issuer.urls.pushedAuthorization,
      require_pushed_authorization_requests: requirePushedAuthorizationRequests,
      jwks_uri: issuer.urls.jwks,
      response_types_supported: ['code'],
      response_modes_supported: ['query'],
      grant_types_supported: GRANTS,
      code_challenge_methods_supported: ['S256'],
      scopes_supported: [...configurationsByScope(snapshot).keys()],
      authorization_details_types_supported: ['openid_credential'],
      token_endpoint_auth_methods_supported: METHODS.filter((method) => method !== 'none' || !requireClientAuthentication),
      token_endpoint_auth_signing_alg_values_supported: WALLET_ALGORITHMS,
      dpop_signing_alg_values_supported: WALLET_ALGORITHMS,
      authorization_response_iss_parameter_supported: true,
      status_list_aggregation_endpoint: statusAggregationUri({ issuerIdentifier: issuer.identifier, profile: 'sd-jwt' }),
      'pre-authorized_grant_anonymous_access_supported': config.ANONYMOUS_ACCESS && !requireClientAuthentication,
    };
  };
}
