import type { Request, RequestHandler, Response, Router } from 'express';
import type { ApiContext } from '../../context.js';
import { methodNotAllowed } from '../../http/method-not-allowed.js';
import { recorded } from '../../http/recorded.js';
import type { RequireRole } from '../authorize.js';
import { isUuid } from '../record-id.js';
import { createRetrieveStatus, createSetStatus } from './credential-status.js';
import { createDeleteCredential, createPurgeCredential } from './delete-credential.js';
import { listMobileStatusLists, retrieveMobileStatusList } from './mobile-status-lists.js';
import { createRevocationNotification } from './revocation-notification.js';
import { createRetrieveRevocation, createSetRevocation } from './revocation-status.js';
import {
  createStatusListConfiguration,
  deleteStatusListConfiguration,
  listStatusListConfigurations,
  replaceStatusListConfiguration,
  retrieveStatusListConfiguration,
} from './status-list-configurations.js';
import { REVOCATION_PROFILES, STATUS_PROFILES } from './status-profiles.js';
import { listWebSemanticCredentials, retrieveWebSemanticCredential } from './web-semantic-credentials.js';

type Handler = (request: Request, response: Response) => Promise<void>;
type ContextHandler = (context: ApiContext, request: Request, response: Response) => Promise<void>;

const LISTS = '/v2/credentials/mobile/status-lists';

/** The status of issued credentials, their lists, and what is kept about them (product.md 10). */
export function addCredentialStatuses(router: Router, context: ApiContext, requireRole: RequireRole): void {
  const issuers = requireRole('admin', 'issuer');
  const operation = (category: string, stem: string, handler: Handler) => recorded(context, { category, stem }, handler);
  const bound =
    (handler: ContextHandler): Handler =>
    (request, response) =>
      handler(context, request, response);

  for (const { profile, category, stem } of STATUS_PROFILES) {
    router
      .route(`/v2/credentials/${profile}/:id/status`)
      .post(issuers, operation(category, `${stem}_SET`, createSetStatus(context, profile)))
      .get(issuers, operation(category, `${stem}_RETRIEVE`, createRetrieveStatus(context, profile)))
      .all(methodNotAllowed('GET', 'POST'));
  }
  for (const { profile, category } of REVOCATION_PROFILES) {
    router
      .route(`/v2/credentials/${profile}/:id/revocation-status`)
      .post(issuers, operation(category, `${category}_REVOCATION_STATUS_SET`, createSetRevocation(context, profile)))
      .get(issuers, operation(category, `${category}_REVOCATION_STATUS_RETRIEVE`, createRetrieveRevocation(context, profile)))
      .all(methodNotAllowed('GET', 'POST'));
  }
  for (const profile of ['compact', 'compact-semantic'] as const) {
    const category = profile === 'compact' ? 'CREDENTIAL_COMPACT' : 'CREDENTIAL_COMPACT_SEMANTIC';
    router
      .route(`/v2/credentials/${profile}/:id`)
      .all(onlyUuids)
      .delete(issuers, operation(category, `${category}_DELETE`, createDeleteCredential(context, profile)))
      .all(methodNotAllowed('DELETE'));
  }

  const web = (action: string, handler: Handler) =>
    operation('CREDENTIAL_WEB_SEMANTIC', `CREDENTIAL_WEB_SEMANTIC_${action}`, handler);
  router
    .route('/v2/credentials/web-semantic')
    .get(issuers, web('RETRIEVE_LIST', bound(listWebSemanticCredentials)))
    .all(methodNotAllowed('GET'));
  router
    .route('/v2/credentials/web-semantic/:id/revocation-status/notification')
    .post(issuers, web('REVOCATION_MESSAGE_PAYLOAD_CREATE', bound(createRevocationNotification)))
    .all(methodNotAllowed('POST'));
  router
    .route('/v2/credentials/web-semantic/:id')
    .all(onlyUuids)
    .get(issuers, web('RETRIEVE', bound(retrieveWebSemanticCredential)))
    .delete(issuers, web('DELETE', createDeleteCredential(context, 'web-semantic')))
    .all(methodNotAllowed('GET', 'DELETE'));

  const mobile = (action: string, handler: Handler) => operation('MOBILE_CREDENTIAL', `MOBILE_CREDENTIAL_${action}`, handler);
  router
    .route('/v2/credentials/mobile/:id')
    .all(onlyUuids)
    .delete(issuers, mobile('DELETE', createPurgeCredential(context, 'mobile')))
    .all(methodNotAllowed('DELETE'));
  router
    .route(`${LISTS}/configurations`)
    .post(issuers, mobile('STATUS_LIST_CONFIGURATION_CREATE', bound(createStatusListConfiguration)))
    .get(issuers, mobile('STATUS_LIST_CONFIGURATION_RETRIEVE_LIST', bound(listStatusListConfigurations)))
    .all(methodNotAllowed('GET', 'POST'));
  router
    .route(`${LISTS}/configurations/:id`)
    .get(issuers, mobile('STATUS_LIST_CONFIGURATION_RETRIEVE', bound(retrieveStatusListConfiguration)))
    .put(issuers, mobile('STATUS_LIST_CONFIGURATION_UPDATE', bound(replaceStatusListConfiguration)))
    .delete(issuers, mobile('STATUS_LIST_CONFIGURATION_DELETE', bound(deleteStatusListConfiguration)))
    .all(methodNotAllowed('GET', 'PUT', 'DELETE'));
  router
    .route(LISTS)
    .get(issuers, mobile('STATUS_LIST_RETRIEVE_LIST', bound(listMobileStatusLists)))
    .all(methodNotAllowed('GET'));
  router
    .route(`${LISTS}/:id`)
    .all(onlyUuids)
    .get(issuers, mobile('STATUS_LIST_RETRIEVE', bound(retrieveMobileStatusList)))
    .all(methodNotAllowed('GET'));
}

/** Leaves to others what has a name of its own at the place of an id. */
const onlyUuids: RequestHandler = (request, _response, next) => {
  next(isUuid(request.params.id) ? undefined : 'route');
};
