import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { locateMongo, locateTemporal } from '../../scripts/engines/locate.js';
import type { Environment } from '../../scripts/engines/managed-process.js';
import { MongoServer } from '../../scripts/engines/mongo-server.js';
import { freePort } from '../../scripts/engines/ports.js';
import { ServerProcess } from '../../scripts/engines/server-process.js';
import { TemporalServer } from '../../scripts/engines/temporal-server.js';
import { connectTo, type Connections, type SystemAddress } from './connections.js';

export interface SystemOptions {
  /** Settings (config/config.ts) of both processes. */
  readonly env?: Environment;
  /** Of the API alone. */
  readonly apiEnv?: Environment;
  /** Of the worker alone. */
  readonly workerEnv?: Environment;
}

/** A whole private system: engines with empty data, an API and a worker as real processes. */
export interface System extends SystemAddress, Connections {
  readonly api: ServerProcess;
  readonly worker: ServerProcess;
  readonly temporalServer: TemporalServer;
  readonly mongoServer: MongoServer;
  /** Starts one more API process with the same settings, at its own port. */
  startAnotherApi(env?: Environment): Promise<ServerProcess>;
  startAnotherWorker(env?: Environment): Promise<ServerProcess>;
  /** All that all processes have written, engines included. */
  logs(): string;
  /** Ends every process and deletes the data (kept where KEEP_TEST_DATA is set). */
  stop(): Promise<void>;
}

/** Starts a system and waits until API and worker are ready. */
export async function startSystem({ env = {}, apiEnv = {}, workerEnv = {} }: SystemOptions = {}): Promise<System> {
  const [command, engine] = await Promise.all([locateTemporal(), locateMongo()]);
  const folder = mkdtempSync(join(tmpdir(), 'chancery-test-'));
  const logFolder = join(folder, 'logs');
  mkdirSync(logFolder);
  const [port, workerPort, temporalPort, uiPort, mongoPort] = [
    await freePort(),
    await freePort(),
    await freePort(),
    await freePort(),
    await freePort(),
  ];
  const url = `http://localhost:${port}`;
  const temporalServer = new TemporalServer({
    command,
    folder: join(folder, 'temporal'),
    port: temporalPort,
    uiPort,
    codecEndpoint: `${url}/v1/temporal/codec`,
    logFile: join(logFolder, 'temporal.log'),
  });
  const mongoServer = new MongoServer({
    engine,
    folder: join(folder, 'mongodb'),
    port: mongoPort,
    logFile: join(logFolder, 'mongodb.log'),
  });
  const address: SystemAddress = {
    url,
    workerUrl: `http://127.0.0.1:${workerPort}`,
    admin: { clientId: 'admin', clientSecret: randomBytes(32).toString('base64url') },
    masterKey: randomBytes(32).toString('base64url'),
    mongoUri: mongoServer.uri,
    databaseName: 'chancery',
    temporalAddress: temporalServer.address,
    temporalUiUrl: temporalServer.uiUrl,
    namespace: 'default',
    taskQueue: 'chancery',
    folder,
  };
  const settings = { ...environmentFor(address), ...env };
  const serve = (name: string, script: string, own: number, more: Environment) =>
    new ServerProcess({
      name,
      script,
      port: own,
      env: { ...settings, [script === 'api/main.ts' ? 'PORT' : 'WORKER_PORT']: String(own), INSTANCE_NAME: name, ...more },
      logFile: join(logFolder, `${name}.log`),
    });
  const api = serve('api', 'api/main.ts', port, apiEnv);
  const worker = serve('worker', 'worker/main.ts', workerPort, workerEnv);
  const servers = [api, worker];
  const another = async (script: string, more: Environment) => {
    const name = `${script.split('/')[0] ?? ''}-${servers.length + 1}`;
    const server = serve(name, script, await freePort(), more);
    servers.push(server);
    await server.start();
    return server;
  };
  const connections = connectTo(address);
  const stop = async () => {
    await connections.disconnect();
    // Nothing is kept, so nobody is asked politely.
    await Promise.all([...servers, temporalServer, mongoServer].map((child) => child.kill('SIGKILL')));
    if (process.env.KEEP_TEST_DATA === undefined) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    await Promise.all([temporalServer.start(), mongoServer.start()]);
    await Promise.all([api.start(), worker.start()]);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    ...address,
    ...connections,
    api,
    worker,
    temporalServer,
    mongoServer,
    startAnotherApi: (more = {}) => another('api/main.ts', { ...apiEnv, ...more }),
    startAnotherWorker: (more = {}) => another('worker/main.ts', { ...workerEnv, ...more }),
    logs: () => readLogs(logFolder),
    stop,
  };
}

/** The environment of config/config.ts for a system; everything a developer may have set for themselves is taken out. */
function environmentFor(address: SystemAddress): Environment {
  const port = new URL(address.url).port;
  return {
    ...Object.fromEntries(
      Object.keys(process.env)
        .filter(isSetting)
        .map((name) => [name, undefined]),
    ),
    NODE_ENV: 'test',
    NODE_OPTIONS: undefined,
    VITEST: undefined,
    LOG_LEVEL: 'debug',
    HOST: '127.0.0.1',
    PORT: port,
    WORKER_PORT: new URL(address.workerUrl).port,
    PUBLIC_URL: address.url,
    DATA_DIR: address.folder,
    MASTER_KEY: address.masterKey,
    ADMIN_CLIENT_ID: address.admin.clientId,
    ADMIN_CLIENT_SECRET: address.admin.clientSecret,
    MONGODB_URI: address.mongoUri,
    MONGODB_DATABASE: address.databaseName,
    TEMPORAL_ADDRESS: address.temporalAddress,
    TEMPORAL_NAMESPACE: address.namespace,
    TEMPORAL_TASK_QUEUE: address.taskQueue,
    TEMPORAL_UI_URL: address.temporalUiUrl,
    RATE_LIMIT_PER_MINUTE: '10000000',
  };
}

const SETTINGS =
  /^(PORT|HOST|PUBLIC_URL|TRUST_PROXY|ISSUER_.*|MASTER_KEY.*|ADMIN_CLIENT_.*|MONGODB_.*|TEMPORAL_.*|.*_SECONDS|.*_FILE|FAULT_POINT)$/;

function isSetting(name: string): boolean {
  return SETTINGS.test(name);
}

function readLogs(folder: string): string {
  return readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('\n');
}
