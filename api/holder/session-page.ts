import type { Request, Response } from 'express';
import type { IssuanceDocument } from '../../store/documents.js';
import { openStep } from '../../store/holder-steps.js';
import { formToken, isFormToken } from '../http/form-token.js';
import { readFormBody } from '../http/request-body.js';
import { sessionOfState } from '../oauth/session-state.js';
import { PATHS } from '../wallet/wallet-issuer.js';
import { formTargets } from './form-targets.js';
import { HolderError } from './holder-error.js';
import { authorizationOf, returnAddress } from './holder-session.js';
import { requireOpenSession } from './open-session.js';
import { issuerBranding } from './pages/branding.js';
import { progressPage } from './pages/progress-page.js';
import { pageReload } from './pages/reload.js';
import { sendPage } from './pages/send-page.js';
import { readerOf } from './reader.js';
import { resumeSession } from './resume-session.js';
import type { HolderServices } from './services.js';

const FORM_BYTES = 4096;
const FORM_PURPOSE = 'holder-form';
const RELOAD_SECONDS = 3;

type Handler = (request: Request, response: Response) => Promise<void>;

/**
 * `GET /v1/oauth/sessions/{id}`: where a browser looks how its session goes on. It waits here for a decision that the hook
 * left open, and comes here to try a provider again that was away.
 */
export function showSession(services: HolderServices): Handler {
  return async (request, response) => {
    const session = await sessionOf(services, request);
    if (isWaiting(services, session)) await sendProgress(services, request, response, session);
    else await resumeSession(services, response, session, { defer: false });
  };
}

/** `POST /v1/oauth/sessions/{id}`: the holder does not wait; the wallet gets the credential when it is decided. */
export function leaveSession(services: HolderServices): Handler {
  const { context, cookie } = services;
  return async (request, response) => {
    const form = await readFormBody(request, { maxBytes: FORM_BYTES });
    const token = form.get('form_token');
    const browserId = cookie.read(request);
    if (!isFormToken({ ring: context.ring, purpose: FORM_PURPOSE, browserId, token, now: context.now() }))
      throw new HolderError('other_browser');
    const session = await sessionOf(services, request);
    await resumeSession(services, response, session, { defer: form.get('decision') === 'defer' });
  };
}

async function sessionOf(services: HolderServices, request: Request): Promise<IssuanceDocument> {
  const { context, issuer } = services;
  const { id } = request.params;
  const scope = { ring: context.ring, issuerId: issuer.id, kind: 'browser' } as const;
  const sessionId = typeof id === 'string' ? sessionOfState(id, scope) : undefined;
  if (sessionId === undefined) throw new HolderError('session_over', { status: 404 });
  return requireOpenSession(services, request, sessionId);
}

/** As far as the record tells: then there is no need to ask the workflow at each reload. */
function isWaiting({ context }: HolderServices, session: IssuanceDocument): boolean {
  return session.approval === undefined && openStep(context.ring, session, 'interaction')?.result === 'pending';
}

async function sendProgress(
  services: HolderServices,
  request: Request,
  response: Response,
  session: IssuanceDocument,
): Promise<void> {
  const { context, issuer, cookie } = services;
  const snapshot = await context.directory.get(issuer.id);
  const { language, languages } = readerOf(request, authorizationOf(services, session)?.parameters.ui_locales);
  const url = issuer.path + PATHS.session.replace(':id', String(request.params.id));
  const browserId = cookie.read(request) ?? '';
  const fields = { form_token: formToken({ ring: context.ring, purpose: FORM_PURPOSE, browserId, now: context.now() }) };
  const content = {
    issuer: issuerBranding(snapshot.issuer, languages),
    reload: pageReload({ url, seconds: RELOAD_SECONDS, parameter: request.query.reload }),
    form: { action: url, fields },
  };
  const targets = formTargets(snapshot, returnAddress(services, session));
  sendPage(response, { html: progressPage(content, language), status: 200, formTargets: targets });
}
