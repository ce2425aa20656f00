import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestProject } from 'vitest/node';
import type { SystemAddress } from './connections.js';
import { startSystem, type System } from './system.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** Answers where the shared system is; the first to ask has it started. */
    sharedSystemUrl: string;
  }
}

/** Keeps one system for all test files that share it: started when the first asks, stopped at the end of the run. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  let starting: Promise<System> | undefined;
  const server: Server = createServer((_request, response) => {
    starting ??= startSystem();
    starting.then(
      (system) => response.end(JSON.stringify(addressOf(system))),
      (error: unknown) => response.writeHead(500).end(error instanceof Error ? error.message : String(error)),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  project.provide('sharedSystemUrl', `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`);
  return async () => {
    server.close();
    const system = await starting?.catch(() => undefined);
    await system?.stop();
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
