import { Router, type Request, type Response } from 'express';
import type { ApiContext } from '../../context.js';
import { methodNotAllowed } from '../../http/method-not-allowed.js';
import { recorded } from '../../http/recorded.js';
import { createRequireRole } from '../authorize.js';
import { listDids, retrieveDid } from './read-did.js';
import { createCreateDid, deleteDid } from './write-did.js';

/** The issuer's DIDs (product.md 11.2). */
export function didRoutes(context: ApiContext): Router {
  const router = Router();
  const issuers = createRequireRole(context)('admin', 'issuer');
  const operation = (action: string, handler: (request: Request, response: Response) => Promise<void>) =>
    recorded(context, { stem: `DID_${action}`, category: 'DID' }, handler);
  router
    .route('/v1/dids')
    .post(issuers, operation('CREATE', createCreateDid(context)))
    .get(
      issuers,
      operation('RETRIEVE_LIST', (request, response) => listDids(context, request, response)),
    )
    .all(methodNotAllowed('GET', 'POST'));
  router
    .route('/v1/dids/:id')
    .get(
      issuers,
      operation('RETRIEVE', (request, response) => retrieveDid(context, request, response)),
    )
    .delete(
      issuers,
      operation('DELETE', (request, response) => deleteDid(context, request, response)),
    )
    .all(methodNotAllowed('GET', 'DELETE'));
  return router;
}
