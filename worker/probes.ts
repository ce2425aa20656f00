import { createServer, type Server } from 'node:http';
import type { Registry } from 'prom-client';

interface Probes {
  readonly port: number;
  readonly host: string;
  readonly registry: Registry;
  /** Text in Prometheus' format to append, e.g. Temporal's metrics. */
  readonly moreMetrics: () => Promise<string>;
  /** What the process needs to work, by name; each rejects where that is away. */
  readonly probes: Readonly<Record<string, () => Promise<void>>>;
}

/** A probe that takes longer has failed: whoever asks does not wait either. */
const PROBE_DEADLINE_MS = 2500;

/** Serves `/healthz`, `/readyz` and `/metrics` of the worker. */
export async function serveProbes({ port, host, registry, moreMetrics, probes }: Probes): Promise<Server> {
  const answer = async (path: string | undefined): Promise<{ status: number; type: string; body: string }> => {
    if (path === '/healthz') return { status: 200, type: 'application/json', body: '{"status":"ok"}' };
    if (path === '/readyz') {
      const names = await failing(probes);
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

async function failing(probes: Probes['probes']): Promise<readonly string[]> {
  const checked = await Promise.all(Object.entries(probes).map(async ([name, probe]) => ((await succeeds(probe)) ? [] : [name])));
  return checked.flat();
}

async function succeeds(probe: () => Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, PROBE_DEADLINE_MS, false);
  });
  const answered = probe().then(
    () => true,
    () => false,
  );
  try {
    return await Promise.race([answered, late]);
  } finally {
    clearTimeout(timer);
  }
}
