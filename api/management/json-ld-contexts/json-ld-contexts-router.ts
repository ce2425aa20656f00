import { Router, type Request, type Response } from 'express';
import type { ApiContext } from '../../context.js';
import { methodNotAllowed } from '../../http/method-not-allowed.js';
import { recorded } from '../../http/recorded.js';
import { createRequireRole } from '../authorize.js';
import { listJsonLdContexts, retrieveJsonLdContext } from './read-json-ld-context.js';
import { createJsonLdContext, deleteJsonLdContext } from './write-json-ld-context.js';

type ContextHandler = (context: ApiContext, request: Request, response: Response) => Promise<void>;

/** `/v2/credentials/web-semantic/contexts`: JSON-LD contexts that the issuer uploads. */
export function jsonLdContextRoutes(context: ApiContext): Router {
  const router = Router();
  const issuers = createRequireRole(context)('admin', 'issuer');
  const operation = (action: string, handler: ContextHandler) =>
    recorded(
      context,
      { stem: `CREDENTIAL_WEB_SEMANTIC_CONTEXT_${action}`, category: 'CREDENTIAL_WEB_SEMANTIC' },
      (request, response) => handler(context, request, response),
    );
  router
    .route('/v2/credentials/web-semantic/contexts')
    .post(issuers, operation('CREATE', createJsonLdContext))
    .get(issuers, operation('RETRIEVE_LIST', listJsonLdContexts))
    .all(methodNotAllowed('GET', 'POST'));
  router
    .route('/v2/credentials/web-semantic/contexts/:id')
    .get(issuers, operation('RETRIEVE', retrieveJsonLdContext))
    .delete(issuers, operation('DELETE', deleteJsonLdContext))
    .all(methodNotAllowed('GET', 'DELETE'));
  return router;
}
