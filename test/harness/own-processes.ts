import { randomUUID } from 'node:crypto';
import { MongoClient } from 'mongodb';
import { freePort } from '../../scripts/engines/ports.js';
import type { SystemAddress } from './connections.js';
import { createProcesses, newAddress, newSystemFolder, type Processes, type ProcessesOptions } from './processes.js';
import { removeFolder } from './system.js';

/** Starts an API and a worker on the engines of another system, with an empty database and a task queue of their own. */
export async function startProcesses(shared: SystemAddress, options: ProcessesOptions): Promise<Processes> {
  const { folder } = newSystemFolder();
  const { mongoUri, temporalAddress, temporalUiUrl, namespace } = shared;
  const name = `chancery-${randomUUID().slice(0, 8)}`;
  const engines = { mongoUri, temporalAddress, temporalUiUrl, namespace, databaseName: name, taskQueue: name };
  const address = await newAddress(`http://localhost:${await freePort()}`, folder, engines);
  const processes = createProcesses(address, options);
  const stop = async () => {
    await processes.stop();
    if (process.env.KEEP_TEST_DATA === undefined) await dropDatabase(address);
    removeFolder(folder);
  };
  try {
    await Promise.all([processes.api.start(), processes.worker.start()]);
  } catch (error) {
    await stop();
    throw error;
  }
  return { ...processes, stop };
}

/** The engine keeps files open for each database. */
async function dropDatabase({ mongoUri, databaseName }: SystemAddress): Promise<void> {
  const client = new MongoClient(mongoUri);
  try {
    await client.db(databaseName).dropDatabase();
  } finally {
    await client.close();
  }
}
