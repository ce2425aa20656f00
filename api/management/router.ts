import { Router, type Request, type Response } from 'express';
import type { ApiContext } from '../context.js';
import { methodNotAllowed } from '../http/method-not-allowed.js';
import { recorded } from '../http/recorded.js';
import { createRequireRole } from './authorize.js';
import { createCreateClaimSource, createReplaceClaimSource, deleteClaimSource } from './claim-sources/write-claim-source.js';
import { listClaimSources, retrieveClaimSource } from './claim-sources/read-claim-source.js';
import { listEvents } from './events.js';
import { createOAuthToken } from './oauth-token.js';
import { createCreateOffer } from './offers/create-offer.js';
import { listOffers } from './offers/list-offers.js';
import { retrieveOffer } from './offers/read-offer.js';
import { withdrawOffer } from './offers/withdraw-offer.js';
import { listConfigurations, retrieveConfiguration } from './sd-jwt-configurations/read-configuration.js';
import { createConfiguration, deleteConfiguration, replaceConfiguration } from './sd-jwt-configurations/write-configuration.js';

type Handler = (request: Request, response: Response) => Promise<void>;
type ContextHandler = (context: ApiContext, request: Request, response: Response) => Promise<void>;

/** The management API (product.md 2, 5, 6, 7.2, 12.1): each operation behind its roles and in the event log. */
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
  const configuration = (action: string, handler: ContextHandler) =>
    operation('CREDENTIAL_SD_JWT', `CREDENTIAL_SD_JWT_CREDENTIAL_CONFIGURATION_${action}`, bound(handler));
  router
    .route('/v2/credentials/sd-jwt/configurations')
    .post(issuers, configuration('CREATE', createConfiguration))
    .get(issuers, configuration('RETRIEVE_LIST', listConfigurations))
    .all(methodNotAllowed('GET', 'POST'));
  router
    .route('/v2/credentials/sd-jwt/configurations/:id')
    .get(issuers, configuration('RETRIEVE', retrieveConfiguration))
    .put(issuers, configuration('UPDATE', replaceConfiguration))
    .delete(issuers, configuration('DELETE', deleteConfiguration))
    .all(methodNotAllowed('GET', 'PUT', 'DELETE'));

  const sourceManagers = requireRole('admin', 'issuer', 'managed-issuer');
  const source = (action: string, handler: Handler) => operation('CLAIM_SOURCE', `CLAIM_SOURCE_${action}`, handler);
  // The second path is that of older clients.
  for (const path of ['/v1/claim-sources', '/v1/claimsources']) {
    router
      .route(path)
      .post(sourceManagers, source('CREATE', createCreateClaimSource(context)))
      .get(sourceManagers, source('RETRIEVE_LIST', bound(listClaimSources)))
      .all(methodNotAllowed('GET', 'POST'));
    router
      .route(`${path}/:id`)
      .get(sourceManagers, source('RETRIEVE', bound(retrieveClaimSource)))
      .put(sourceManagers, source('UPDATE', createReplaceClaimSource(context)))
      .delete(sourceManagers, source('DELETE', bound(deleteClaimSource)))
      .all(methodNotAllowed('GET', 'PUT', 'DELETE'));
  }

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

  router
    .route('/v1/events')
    .get(requireRole('admin', 'issuer', 'auditor'), operation('ANALYTICS', 'ANALYTICS_EVENT_RETRIEVE_LIST', bound(listEvents)))
    .all(methodNotAllowed('GET'));
  return router;
}
