import { afterAll, beforeAll, inject } from 'vitest';
import { connectTo, type Connections, type SystemAddress } from './connections.js';
import { startProcesses } from './own-processes.js';
import type { Processes, ProcessesOptions } from './processes.js';
import { startSystem, type System } from './system.js';
import './shared-system.js';

/** The system that test files share, one after another. Make records of your own, kill nothing, and expect others' records beside yours. */
export type SharedSystem = SystemAddress & Connections;

/** Call it at the top of a test file; the result gives the system inside tests and hooks. */
export function useSharedSystem(): () => SharedSystem {
  let system: SharedSystem | undefined;
  beforeAll(async () => {
    const address = await sharedAddress();
    system = { ...address, ...connectTo(address) };
  });
  afterAll(async () => {
    await system?.disconnect();
  });
  return () => started(system);
}

/** An issuer for this file alone: API, worker and database are its own, the engines are those of the shared system. */
export function useOwnProcesses(options: ProcessesOptions = {}): () => Processes {
  return startedAndStopped(async () => startProcesses(await sharedAddress(), options));
}

/** A private system for this file, which may kill and restart its engines too, look into their files, and expect nobody else in them. */
export function useOwnSystem(options: ProcessesOptions = {}): () => System {
  return startedAndStopped(() => startSystem(options));
}

function startedAndStopped<T extends { stop(): Promise<void> }>(start: () => Promise<T>): () => T {
  let running: T | undefined;
  beforeAll(async () => {
    running = await start();
  });
  afterAll(async () => {
    await running?.stop();
  });
  return () => started(running);
}

/** The first to ask in a vitest worker has the shared system started. */
async function sharedAddress(): Promise<SystemAddress> {
  const response = await fetch(`${inject('sharedSystemUrl')}/${process.env.VITEST_POOL_ID ?? '0'}`);
  const body = await response.text();
  if (!response.ok) throw new Error(`the shared system did not start: ${body}`);
  return JSON.parse(body) as SystemAddress;
}

function started<T>(system: T | undefined): T {
  if (system === undefined) throw new Error('the system runs only inside tests and hooks');
  return system;
}
