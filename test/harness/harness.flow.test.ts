import { describe, expect, it } from 'vitest';
import { useOwnSystem, useSharedSystem } from './use-system.js';

describe('a private system', () => {
  const system = useOwnSystem();

  it('is ready, and its engines and processes come back after a kill', async () => {
    const { api, worker, temporalServer, mongoServer, db } = system();
    for (const child of [worker, api, mongoServer, temporalServer]) {
      await child.kill('SIGKILL');
      expect(child.running).toBe(false);
      await child.start();
    }
    expect((await api.readiness()).status).toBe(200);
    await db.ping();
  });

  it('runs several API processes', async () => {
    const second = await system().startAnotherApi();
    expect((await second.readiness()).status).toBe(200);
  });
});

describe('the shared system', () => {
  const system = useSharedSystem();

  it('answers at its public URL and is seen by Temporal', async () => {
    expect((await fetch(`${system().url}/readyz`)).status).toBe(200);
    expect(await system().temporal.connection.workflowService.describeNamespace({ namespace: system().namespace })).toBeDefined();
  });
});
