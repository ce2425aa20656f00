import type { RequestHandler } from 'express';
import helmet from 'helmet';
import { routeFamily } from './route-family.js';

const EXPOSED = 'DPoP-Nonce, WWW-Authenticate, Retry-After, x-request-id';

/**
 * Strict headers for an API that serves no page, and open CORS on what wallets call (MET-19): web wallets exist, and
 * none of it is guarded by cookies. The management API answers its own origin only.
 */
export function securityHeaders(): RequestHandler {
  const strict = helmet({
    contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
    referrerPolicy: { policy: 'no-referrer' },
    xFrameOptions: { action: 'deny' },
  });
  return (request, response, next) => {
    strict(request, response, (error?: unknown) => {
      if (error !== undefined) return next(error);
      if (routeFamily(request.path) !== 'wallet') return next();
      response.setHeader('Access-Control-Allow-Origin', '*');
      response.setHeader('Access-Control-Expose-Headers', EXPOSED);
      response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
      if (request.method !== 'OPTIONS' || request.headers['access-control-request-method'] === undefined) return next();
      response.setHeader('Access-Control-Allow-Methods', 'GET, POST');
      response.setHeader(
        'Access-Control-Allow-Headers',
        'Authorization, Content-Type, DPoP, Accept, Accept-Language, x-request-id',
      );
      response.setHeader('Access-Control-Max-Age', '600');
      response.status(204).end();
    });
  };
}
