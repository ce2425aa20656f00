import { createServer, type Server } from 'node:http';
import type { Registry } from 'prom-client';

interface Probes {
  readonly port: number;
  readonly host: string;
  readonly registry: Registry;
  /** Text in Prometheus' format to append, e.g. Temporal's metrics. */
  readonly moreMetrics: () => Promise<string>;
  /** Names of what is down; empty when ready. */
  readonly down: () => Promise<readonly string[]>;
}

/** Serves `/healthz`, `/readyz` and `/metrics` of the worker. */
export async function serveProbes({ port, host, registry, moreMetrics, down }: Probes): Promise<Server> {
  const answer = async (path: string | undefined): Promise<{ status: number; type: string; body: string }> => {
    if (path === '/healthz') return { status: 200, type: 'application/json', body: '{"status":"ok"}' };
    if (path === '/readyz') {
      const names = await down();
      const body = JSON.stringify(names.length === 0 ? { status: 'ready' } : { status: 'unavailable', down: names });
      return { status: names.length === 0 ? 200 : 503, type: 'application/json', body };
    }
    if (path === '/metrics') {
      return { status: 200, type: registry.contentType, body: (await registry.metrics()) + (await moreMetrics()) };
    }
    return { status: 404, type: 'application/json', body: '{"error":"not_found"}' };
  };
  const server = createServer((request, response) => {
    void answer(request.url?.split('?', 1)[0])
      .catch(() => ({ status: 500, type: 'application/json', body: '{"error":"server_error"}' }))
      .then(({ status, type, body }) => response.writeHead(status, { 'content-type': type }).end(body));
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve));
  return server;
}
