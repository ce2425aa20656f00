import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express';
import { ipKeyGenerator } from 'express-rate-limit';
import { isBrowserId, newBrowserId } from '../http/browser-id.js';
import { FORM_MS, formToken, isFormToken } from '../http/form-token.js';
import { recorded, type EventLocals } from '../http/recorded.js';
import { readFormBody, RequestBodyError } from '../http/request-body.js';
import { beginLogin, currentLogin, endLogin } from './login-session.js';
import { loggedInPage, loginPage, pagePolicy } from './pages.js';
import { mayRead, type CodecServices } from './services.js';

const FORM_BYTES = 4096;
const CATEGORY = 'TEMPORAL_CODEC';
const PURPOSE = 'temporal-codec-form';

/** A login or logout that was refused; answered by the login page. `code` is what the event log gets. */
class LoginRefusal extends Error {
  override readonly name = 'LoginRefusal';
  constructor(
    readonly status: 401 | 403 | 429,
    readonly code: string,
    message: string,
    readonly retryAfter?: number,
  ) {
    super(message);
  }
}

/** `GET /v1/temporal/codec/login`: the form, or, once logged in, what to set in Temporal UI. */
export function showLogin(services: CodecServices): RequestHandler {
  return async (request, response) => {
    const login = await currentLogin(services, request);
    if (login === undefined) {
      sendLoginPage(services, request, response);
      return;
    }
    const { codecUrl, logoutUrl, context } = services;
    const form = { action: logoutUrl, formToken: newFormToken(services, request, response) };
    const { clientId, expiresAt } = login.session;
    const uiUrl = context.config.TEMPORAL_UI_URL;
    sendPage(services, response, loggedInPage({ ...form, clientId, expiresAt: new Date(expiresAt), codecUrl, uiUrl }));
  };
}

/** `POST /v1/temporal/codec/login`: id and secret of a management client begin a login in this browser. */
export function logIn(services: CodecServices): RequestHandler {
  return recorded(services.context, { stem: 'TEMPORAL_CODEC_LOGIN', category: CATEGORY }, async (request, response) => {
    const form = await readFormBody(request, { maxBytes: FORM_BYTES });
    requireOwnForm(services, request, form);
    const attempt = { clientId: form.get('client_id') ?? '', clientSecret: form.get('client_secret') ?? '' };
    const giveBack = takeAttempt(services, request, attempt.clientId);
    const client = await services.clients.authenticate(attempt);
    if (client === undefined) throw new LoginRefusal(401, 'invalid_client', 'The client id or the client secret is wrong.');
    giveBack();
    (response.locals as EventLocals).clientId = client._id;
    if (!mayRead(client))
      throw new LoginRefusal(
        403,
        'role_missing',
        'This client may not read payloads: it needs the role admin, issuer or auditor.',
      );
    beginLogin(services, response, client);
    response.redirect(303, services.loginUrl);
  });
}

/** `POST /v1/temporal/codec/logout`. */
export function logOut(services: CodecServices): RequestHandler {
  return recorded(services.context, { stem: 'TEMPORAL_CODEC_LOGOUT', category: CATEGORY }, async (request, response) => {
    requireOwnForm(services, request, await readFormBody(request, { maxBytes: FORM_BYTES }));
    const login = await currentLogin(services, request);
    if (login !== undefined) {
      (response.locals as EventLocals).clientId = login.reader.clientId;
      await endLogin(services, response, login);
    }
    response.redirect(303, services.loginUrl);
  });
}

/** Answers refusals with the form again, so that the operator can go on from there. */
export function loginErrors(services: CodecServices): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (error instanceof LoginRefusal) {
      if (error.retryAfter !== undefined) response.set('Retry-After', String(error.retryAfter));
      sendLoginPage(services, request, response.status(error.status), error.message);
    } else if (error instanceof RequestBodyError) {
      sendLoginPage(services, request, response.status(error.status), `The form could not be read: ${error.message}.`);
    } else next(error);
  };
}

/** A page of another site must not log a browser in or out. */
function requireOwnForm({ context, cookies }: CodecServices, request: Request, form: ReadonlyMap<string, string>): void {
  const { ring, now } = context;
  const browserId = cookies.read(request, cookies.form);
  if (isFormToken({ ring, purpose: PURPOSE, browserId, token: form.get('form_token'), now: now() })) return;
  throw new LoginRefusal(403, 'form_expired', 'This form was too old or cookies are blocked. Please send it again.');
}

/** Bounds guessing by one address, and at one client by all. */
function takeAttempt({ attemptsPerAddress, attemptsPerClient }: CodecServices, request: Request, clientId: string): () => void {
  const address = ipKeyGenerator(request.ip ?? '');
  const client = clientId.slice(0, 128);
  const wait = attemptsPerAddress.take(address) || attemptsPerClient.take(client);
  if (wait > 0) {
    throw new LoginRefusal(
      429,
      'too_many_attempts',
      `Too many failed attempts. Try again in ${Math.ceil(wait / 60)} minutes.`,
      wait,
    );
  }
  return () => {
    attemptsPerAddress.giveBack(address);
    attemptsPerClient.giveBack(client);
  };
}

function sendLoginPage(services: CodecServices, request: Request, response: Response, problem?: string): void {
  const form = { action: services.loginUrl, formToken: newFormToken(services, request, response) };
  sendPage(services, response, loginPage({ ...form, ...(problem === undefined ? {} : { problem }) }));
}

function newFormToken({ context, cookies }: CodecServices, request: Request, response: Response): string {
  const known = cookies.read(request, cookies.form);
  const browserId = isBrowserId(known) ? known : newBrowserId();
  cookies.set(response, { name: cookies.form, value: browserId, maxAgeMs: FORM_MS });
  return formToken({ ring: context.ring, purpose: PURPOSE, browserId, now: context.now() });
}

function sendPage({ context }: CodecServices, response: Response, html: string): void {
  response
    .set({ 'Content-Security-Policy': pagePolicy(context.config.PUBLIC_URL), 'Cache-Control': 'no-store' })
    .type('html')
    .send(html);
}
