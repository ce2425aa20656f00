import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { locateMongo } from '../../engines/locate.js';
import type { Environment } from '../../engines/managed-process.js';
import { MongoServer } from '../../engines/mongo-server.js';
import { freePort } from '../../engines/ports.js';
import { ServerProcess } from '../../engines/server-process.js';
import type { Flow } from '../options.js';
import type { Subject, SubjectProcesses } from '../subject.js';
import { startTemporal } from '../temporal.js';
import { startProvider } from './provider-process.js';
import { setUp } from './set-up.js';

/**
 * The issuer as `npm start` runs it, with empty data: both engines, one API, one worker, default settings; and for the
 * authorization code flow a provider beside it.
 */
export async function startIssuer(processes: SubjectProcesses, flow: Flow): Promise<Subject> {
  const { folder } = processes;
  const temporal = await startTemporal(processes);
  const mongodb = await processes.start(
    new MongoServer({
      engine: await locateMongo(),
      folder: join(folder, 'mongodb'),
      port: await freePort(),
      logFile: join(folder, 'mongodb.log'),
    }),
  );
  const provider = flow === 'authorization-code' ? await startProvider(processes) : undefined;
  const admin = { clientId: 'bench', clientSecret: randomBytes(32).toString('base64url') };
  const [port, workerPort] = [await freePort(), await freePort()];
  const issuer = `http://localhost:${port}`;
  const env: Environment = {
    NODE_ENV: 'development',
    HOST: '127.0.0.1',
    PORT: String(port),
    WORKER_PORT: String(workerPort),
    PUBLIC_URL: issuer,
    MASTER_KEY: randomBytes(32).toString('base64url'),
    ADMIN_CLIENT_ID: admin.clientId,
    ADMIN_CLIENT_SECRET: admin.clientSecret,
    MONGODB_URI: mongodb.uri,
    TEMPORAL_ADDRESS: temporal.address,
    // All wallets come from one address.
    RATE_LIMIT_PER_MINUTE: '0',
    ...(provider === undefined ? {} : { OUTBOUND_ALLOWED_HOSTS: 'localhost' }),
  };
  const serve = (name: string, script: string, own: number) =>
    processes.start(new ServerProcess({ name, script, port: own, env, logFile: join(folder, `${name}.log`) }));
  const api = await serve('api', 'api/main.ts', port);
  const worker = await serve('worker', 'worker/main.ts', workerPort);
  return {
    processes: { temporal, mongodb, api, worker, ...(provider === undefined ? {} : { provider: provider.process }) },
    generator: fileURLToPath(new URL('./load.ts', import.meta.url)),
    target: await setUp({ flow, origin: api.url, issuer, admin, provider }),
  };
}
