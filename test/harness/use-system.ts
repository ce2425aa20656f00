import { afterAll, beforeAll, inject } from 'vitest';
import { connectTo, type Connections, type SystemAddress } from './connections.js';
import { startSystem, type System, type SystemOptions } from './system.js';
import './shared-system.js';

/** The system that test files share, one after another. Make records of your own, kill nothing, and expect others' records beside yours. */
export type SharedSystem = SystemAddress & Connections;

/** Call it at the top of a test file; the result gives the system inside tests and hooks. */
export function useSharedSystem(): () => SharedSystem {
  let system: SharedSystem | undefined;
  beforeAll(async () => {
    const response = await fetch(`${inject('sharedSystemUrl')}/${process.env.VITEST_POOL_ID ?? '0'}`);
    const body = await response.text();
    if (!response.ok) throw new Error(`the shared system did not start: ${body}`);
    const address = JSON.parse(body) as SystemAddress;
    system = { ...address, ...connectTo(address) };
  });
  afterAll(async () => {
    await system?.disconnect();
  });
  return () => started(system);
}

/** A private system for this file, whose processes it may kill and restart. */
export function useOwnSystem(options: SystemOptions = {}): () => System {
  let system: System | undefined;
  beforeAll(async () => {
    system = await startSystem(options);
  });
  afterAll(async () => {
    await system?.stop();
  });
  return () => started(system);
}

function started<T>(system: T | undefined): T {
  if (system === undefined) throw new Error('the system runs only inside tests and hooks');
  return system;
}
