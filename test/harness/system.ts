import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { locateMongo, locateTemporal } from '../../scripts/engines/locate.js';
import { MongoServer } from '../../scripts/engines/mongo-server.js';
import { freePort } from '../../scripts/engines/ports.js';
import { TemporalServer } from '../../scripts/engines/temporal-server.js';
import { createProcesses, newAddress, newSystemFolder, type Processes, type ProcessesOptions } from './processes.js';

/** A whole private system: engines with empty data, an API and a worker. */
export interface System extends Processes {
  readonly temporalServer: TemporalServer;
  readonly mongoServer: MongoServer;
  /** Ends every process and deletes the data (kept where KEEP_TEST_DATA is set). */
  stop(): Promise<void>;
}

/** Starts a system and waits until API and worker are ready. */
export async function startSystem(options: ProcessesOptions = {}): Promise<System> {
  const [command, engine] = await Promise.all([locateTemporal(), locateMongo()]);
  const { folder, logFolder } = newSystemFolder();
  const url = `http://localhost:${await freePort()}`;
  const temporalServer = new TemporalServer({
    command,
    folder: join(folder, 'temporal'),
    port: await freePort(),
    uiPort: await freePort(),
    codecEndpoint: `${url}/v1/temporal/codec`,
    logFile: join(logFolder, 'temporal.log'),
  });
  const mongoServer = new MongoServer({
    engine,
    folder: join(folder, 'mongodb'),
    port: await freePort(),
    logFile: join(logFolder, 'mongodb.log'),
  });
  const address = await newAddress(url, folder, {
    mongoUri: mongoServer.uri,
    databaseName: 'chancery',
    temporalAddress: temporalServer.address,
    temporalUiUrl: temporalServer.uiUrl,
    namespace: 'default',
    taskQueue: 'chancery',
  });
  const processes = createProcesses(address, options);
  const stop = async () => {
    await processes.stop();
    // Nothing is kept, so nobody is asked politely.
    await Promise.all([temporalServer, mongoServer].map((child) => child.kill('SIGKILL')));
    removeFolder(folder);
  };
  try {
    await Promise.all([temporalServer.start(), mongoServer.start()]);
    await Promise.all([processes.api.start(), processes.worker.start()]);
  } catch (error) {
    await stop();
    throw error;
  }
  return { ...processes, temporalServer, mongoServer, stop };
}

/** Deletes the folder of a system, unless it is to be looked at. */
export function removeFolder(folder: string): void {
  if (process.env.KEEP_TEST_DATA === undefined) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
