import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express';
import type { ApiContext } from '../context.js';
import { ManagementError, OAuthError, UnavailableError } from './errors.js';
import { RequestBodyError } from './request-body.js';
import { requestIdOf } from './request-context.js';
import { routeFamily, type RouteFamily } from './route-family.js';
import { isUnavailable } from './unavailable.js';

const RETRY_AFTER_SECONDS = 2;

/** Answers what no route took. */
export function notFound(): RequestHandler {
  return (request, _response, next) => {
    next(
      routeFamily(request.path) === 'wallet'
        ? new OAuthError('invalid_request', 'there is nothing at this URL', { status: 404 })
        : new ManagementError('NotFound', 'Resource Not Found', { status: 404 }),
    );
  };
}

/** Turns every error into its protocol's answer. What is no known refusal becomes a 500 without detail, and a log line. */
export function errorHandler({ logger }: Pick<ApiContext, 'logger'>): ErrorRequestHandler {
  return (error: unknown, request: Request, response: Response, _next) => {
    if (response.headersSent) {
      // Half an answer is out: a cut connection is the only way left to say that it is none.
      response.destroy();
      return;
    }
    const refusal = refusalOf(error, request);
    if (refusal.status >= 500) {
      const about = { requestId: requestIdOf(response), status: refusal.status, ...faultOf(error) };
      if (refusal.status === 503) logger.warn(about, 'a dependency is away');
      else logger.error(about, 'request failed');
    }
    response.status(refusal.status).setHeader('Cache-Control', 'no-store');
    if (refusal.retryAfter !== undefined) response.setHeader('Retry-After', String(refusal.retryAfter));
    if (refusal instanceof OAuthError) sendOAuthError(response, refusal);
    else sendManagementError(response, refusal);
  };
}

function sendOAuthError(response: Response, { code, message, challenge, headers }: OAuthError): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  if (challenge !== undefined) response.setHeader('WWW-Authenticate', challenge);
  response.json({ error: code, error_description: sanitizeDescription(message) });
}

function sendManagementError(response: Response, { status, code, message, details }: ManagementError): void {
  if (status === 401) response.setHeader('WWW-Authenticate', 'Bearer').json('Unauthorized');
  else if (status === 403) response.end();
  else response.json({ code, message, ...(details === undefined ? {} : { details }) });
}

/** Keeps to the characters an `error_description` may have (CRD-18, RFC 6749 5.2). */
export function sanitizeDescription(description: string): string {
  return description
    .replaceAll('"', "'")
    .replaceAll('\\', '/')
    .replace(/[^\x20-\x7e]/g, '?');
}

function refusalOf(error: unknown, request: Request): OAuthError | ManagementError {
  if (error instanceof OAuthError || error instanceof ManagementError) return error;
  const family = routeFamily(request.path);
  if (error instanceof RequestBodyError) return bodyRefusal(error, { family, path: request.path });
  if (isUnavailable(error)) {
    const retryAfter = error instanceof UnavailableError ? error.retryAfter : RETRY_AFTER_SECONDS;
    const description =
      error instanceof UnavailableError ? error.message : 'the service is not available at the moment; try again';
    const options = { status: 503, retryAfter: retryAfter ?? RETRY_AFTER_SECONDS };
    return family === 'wallet'
      ? new OAuthError('temporarily_unavailable', description, options)
      : new ManagementError('ServiceUnavailable', description, options);
  }
  if (error instanceof URIError) {
    const description = 'the URL is malformed: check its percent-encoding';
    return family === 'wallet'
      ? new OAuthError('invalid_request', description)
      : new ManagementError('BadRequest', description, { status: 400 });
  }
  const description = 'an unexpected fault; the request id in x-request-id finds it in the log';
  return family === 'wallet'
    ? new OAuthError('server_error', description, { status: 500 })
    : new ManagementError('InternalServerError', description, { status: 500 });
}

const WALLET_BODY_CODES: Readonly<Record<string, string>> = {
  '/v1/openid/credential': 'invalid_credential_request',
  '/v1/openid/deferred-credential': 'invalid_credential_request',
  '/v1/openid/notification': 'invalid_notification_request',
};
const MANAGEMENT_BODY_CODES = {
  400: 'BadRequest',
  408: 'RequestTimeout',
  413: 'PayloadTooLarge',
  415: 'UnsupportedMediaType',
} as const;

function bodyRefusal(
  error: RequestBodyError,
  { family, path }: { family: RouteFamily; path: string },
): OAuthError | ManagementError {
  const { status, message } = error;
  if (family === 'wallet') return new OAuthError(WALLET_BODY_CODES[path] ?? 'invalid_request', message, { status });
  return new ManagementError(MANAGEMENT_BODY_CODES[status], message, {
    status,
    details: [{ msg: message, param: '', location: status === 415 ? 'headers' : 'body' }],
  });
}

/** What a log may say of a fault: names and places. Messages can quote what a caller sent. */
function faultOf(error: unknown): Readonly<Record<string, unknown>> {
  const names: string[] = [];
  for (let cause = error; cause instanceof Error && names.length < 5; cause = cause.cause) names.push(cause.name);
  const stack = error instanceof Error ? error.stack?.split('\n').filter((line) => /^ +at /.test(line)) : undefined;
  return {
    error: names.length === 0 ? typeof error : names.join(' < '),
    ...(stack === undefined ? {} : { stack: stack.slice(0, 12) }),
  };
}
