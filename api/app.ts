import express, { type Express } from 'express';
import { createCodecRouter } from './codec/router.js';
import { createHolderRouter } from './holder/router.js';
import type { ApiContext } from './context.js';
import { createHealthRouter } from './health.js';
import { errorHandler, notFound } from './http/error-handler.js';
import { UnavailableError } from './http/errors.js';
import { rateLimit } from './http/rate-limit.js';
import { requestContext } from './http/request-context.js';
import { securityHeaders } from './http/security-headers.js';
import { createDocsRouter } from './http/openapi.js';
import { createManagementRouter } from './management/router.js';
import { metricsEndpoint, type ApiMetrics } from './metrics.js';
import { withoutPublicPath } from './wallet/public-path.js';
import { createWalletRouter } from './wallet/router.js';
import { walletIssuer } from './wallet/wallet-issuer.js';

/**
 * The whole HTTP surface of one API process.
 *
 * @param options.hasStarted false as long as the database has not been prepared: all but the probes wait for it
 */
export function createApp(
  context: ApiContext,
  { metrics, hasStarted }: { metrics: ApiMetrics; hasStarted: () => boolean },
): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('trust proxy', context.config.TRUST_PROXY);
  app.set('query parser', 'simple');
  app.use(createHealthRouter(context, hasStarted));
  app.get('/metrics', metricsEndpoint(metrics));
  // Before all that goes by the path: CORS, the form of errors, routes. Probes and metrics are not for the public.
  app.use(withoutPublicPath(walletIssuer(context.config)));
  app.use(metrics.middleware, requestContext(context), securityHeaders(), rateLimit(context));
  app.use((_request, _response, next) => {
    next(hasStarted() ? undefined : new UnavailableError('the service is starting; try again'));
  });
  app.use(createWalletRouter(context));
  app.use(createHolderRouter(context));
  app.use(createCodecRouter(context));
  app.use(createManagementRouter(context));
  app.use(createDocsRouter(context));
  app.use(notFound(), errorHandler(context));
  return app;
}
