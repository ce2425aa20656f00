import type { RequestHandler, Response } from 'express';
import { collectDefaultMetrics, Histogram, Registry } from 'prom-client';

/** What the API counts: requests by endpoint, with their latency. */
export interface ApiMetrics {
  readonly registry: Registry;
  /** Measures each request under its route's pattern, never under its path: paths hold ids. */
  readonly middleware: RequestHandler;
}

export function createApiMetrics(): ApiMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'chancery_api_' });
  const durations = new Histogram({
    name: 'chancery_http_request_seconds',
    help: 'Latency of HTTP requests by route and status',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
  return {
    registry,
    middleware: (request, response, next) => {
      const started = performance.now();
      response.once('finish', () => {
        const route = (request.route as { path?: unknown } | undefined)?.path;
        durations.observe(
          {
            method: request.method,
            route: typeof route === 'string' ? request.baseUrl + route : 'none',
            status: String(response.statusCode),
          },
          (performance.now() - started) / 1000,
        );
      });
      next();
    },
  };
}

/** Serves the metrics in Prometheus' format. */
export function metricsEndpoint({ registry }: ApiMetrics): RequestHandler {
  return async (_request, response: Response) => {
    response.type(registry.contentType).send(await registry.metrics());
  };
}
