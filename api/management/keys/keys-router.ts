import { Router } from 'express';
import type { ApiContext } from '../../context.js';
import { methodNotAllowed } from '../../http/method-not-allowed.js';
import { recorded } from '../../http/recorded.js';
import { createRequireRole } from '../authorize.js';
import { listKeys } from './list-keys.js';
import { rotateKey } from './rotate-key.js';

/** The issuer's rotated keys. */
export function keyRoutes(context: ApiContext): Router {
  const router = Router();
  const admins = createRequireRole(context)('admin');
  const category = 'KEY';
  router
    .route('/v1/keys')
    .get(
      admins,
      recorded(context, { stem: 'KEY_RETRIEVE_LIST', category }, (request, response) => listKeys(context, request, response)),
    )
    .all(methodNotAllowed('GET'));
  router
    .route('/v1/keys/:id/rotate')
    .post(
      admins,
      recorded(context, { stem: 'KEY_ROTATE', category }, (request, response) => rotateKey(context, request, response)),
    )
    .all(methodNotAllowed('POST'));
  return router;
}
