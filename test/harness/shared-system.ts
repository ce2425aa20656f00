import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestProject } from 'vitest/node';
import type { SystemAddress } from './connections.js';
import { startSystem, type System } from './system.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** Answers, below it at a worker's number, where that worker's system is; the first to ask has it started. */
    sharedSystemUrl: string;
  }
}

/**
 * Keeps a system, whose issuer may call `localhost`, for the test files that share it, one for each of the workers that run files side by side: started when
 * the first file asks, stopped at the end of the run. So a file has it for itself while it runs.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const systems = new Map<string, Promise<System>>();
  const server: Server = createServer((request, response) => {
    const worker = request.url ?? '';
    const starting = systems.get(worker) ?? startSystem({ env: { OUTBOUND_ALLOWED_HOSTS: 'localhost' } });
    systems.set(worker, starting);
    starting.then(
      (system) => response.end(JSON.stringify(addressOf(system))),
      (error: unknown) => response.writeHead(500).end(error instanceof Error ? error.message : String(error)),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  project.provide('sharedSystemUrl', `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`);
  return async () => {
    server.close();
    for (const starting of systems.values()) await (await starting.catch(() => undefined))?.stop();
  };
}

function addressOf(system: System): SystemAddress {
  const {
    url,
    workerUrl,
    admin,
    masterKey,
    mongoUri,
    databaseName,
    temporalAddress,
    temporalUiUrl,
    namespace,
    taskQueue,
    folder,
  } = system;
  return {
    url,
    workerUrl,
    admin,
    masterKey,
    mongoUri,
    databaseName,
    temporalAddress,
    temporalUiUrl,
    namespace,
    taskQueue,
    folder,
  };
}
