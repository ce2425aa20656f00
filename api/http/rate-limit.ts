import type { RequestHandler } from 'express';
import { rateLimit as limiter, type AugmentedRequest } from 'express-rate-limit';
import type { ApiContext } from '../context.js';
import { ManagementError, OAuthError } from './errors.js';
import { routeFamily } from './route-family.js';

const WINDOW_MS = 60_000;
const DESCRIPTION = 'too many requests came from this address; wait as long as Retry-After says';

/** Bounds the requests of one address per minute, counted by this process; 0 takes all. Answers 429 with `Retry-After`. */
export function rateLimit({ config }: Pick<ApiContext, 'config'>): RequestHandler {
  if (config.RATE_LIMIT_PER_MINUTE === 0) return (_request, _response, next) => next();
  return limiter({
    windowMs: WINDOW_MS,
    limit: config.RATE_LIMIT_PER_MINUTE,
    standardHeaders: false,
    legacyHeaders: false,
    validate: false,
    handler: (request, _response, next) => {
      const { resetTime } = (request as AugmentedRequest).rateLimit ?? {};
      const retryAfter = Math.max(1, Math.ceil(((resetTime?.getTime() ?? 0) - Date.now()) / 1000));
      next(
        routeFamily(request.path) === 'wallet'
          ? new OAuthError('temporarily_unavailable', DESCRIPTION, { status: 429, retryAfter })
          : new ManagementError('TooManyRequests', DESCRIPTION, { status: 429, retryAfter }),
      );
    },
  });
}
