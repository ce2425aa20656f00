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
  // Of their own, so that the form of their errors is theirs alone. Not by their paths: those are labels of logs and metrics,
  // and a path at which something is mounted holds ids.
  const pages = Router({ caseSensitive: true, strict: true });
  const operation = (stem: string, handler: Handler) => recorded(context, { stem, category: 'OPENID' }, handler);

  pages
    .route(PATHS.authorize)
    .get(operation('OPENID_AUTHORIZE', showConsent(services)))
    .post(operation('OPENID_AUTHORIZE_CONSENT', decideConsent(services)))
    .all(methodNotAllowed('GET', 'POST'));
  pages
    .route(PATHS.authenticationCallback)
    .get(operation('OPENID_AUTHENTICATION_CALLBACK', authenticationCallback(services)))
    .all(methodNotAllowed('GET'));
  pages
    .route(PATHS.interactionReturn)
    .get(operation('OPENID_INTERACTION_RETURN', interactionReturn(services)))
    .all(methodNotAllowed('GET'));
  pages.route(PATHS.session).get(showSession(services)).post(leaveSession(services)).all(methodNotAllowed('GET', 'POST'));
  pages.route(PATHS.offerPage).get(showOffer(services)).all(methodNotAllowed('GET'));
  pages.use(holderErrors(services));
  router.use(pages);
  router
    .route(PATHS.interactionResult)
    .post(operation('OPENID_INTERACTION_RESULT', interactionResult(services)))
    .all(methodNotAllowed('POST'));
  return router;
}
