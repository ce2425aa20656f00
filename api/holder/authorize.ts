import type { Request, Response } from 'express';
import { authorizationPolicy } from '../../store/openid-configuration.js';
import { formToken, isFormToken } from '../http/form-token.js';
import type { EventLocals } from '../http/recorded.js';
import { readFormBody } from '../http/request-body.js';
import { requestIdOf } from '../http/request-context.js';
import { openAuthorizationRequest, sealAuthorizationRequest, type AuthorizationRequest } from '../oauth/authorization-request.js';
import { PATHS } from '../wallet/wallet-issuer.js';
import { presentedRequest } from './authorization-endpoint-request.js';
import { sendToWallet } from './back-to-wallet.js';
import { beginSession } from './begin-session.js';
import { consentContent } from './consent-content.js';
import { formTargets } from './form-targets.js';
import { providerUrl } from './go-on.js';
import { HolderError } from './holder-error.js';
import { consentPage } from './pages/consent-page.js';
import { sendPage } from './pages/send-page.js';
import { readerOf } from './reader.js';
import { resumeSession } from './resume-session.js';
import type { HolderServices } from './services.js';
import { sendTo, walletUrl } from './wallet-redirect.js';

const FORM_BYTES = 65_536;
const FORM_PURPOSE = 'holder-form';
/** How long a holder may read the consent page; its form ends sooner. */
const CONSENT_MS = 3_600_000;

type Handler = (request: Request, response: Response) => Promise<void>;

/**
 * `GET /v1/oauth/authorize` (OID4VCI 5, RFC 9126 4): asks the holder for consent, or where the issuer wants none begins at
 * once. Looking at the page uses nothing up: link previews and reloads do no harm (AUT-14).
 */
export function showConsent(services: HolderServices): Handler {
  const { context, issuer, cookie } = services;
  return async (request, response) => {
    const snapshot = await context.directory.get(issuer.id);
    const authorization = await presentedRequest(services, request, snapshot);
    noteClient(response, authorization);
    const browserId = cookie.ensure(request, response);
    if (authorizationPolicy(snapshot.issuer).consent === 'never') {
      await begin(services, response, { authorization, browserId });
      return;
    }
    const { language, languages } = readerOf(request, authorization.parameters.ui_locales);
    const now = context.now();
    const sealed = sealAuthorizationRequest({
      ring: context.ring,
      issuerId: issuer.id,
      request: { ...authorization, expiresAt: now + CONSENT_MS },
    });
    const fields = { request: sealed, form_token: formToken({ ring: context.ring, purpose: FORM_PURPOSE, browserId, now }) };
    const content = consentContent({
      snapshot,
      authorization,
      languages,
      form: { action: issuer.path + PATHS.authorize, fields },
    });
    sendPage(response, {
      html: consentPage(content, language),
      status: 200,
      formTargets: formTargets(snapshot, authorization),
    });
  };
}

/** `POST /v1/oauth/authorize`: what the holder decided on the consent page. */
export function decideConsent(services: HolderServices): Handler {
  const { context, issuer, cookie } = services;
  return async (request, response) => {
    const form = await readFormBody(request, { maxBytes: FORM_BYTES });
    const now = context.now();
    const browserId = cookie.read(request);
    const isOwnForm = isFormToken({ ring: context.ring, purpose: FORM_PURPOSE, browserId, token: form.get('form_token'), now });
    if (browserId === undefined || !isOwnForm) throw new HolderError('other_browser');
    const authorization = openAuthorizationRequest({
      ring: context.ring,
      issuerId: issuer.id,
      text: form.get('request') ?? '',
      now,
    });
    if (authorization === undefined) throw new HolderError('session_over');
    noteClient(response, authorization);
    if (form.get('decision') === 'continue') await begin(services, response, { authorization, browserId });
    else await sendToWallet(services, response, walletUrl(authorization, { error: 'access_denied' }, issuer.identifier));
  };
}

async function begin(
  services: HolderServices,
  response: Response,
  { authorization, browserId }: { authorization: AuthorizationRequest; browserId: string },
): Promise<void> {
  const { session, isNew } = await beginSession(services, {
    request: authorization,
    browserHash: services.cookie.hashOf(browserId),
    correlationId: requestIdOf(response),
  });
  (response.locals as EventLocals).eventData = { offerId: session.offerId ?? session._id, sessionId: session._id };
  if (isNew) sendTo(response, await providerUrl(services, session));
  // The holder may have come further before: back button, second submit.
  else await resumeSession(services, response, session, { defer: false });
}

function noteClient(response: Response, { clientId }: AuthorizationRequest): void {
  (response.locals as EventLocals).clientId = clientId;
}
