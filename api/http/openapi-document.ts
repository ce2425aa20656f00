import { OpenAPIRegistry, OpenApiGeneratorV31 } from '@asteasolutions/zod-to-openapi';
import type { Config } from '../../config/config.js';
import { registerAuthenticationProviders } from '../management/authentication-providers/provider.openapi.js';
import { registerClaimSources } from '../management/claim-sources/claim-source.openapi.js';
import { registerEvents } from '../management/events.openapi.js';
import { registerOAuthToken } from '../management/oauth-token.openapi.js';
import { registerOffers } from '../management/offers/offer.openapi.js';
import { registerOpenIdConfiguration } from '../management/openid-configuration/openid-configuration.openapi.js';
import { registerReusableOffers } from '../management/reusable-offers/reusable-offer.openapi.js';
import { registerConfigurations } from '../management/sd-jwt-configurations/configuration.openapi.js';
import { registerUsers } from '../management/users/user.openapi.js';
import { registerWalletClients } from '../management/wallet-clients/wallet-client.openapi.js';
import { registerWalletEndpoints } from '../wallet/wallet.openapi.js';

type OpenApiDocument = ReturnType<OpenApiGeneratorV31['generateDocument']>;

/** The description of the API (OpenAPI 3.1), made from the schemas that requests are checked against. */
export function buildOpenApiDocument(config: Config): OpenApiDocument {
  const registry = new OpenAPIRegistry();
  registerSecurity(registry);
  registerOAuthToken(registry);
  registerConfigurations(registry);
  registerClaimSources(registry);
  registerAuthenticationProviders(registry);
  registerOpenIdConfiguration(registry);
  registerOffers(registry, config);
  registerUsers(registry);
  registerWalletClients(registry);
  registerReusableOffers(registry);
  registerEvents(registry);
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
