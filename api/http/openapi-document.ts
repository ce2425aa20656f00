import { OpenAPIRegistry, OpenApiGeneratorV31 } from '@asteasolutions/zod-to-openapi';
import type { Config } from '../../config/config.js';
import { registerAuthenticationProviders } from '../management/authentication-providers/provider.openapi.js';
import { registerClaimSources } from '../management/claim-sources/claim-source.openapi.js';
import { registerDids } from '../management/dids/did.openapi.js';
import { registerCredentialStatuses } from '../management/credential-statuses/credential-statuses.openapi.js';
import { registerEvents } from '../management/events.openapi.js';
import { registerKeys } from '../management/keys/key.openapi.js';
import { registerCertificates } from '../management/iacas/certificates.openapi.js';
import { registerOAuthToken } from '../management/oauth-token.openapi.js';
import { registerOffers } from '../management/offers/offer.openapi.js';
import { registerOpenIdConfiguration } from '../management/openid-configuration/openid-configuration.openapi.js';
import { registerReusableOffers } from '../management/reusable-offers/reusable-offer.openapi.js';
import { registerJsonLdContexts } from '../management/json-ld-contexts/json-ld-context.openapi.js';
import { registerCompactSigning } from '../management/compact-signing/compact-signing.openapi.js';
import { registerConfigurations } from '../management/credential-configurations/configuration.openapi.js';
import { registerUsers } from '../management/users/user.openapi.js';
import { registerWalletClients } from '../management/wallet-clients/wallet-client.openapi.js';
import { registerStatusLists } from '../status/status-list.openapi.js';
import { registerWebSemanticSigning } from '../management/web-semantic-signing/web-semantic-signing.openapi.js';
import { registerWalletEndpoints } from '../wallet/wallet.openapi.js';

type OpenApiDocument = ReturnType<OpenApiGeneratorV31['generateDocument']>;

/** The description of the API (OpenAPI 3.1), made from the schemas that requests are checked against. */
export function buildOpenApiDocument(config: Config): OpenApiDocument {
  const registry = new OpenAPIRegistry();
  registerSecurity(registry);
  registerOAuthToken(registry);
  registerConfigurations(registry);
  registerJsonLdContexts(registry);
  registerCompactSigning(registry);
  registerWebSemanticSigning(registry);
  registerClaimSources(registry);
  registerCertificates(registry);
  registerAuthenticationProviders(registry);
  registerOpenIdConfiguration(registry);
  registerOffers(registry, config);
  registerUsers(registry);
  registerWalletClients(registry);
  registerReusableOffers(registry);
  registerDids(registry, config);
  registerKeys(registry);
  registerEvents(registry);
  registerCredentialStatuses(registry);
  registerStatusLists(registry);
  registerWalletEndpoints(registry);
  return new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: '3.1.0',
    info: {
      title: 'Chancery',
      version: '1',
      description: 'An OpenID4VCI 1.0 issuer where every issuance is a durable workflow.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: config.PUBLIC_URL }],
  });
}

function registerSecurity(registry: OpenAPIRegistry): void {
  registry.registerComponent('securitySchemes', 'managementToken', {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: 'From `POST /oauth/token`.',
  });
  registry.registerComponent('securitySchemes', 'walletToken', {
    type: 'http',
    scheme: 'bearer',
    description: "A wallet's access token, as Bearer or DPoP.",
  });
}
