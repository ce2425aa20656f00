import express, { type Express } from 'express';
import { createCodecRouter } from './codec/router.js';
import type { ApiContext } from './context.js';
import { createHealthRouter } from './health.js';
import { errorHandler, notFound } from './http/error-handler.js';
import { rateLimit } from './http/rate-limit.js';
import { requestContext } from './http/request-context.js';
import { securityHeaders } from './http/security-headers.js';
import { createDocsRouter } from './http/openapi.js';
import { createManagementRouter } from './management/router.js';
import { metricsEndpoint, type ApiMetrics } from './metrics.js';
import { createWalletRouter } from './wallet/router.js';

/** The whole HTTP surface of one API process. */
export function createApp(context: ApiContext, metrics: ApiMetrics): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('trust proxy', context.config.TRUST_PROXY);
  app.set('query parser', 'simple');
  app.use(createHealthRouter(context));
  app.get('/metrics', metricsEndpoint(metrics));
  app.use(metrics.middleware, requestContext(context), securityHeaders(), rateLimit(context));
  app.use(createWalletRouter(context));
  app.use(createCodecRouter(context));
  app.use(createManagementRouter(context));
  app.use(createDocsRouter(context));
  app.use(notFound(), errorHandler(context));
  return app;
}
