import type { RequestHandler, Response } from 'express';
import { collectDefaultMetrics, Histogram, Registry } from 'prom-client';
import type { ObserveCall } from './measured-issuance-client.js';

/** What the API counts: requests by endpoint and calls to Temporal, with their latency. */
export interface ApiMetrics {
  readonly registry: Registry;
  /** Measures each request under its route's pattern, never under its path: paths hold ids. */
  readonly middleware: RequestHandler;
  /** Measures the calls to Temporal. */
  readonly temporalAnswered: ObserveCall;
}

const BUCKETS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export function createApiMetrics(): ApiMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'chancery_api_' });
  const durations = new Histogram({
    name: 'chancery_http_request_seconds',
    help: 'Latency of HTTP requests by route and status',
    labelNames: ['method', 'route', 'status'],
    buckets: BUCKETS,
    registers: [registry],
  });
  const calls = new Histogram({
    name: 'chancery_temporal_request_seconds',
    help: 'Latency of calls to Temporal by what was asked and how it ended',
    labelNames: ['call', 'result'],
    buckets: BUCKETS,
    registers: [registry],
  });
  return {
    registry,
    temporalAnswered: (call, result, seconds) => calls.observe({ call, result }, seconds),
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
