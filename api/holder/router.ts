import { Router, type Request, type Response } from 'express';
import type { ApiContext } from '../context.js';
import { methodNotAllowed } from '../http/method-not-allowed.js';
import { recorded } from '../http/recorded.js';
import { PATHS } from '../wallet/wallet-issuer.js';
import { authenticationCallback } from './authentication-callback.js';
import { decideConsent, showConsent } from './authorize.js';
import { holderErrors } from './holder-error-page.js';
import { interactionResult } from './interaction-result.js';
import { interactionReturn } from './interaction-return.js';
import { showOffer } from './offer-page.js';
import { holderServices } from './services.js';
import { leaveSession, showSession } from './session-page.js';

type Handler = (request: Request, response: Response) => Promise<void>;

/** Everything a holder's browser calls on the way from the wallet's request back to the wallet; and the hook's back-end. */
export function createHolderRouter(context: ApiContext): Router {
  const services = holderServices(context);
  const router = Router({ caseSensitive: true, strict: true });
  const operation = (stem: string, handler: Handler) => recorded(context, { stem, category: 'OPENID' }, handler);

  router
    .route(PATHS.authorize)
    .get(operation('OPENID_AUTHORIZE', showConsent(services)))
    .post(operation('OPENID_AUTHORIZE_CONSENT', decideConsent(services)))
    .all(methodNotAllowed('GET', 'POST'));
  router
    .route(PATHS.authenticationCallback)
    .get(operation('OPENID_AUTHENTICATION_CALLBACK', authenticationCallback(services)))
    .all(methodNotAllowed('GET'));
  router
    .route(PATHS.interactionReturn)
    .get(operation('OPENID_INTERACTION_RETURN', interactionReturn(services)))
    .all(methodNotAllowed('GET'));
  router.route(PATHS.session).get(showSession(services)).post(leaveSession(services)).all(methodNotAllowed('GET', 'POST'));
  router.route(PATHS.offerPage).get(showOffer(services)).all(methodNotAllowed('GET'));
  router.use(
    [PATHS.authorize, PATHS.authenticationCallback, PATHS.interactionReturn, PATHS.session, PATHS.offerPage],
    holderErrors(services),
  );
  router
    .route(PATHS.interactionResult)
    .post(operation('OPENID_INTERACTION_RESULT', interactionResult(services)))
    .all(methodNotAllowed('POST'));
  return router;
}
