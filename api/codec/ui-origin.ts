import type { RequestHandler } from 'express';

const PREFLIGHT_SECONDS = 600;

/**
 * Lets scripts of Temporal UI's origin, and of no other, call with cookies and read the answers; answers preflights.
 *
 * @param allowed the origin
 */
export function allowTemporalUi(allowed: string): RequestHandler {
  return (request, response, next) => {
    response.vary('Origin');
    const fromUi = request.headers.origin === allowed;
    if (fromUi) {
      response.set({ 'Access-Control-Allow-Origin': allowed, 'Access-Control-Allow-Credentials': 'true' });
    }
    if (request.method !== 'OPTIONS') {
      next();
      return;
    }
    if (fromUi) {
      response.set({
        'Access-Control-Allow-Methods': 'POST',
        'Access-Control-Allow-Headers': 'content-type, x-namespace, authorization',
        'Access-Control-Max-Age': String(PREFLIGHT_SECONDS),
      });
    }
    response.status(204).end();
  };
}
