import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from '../../scripts/engines/managed-process.js';
import { freePort } from '../../scripts/engines/ports.js';
import { ServerProcess } from '../../scripts/engines/server-process.js';
import { connectTo, type Connections, type SystemAddress } from './connections.js';
import { environmentFor } from './environment.js';

export interface ProcessesOptions {
  /** Settings (config/config.ts) of both processes. */
  readonly env?: Environment;
  /** Of the API alone. */
  readonly apiEnv?: Environment;
  /** Of the worker alone. */
  readonly workerEnv?: Environment;
}

/** Where the engines are, and what of theirs is the processes' own. */
export type EnginesAddress = Pick<
  SystemAddress,
  'mongoUri' | 'databaseName' | 'temporalAddress' | 'temporalUiUrl' | 'namespace' | 'taskQueue'
>;

/** An API and a worker as real processes, with a database and a task queue of their own. */
export interface Processes extends SystemAddress, Connections {
  readonly api: ServerProcess;
  readonly worker: ServerProcess;
  /** Starts one more API process with the same settings, at its own port. */
  startAnotherApi(env?: Environment): Promise<ServerProcess>;
  startAnotherWorker(env?: Environment): Promise<ServerProcess>;
  /** All that is written to the logs of the folder. */
  logs(): string;
  /** Ends them without asking: nothing is kept. */
  stop(): Promise<void>;
}

/** A new folder for logs and data of a test file. */
export function newSystemFolder(): { folder: string; logFolder: string } {
  const folder = mkdtempSync(join(tmpdir(), 'chancery-test-'));
  const logFolder = join(folder, 'logs');
  mkdirSync(logFolder);
  return { folder, logFolder };
}

/** Where processes will be that are not made yet, with secrets of their own. */
export async function newAddress(url: string, folder: string, engines: EnginesAddress): Promise<SystemAddress> {
  return {
    ...engines,
    url,
    workerUrl: `http://127.0.0.1:${await freePort()}`,
    admin: { clientId: 'admin', clientSecret: randomBytes(32).toString('base64url') },
    masterKey: randomBytes(32).toString('base64url'),
    folder,
  };
}

/** Makes the processes of an address; starts none. */
export function createProcesses(
  address: SystemAddress,
  { env = {}, apiEnv = {}, workerEnv = {} }: ProcessesOptions = {},
): Processes {
  const logFolder = join(address.folder, 'logs');
  const settings = { ...environmentFor(address), ...env };
  const serve = (name: string, script: string, port: number, more: Environment) =>
    new ServerProcess({
      name,
      script,
      port,
      env: { ...settings, [script === 'api/main.ts' ? 'PORT' : 'WORKER_PORT']: String(port), INSTANCE_NAME: name, ...more },
      logFile: join(logFolder, `${name}.log`),
    });
  const api = serve('api', 'api/main.ts', Number(new URL(address.url).port), apiEnv);
  const worker = serve('worker', 'worker/main.ts', Number(new URL(address.workerUrl).port), workerEnv);
  const servers = [api, worker];
  const another = async (script: string, more: Environment) => {
    const name = `${script.split('/')[0] ?? ''}-${servers.length + 1}`;
    const server = serve(name, script, await freePort(), more);
    servers.push(server);
    await server.start();
    return server;
  };
  const connections = connectTo(address);
  return {
    ...address,
    ...connections,
    api,
    worker,
    startAnotherApi: (more = {}) => another('api/main.ts', { ...apiEnv, ...more }),
    startAnotherWorker: (more = {}) => another('worker/main.ts', { ...workerEnv, ...more }),
    logs: () => readLogs(logFolder),
    stop: async () => {
      await connections.disconnect();
      await Promise.all(servers.map((server) => server.kill('SIGKILL')));
    },
  };
}

function readLogs(folder: string): string {
  return readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('\n');
}
