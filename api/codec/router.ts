import { Router } from 'express';
import type { ApiContext } from '../context.js';
import { methodNotAllowed } from '../http/method-not-allowed.js';
import { decodeEndpoint } from './decode.js';
import { logIn, loginErrors, logOut, showLogin } from './login.js';
import { createCodecServices } from './services.js';
import { allowTemporalUi } from './ui-origin.js';

/**
 * The codec server that makes Temporal's payloads readable to logged-in operators, in Temporal UI or the `temporal`
 * tool. It only decodes: nothing but Chancery's own processes has a reason to encode.
 */
export function createCodecRouter(context: ApiContext): Router {
  const services = createCodecServices(context);
  const router = Router();
  router
    .route('/v1/temporal/codec/decode')
    .all(allowTemporalUi(services.uiOrigin))
    .post(...decodeEndpoint(services))
    .all(methodNotAllowed('POST'));
  // Not by their paths, at which the labels of logs and metrics would count twice.
  const pages = Router();
  pages.route('/v1/temporal/codec/login').get(showLogin(services)).post(logIn(services)).all(methodNotAllowed('GET', 'POST'));
  pages.route('/v1/temporal/codec/logout').post(logOut(services)).all(methodNotAllowed('POST'));
  pages.use(loginErrors(services));
  router.use(pages);
  return router;
}
