import { Router } from 'express';
import type { ApiContext } from './context.js';

const PROBE_DEADLINE_MS = 2500;

/** `/healthz`: the process lives. `/readyz`: it can serve, or 503 with the names of what is down (`api`: it still starts). */
export function createHealthRouter(context: ApiContext, hasStarted: () => boolean): Router {
  const probes: Readonly<Record<string, () => Promise<void>>> = {
    temporal: () => context.issuances.ping(),
    mongodb: () => context.db.ping(),
  };
  const router = Router();
  router.get('/healthz', (_request, response) => {
    response.json({ status: 'ok' });
  });
  router.get('/readyz', async (_request, response) => {
    const checked = await Promise.all(
      Object.entries(probes).map(async ([name, probe]) => ((await answers(probe)) ? undefined : name)),
    );
    const down = [...(hasStarted() ? [] : ['api']), ...checked.filter((name) => name !== undefined)];
    if (down.length === 0) response.json({ status: 'ready' });
    else response.status(503).set('Retry-After', '2').json({ status: 'unavailable', down });
  });
  return router;
}

async function answers(probe: () => Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), PROBE_DEADLINE_MS);
  });
  try {
    return await Promise.race([
      probe().then(
        () => true,
        () => false,
      ),
      late,
    ]);
  } finally {
    clearTimeout(timer);
  }
}
