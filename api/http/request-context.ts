import { randomUUID } from 'node:crypto';
import type { Request, RequestHandler, Response } from 'express';
import type { ApiContext } from '../context.js';
import type { EventLocals } from './recorded.js';

const ACCEPTABLE_REQUEST_ID = /^[A-Za-z0-9._-]{8,64}$/;

/**
 * Gives each request its id (the caller's `x-request-id` where that is sane) and one log line at its end.
 *
 * The line names the route's pattern, never the path: paths hold offer references, and queries hold whatever callers put there.
 */
export function requestContext({ logger }: Pick<ApiContext, 'logger'>): RequestHandler {
  return (request, response, next) => {
    const given = request.headers['x-request-id'];
    const requestId = typeof given === 'string' && ACCEPTABLE_REQUEST_ID.test(given) ? given : randomUUID();
    (response.locals as EventLocals).requestId = requestId;
    response.setHeader('x-request-id', requestId);
    if (logger.isLevelEnabled('info')) {
      const started = performance.now();
      response.once('close', () => {
        logger.info(describe(request, response, Math.round(performance.now() - started)), 'request');
      });
    }
    next();
  };
}

/** The id of the request this response answers; also the correlation id of an issuance it starts. */
export function requestIdOf(response: Response): string {
  return (response.locals as EventLocals).requestId ?? '';
}

function describe(request: Request, response: Response, milliseconds: number): Readonly<Record<string, unknown>> {
  const { clientId } = response.locals as EventLocals;
  const route = (request.route as { path?: unknown } | undefined)?.path;
  return {
    requestId: requestIdOf(response),
    method: request.method,
    route: typeof route === 'string' ? request.baseUrl + route : 'none',
    // A response that never went out has no status the caller could have seen.
    status: response.writableFinished ? response.statusCode : 'aborted',
    milliseconds,
    ...(clientId === undefined ? {} : { clientId }),
  };
}
