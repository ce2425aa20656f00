import { Router, type Request, type Response } from 'express';
import type { ApiContext } from '../context.js';
import { methodNotAllowed } from '../http/method-not-allowed.js';
import { recorded } from '../http/recorded.js';
import { createDiscoveryCheck } from './authentication-providers/discovery-check.js';
import { deleteProvider } from './authentication-providers/delete-provider.js';
import { listProviders, retrieveProvider } from './authentication-providers/read-provider.js';
import { createCreateProvider, createReplaceProvider } from './authentication-providers/write-provider.js';
import { createRequireRole } from './authorize.js';
import { createCreateClaimSource, createReplaceClaimSource, deleteClaimSource } from './claim-sources/write-claim-source.js';
import { listClaimSources, retrieveClaimSource } from './claim-sources/read-claim-source.js';
import { compactSigningRoutes } from './compact-signing/compact-signing-router.js';
import { CONFIGURATION_KINDS } from './credential-configurations/configuration-kinds.js';
import { createListConfigurations, createRetrieveConfiguration } from './credential-configurations/read-configuration.js';
import {
  createCreateConfiguration,
  createDeleteConfiguration,
  createReplaceConfiguration,
} from './credential-configurations/write-configuration.js';
import { didRoutes } from './dids/dids-router.js';
import { addCredentialStatuses } from './credential-statuses/credential-statuses-router.js';
import { listEvents } from './events.js';
import { jsonLdContextRoutes } from './json-ld-contexts/json-ld-contexts-router.js';
import { keyRoutes } from './keys/keys-router.js';
import { addCertificateRoutes } from './iacas/certificate-routes.js';
import { createOAuthToken } from './oauth-token.js';
import { createCreateOffer } from './offers/create-offer.js';
import { listOffers } from './offers/list-offers.js';
import { retrieveOffer } from './offers/read-offer.js';
import { withdrawOffer } from './offers/withdraw-offer.js';
import { retrieveOpenIdConfiguration } from './openid-configuration/read-openid-configuration.js';
import { createReplaceOpenIdConfiguration } from './openid-configuration/write-openid-configuration.js';
import { pauseReusableOffer, resumeReusableOffer, revokeReusableOffer } from './reusable-offers/change-reusable-offer.js';
import { createReusableOffer } from './reusable-offers/create-reusable-offer.js';
import { listReusableOffers, retrieveReusableOffer } from './reusable-offers/read-reusable-offer.js';
import { onlyOfferIds } from './reusable-offers/reusable-offer-view.js';
import { listUserCredentials } from './users/list-user-credentials.js';
import { listUsers, retrieveUser } from './users/read-user.js';
import { searchUsers } from './users/search-users.js';
import { createUser, deleteUser, replaceUser } from './users/write-user.js';
import { signWebSemantic } from './web-semantic-signing/sign-web-semantic.js';
import { listWalletClients, retrieveWalletClient } from './wallet-clients/read-wallet-client.js';
import { createWalletClient, deleteWalletClient, replaceWalletClient } from './wallet-clients/write-wallet-client.js';

type Handler = (request: Request, response: Response) => Promise<void>;
type ContextHandler = (context: ApiContext, request: Request, response: Response) => Promise<void>;

/** The management API (product.md 2 to 7, 9, 12.1): each operation behind its roles and in the event log. */
export function createManagementRouter(context: ApiContext): Router {
  const router = Router();
  const requireRole = createRequireRole(context);
  const operation = (category: string, stem: string, handler: Handler) => recorded(context, { stem, category }, handler);
  const bound =
    (handler: ContextHandler): Handler =>
    (request, response) =>
      handler(context, request, response);

  router
    .route('/oauth/token')
    .post(operation('MANAGEMENT', 'MANAGEMENT_TOKEN', createOAuthToken(context)))
    .all(methodNotAllowed('POST'));

  const issuers = requireRole('admin', 'issuer');
  for (const kind of CONFIGURATION_KINDS) {
    const configuration = (action: string, handler: Handler) => operation(kind.category, `${kind.stem}_${action}`, handler);
    const path = `/v2/credentials/${kind.profile}/configurations`;
    router
      .route(path)
      .post(issuers, configuration('CREATE', createCreateConfiguration(context, kind)))
      .get(issuers, configuration('RETRIEVE_LIST', createListConfigurations(context, kind)))
      .all(methodNotAllowed('GET', 'POST'));
    router
      .route(`${path}/:id`)
      .get(issuers, configuration('RETRIEVE', createRetrieveConfiguration(context, kind)))
      .put(issuers, configuration('UPDATE', createReplaceConfiguration(context, kind)))
      .delete(issuers, configuration('DELETE', createDeleteConfiguration(context, kind)))
      .all(methodNotAllowed('GET', 'PUT', 'DELETE'));
  }

  router.use(jsonLdContextRoutes(context));
  router.use(compactSigningRoutes(context, requireRole));
  router
    .route('/v2/credentials/web-semantic/sign')
    .post(issuers, operation('CREDENTIAL_WEB_SEMANTIC', 'CREDENTIAL_WEB_SEMANTIC_SIGN', bound(signWebSemantic)))
    .all(methodNotAllowed('POST'));
  addCertificateRoutes(router, context);

  const managers = requireRole('admin', 'issuer', 'managed-issuer');
  const source = (action: string, handler: Handler) => operation('CLAIM_SOURCE', `CLAIM_SOURCE_${action}`, handler);
  // The second path is that of older clients.
  for (const path of ['/v1/claim-sources', '/v1/claimsources']) {
    router
      .route(path)
      .post(managers, source('CREATE', createCreateClaimSource(context)))
      .get(managers, source('RETRIEVE_LIST', bound(listClaimSources)))
      .all(methodNotAllowed('GET', 'POST'));
    router
      .route(`${path}/:id`)
      .get(managers, source('RETRIEVE', bound(retrieveClaimSource)))
      .put(managers, source('UPDATE', createReplaceClaimSource(context)))
      .delete(managers, source('DELETE', bound(deleteClaimSource)))
      .all(methodNotAllowed('GET', 'PUT', 'DELETE'));
  }

  const checkDiscovery = createDiscoveryCheck(context.config);
  const provider = (action: string, handler: Handler) => operation('USER', `USER_AUTHENTICATION_PROVIDER_${action}`, handler);
  // The second path is that of older clients.
  for (const path of ['/v1/users/authentication-providers', '/v1/users/authenticationproviders']) {
    router
      .route(path)
      .post(managers, provider('CREATE', createCreateProvider(context, checkDiscovery)))
      .get(managers, provider('RETRIEVE_LIST', bound(listProviders)))
      .all(methodNotAllowed('GET', 'POST'));
    router
      .route(`${path}/:id`)
      .get(managers, provider('RETRIEVE', bound(retrieveProvider)))
      .put(managers, provider('UPDATE', createReplaceProvider(context, checkDiscovery)))
      .delete(managers, provider('DELETE', bound(deleteProvider)))
      .all(methodNotAllowed('GET', 'PUT', 'DELETE'));
  }

  const openid = (action: string, handler: Handler) =>
    operation('CREDENTIAL_PROVIDER', `CREDENTIAL_PROVIDER_OPENID_CONFIGURATION_${action}`, handler);
  router
    .route('/v1/openid/configuration')
    .get(managers, openid('RETRIEVE', bound(retrieveOpenIdConfiguration)))
    .put(managers, openid('UPDATE', createReplaceOpenIdConfiguration(context)))
    .all(methodNotAllowed('GET', 'PUT'));

  const offer = (action: string, handler: Handler) => operation('OPENID', `OPENID_PRE_AUTHORIZED_OFFER_${action}`, handler);
  router
    .route('/v1/openid/offers/pre-authorized')
    .post(issuers, offer('CREATE', createCreateOffer(context)))
    .get(issuers, offer('RETRIEVE_LIST', bound(listOffers)))
    .all(methodNotAllowed('GET', 'POST'));
  router
    .route('/v1/openid/offers/pre-authorized/:id')
    .get(issuers, offer('RETRIEVE', bound(retrieveOffer)))
    .delete(issuers, offer('DELETE', bound(withdrawOffer)))
    .all(methodNotAllowed('GET', 'DELETE'));

  const user = (action: string, handler: ContextHandler) => operation('USER', `USER_${action}`, bound(handler));
  router
    .route('/v1/users')
    .post(issuers, user('CREATE', createUser))
    .get(issuers, user('RETRIEVE_LIST', listUsers))
    .all(methodNotAllowed('GET', 'POST'));
  // Before the path with an id, which it would fit as well.
  router.route('/v1/users/search').post(issuers, user('SEARCH', searchUsers)).all(methodNotAllowed('POST'));
  router
    .route('/v1/users/:id')
    .get(issuers, user('RETRIEVE', retrieveUser))
    .put(issuers, user('UPDATE', replaceUser))
    .delete(issuers, user('DELETE', deleteUser))
    .all(methodNotAllowed('GET', 'PUT', 'DELETE'));
  router
    .route('/v1/users/:id/credentials')
    .get(issuers, user('CREDENTIAL_RETRIEVE_LIST', listUserCredentials))
    .all(methodNotAllowed('GET'));

  const walletClient = (action: string, handler: ContextHandler) => operation('OAUTH', `OAUTH_CLIENT_${action}`, bound(handler));
  router
    .route('/v1/oauth/clients')
    .post(issuers, walletClient('CREATE', createWalletClient))
    .get(issuers, walletClient('RETRIEVE_LIST', listWalletClients))
    .all(methodNotAllowed('GET', 'POST'));
  router
    .route('/v1/oauth/clients/:id')
    .get(issuers, walletClient('RETRIEVE', retrieveWalletClient))
    .put(issuers, walletClient('UPDATE', replaceWalletClient))
    .delete(issuers, walletClient('DELETE', deleteWalletClient))
    .all(methodNotAllowed('GET', 'PUT', 'DELETE'));
  const reusable = (action: string, handler: ContextHandler) => operation('OPENID', `OPENID_OFFER_${action}`, bound(handler));
  router
    .route('/v1/openid/offers')
    .post(issuers, reusable('CREATE', createReusableOffer))
    .get(issuers, reusable('RETRIEVE_LIST', listReusableOffers))
    .all(methodNotAllowed('GET', 'POST'));
  router
    .route('/v1/openid/offers/:id')
    .all(onlyOfferIds)
    .get(issuers, reusable('RETRIEVE', retrieveReusableOffer))
    .delete(issuers, reusable('DELETE', revokeReusableOffer))
    .all(methodNotAllowed('GET', 'DELETE'));
  router
    .route('/v1/openid/offers/:id/pause')
    .all(onlyOfferIds)
    .post(issuers, reusable('PAUSE', pauseReusableOffer))
    .all(methodNotAllowed('POST'));
  router
    .route('/v1/openid/offers/:id/resume')
    .all(onlyOfferIds)
    .post(issuers, reusable('RESUME', resumeReusableOffer))
    .all(methodNotAllowed('POST'));

  router.use(didRoutes(context), keyRoutes(context));
  addCredentialStatuses(router, context, requireRole);

  router
    .route('/v1/events')
    .get(requireRole('admin', 'issuer', 'auditor'), operation('ANALYTICS', 'ANALYTICS_EVENT_RETRIEVE_LIST', bound(listEvents)))
    .all(methodNotAllowed('GET'));
  return router;
}
