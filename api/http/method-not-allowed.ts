import type { RequestHandler } from 'express';
import { ManagementError, OAuthError } from './errors.js';
import { routeFamily } from './route-family.js';

/** Last handler of a route: answers its other methods with 405, and `Allow` as RFC 9110 15.5.6 wants. */
export function methodNotAllowed(...methods: readonly string[]): RequestHandler {
  const allow = [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', ');
  const description = `this URL takes ${methods.join(' and ')} only`;
  return (request, response, next) => {
    response.setHeader('Allow', allow);
    if (request.method === 'OPTIONS') {
      response.status(204).end();
      return;
    }
    next(
      routeFamily(request.path) === 'wallet'
        ? new OAuthError('invalid_request', description, { status: 405 })
        : new ManagementError('MethodNotAllowed', description, { status: 405 }),
    );
  };
}
