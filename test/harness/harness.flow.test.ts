import { describe, expect, it } from 'vitest';
import { useOwnProcesses, useOwnSystem, useSharedSystem } from './use-system.js';

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

describe('own processes beside it', () => {
  const shared = useSharedSystem();
  const own = useOwnProcesses();

  it('have the engines in common with it, and nothing else', async () => {
    expect([own().mongoUri, own().temporalAddress]).toEqual([shared().mongoUri, shared().temporalAddress]);
    expect((await fetch(`${own().url}/readyz`)).status).toBe(200);
    for (const name of ['url', 'databaseName', 'taskQueue', 'masterKey'] as const) expect(own()[name]).not.toBe(shared()[name]);
    expect(await own().db.clients.countDocuments()).toBe(1);
  });
});
