import { hostname } from 'node:os';
import { createServer } from 'node:net';
import type { Context } from '@temporalio/activity';
import { Runtime, type WorkerOptions } from '@temporalio/worker';
import { pino, type Logger } from 'pino';
import { createActivities } from '../activities/create-activities.js';
import { loadConfig, type Config } from '../config/config.js';
import { createFaultPoint } from '../config/fault-point.js';
import { temporalConnection } from '../config/temporal-connection.js';
import { KeyEncryptionRing } from '../keys/key-encryption.js';
import { openKeyStores } from '../keys/open-key-stores.js';
import { createGuardedFetch } from '../outbound/guarded-fetch.js';
import { openDatabase } from '../store/database.js';
import { EventLog } from '../store/event-log.js';
import { IssuerDirectory } from '../store/issuer-directory.js';
import { measuredActivity } from './activity-interceptor.js';
import { connectWorkers, pingTemporal, runWorkers, type ConnectedWorkers } from './connect-worker.js';
import { createDataConverter } from './data-converter.js';
import { createWorkerMetrics } from './metrics.js';
import { serveProbes } from './probes.js';
import { signerWorkerOptions } from './signer-worker.js';
import { workerStatusPublications } from './status-publications.js';
import { workflowCode } from './workflow-code.js';
import { workflowLogger } from './workflow-log.js';

const config = loadConfig({ env: process.env, hostname: hostname() });
const logger = pino({ level: config.LOG_LEVEL, base: { process: 'worker' } });

async function main(): Promise<void> {
  const ring = new KeyEncryptionRing([config.MASTER_KEY, ...config.MASTER_KEYS_PREVIOUS]);
  const metrics = createWorkerMetrics();
  const noWorkerYet = exitOnSignals();
  const stores = await openKeyStores(config, logger);
  const temporalMetrics = await installRuntime(config, logger);
  const db = openDatabase({
    uri: config.MONGODB_URI,
    name: config.MONGODB_DATABASE,
    onConnectFailure: (error) => logger.warn({ error: nameOf(error) }, 'MongoDB cannot be reached; trying again'),
  });
  const directory = new IssuerDirectory({ db });
  const events = new EventLog({
    db,
    onError: (error, lost) => logger.error({ error: nameOf(error), lost }, 'events could not be written'),
  });
  const state: { running?: ConnectedWorkers } = {};
  const probes = await serveProbes({
    port: config.WORKER_PORT,
    host: config.HOST,
    registry: metrics.registry,
    moreMetrics: temporalMetrics,
    probes: {
      worker: () =>
        state.running?.workers.every((worker) => worker.getState() === 'RUNNING') === true
          ? Promise.resolve()
          : Promise.reject(new Error('not running')),
      temporal: () => pingTemporal(state.running?.connection),
      mongodb: () => db.ping(),
    },
  });
  const shared = {
    namespace: config.TEMPORAL_NAMESPACE,
    taskQueue: config.TEMPORAL_TASK_QUEUE,
    dataConverter: createDataConverter(ring),
    activities: createActivities({
      db,
      directory,
      ring,
      stores,
      events,
      meter: metrics.meter,
      statusPublications: workerStatusPublications({ taskQueue: config.TEMPORAL_TASK_QUEUE }),
      statusListSize: config.STATUS_LIST_SIZE,
      issuerIdentifier: config.PUBLIC_URL,
      statusSigningUsage: config.STATUS_SIGNING_USAGE,
      reach: createFaultPoint(config.FAULT_POINT),
      now: Date.now,
      fetch: createGuardedFetch({
        allowedHosts: config.OUTBOUND_ALLOWED_HOSTS,
        timeoutMs: config.CLAIMS_SOURCE_TIMEOUT_MS,
        maxBytes: config.OUTBOUND_MAX_BYTES,
      }),
    }),
    interceptors: { activity: [(context: Context) => ({ inbound: measuredActivity(context, metrics, logger) })] },
    shutdownGraceTime: '10s' as const,
  };
  const options: Omit<WorkerOptions, 'connection'> = {
    ...shared,
    workflowBundle: await workflowCode(),
    // A killed worker's sticky queue must not cost its wallets ten seconds.
    stickyQueueScheduleToStartTimeout: '2s',
    maxConcurrentActivityTaskExecutions: 100,
    maxConcurrentLocalActivityExecutions: 100,
  };
  const signerOptions = signerWorkerOptions(shared, {
    perSecond: config.SIGNER_MAX_PER_SECOND,
    concurrency: config.SIGNER_CONCURRENCY,
  });
  const running = await connectWorkers({
    temporal: temporalConnection(config),
    options: [options, signerOptions],
    onFailure: (error, attempt) => logger.warn({ attempt, error: nameOf(error) }, 'Temporal cannot be reached; trying again'),
  });
  state.running = running;
  noWorkerYet.end();
  logger.info({ taskQueue: config.TEMPORAL_TASK_QUEUE }, 'the worker is ready');
  try {
    // Ends on SIGINT and SIGTERM, after the tasks at hand.
    await runWorkers(running.workers);
  } finally {
    probes.close();
    await events.flush();
    await db.close();
    await stores.close();
    await running.connection.close();
  }
}

/** Temporal's runtime takes the signals for its worker: as long as there is none, somebody else has to heed them. */
function exitOnSignals(): { end: () => void } {
  const exit = () => process.exit(0);
  const signals = ['SIGTERM', 'SIGINT'] as const;
  for (const signal of signals) process.once(signal, exit);
  return {
    end: () => {
      for (const signal of signals) process.off(signal, exit);
    },
  };
}

/** Sends Temporal's own logs through ours, and its metrics to a local port that `/metrics` reads. */
async function installRuntime({ LOG_LEVEL }: Config, parent: Logger): Promise<() => Promise<string>> {
  const port = await freePort();
  Runtime.install({
    logger: workflowLogger(parent),
    telemetryOptions: {
      logging: { filter: { core: LOG_LEVEL === 'debug' || LOG_LEVEL === 'trace' ? 'INFO' : 'WARN', other: 'WARN' }, forward: {} },
      metrics: { prometheus: { bindAddress: `127.0.0.1:${port}` } },
    },
  });
  return () =>
    fetch(`http://127.0.0.1:${port}/metrics`, { signal: AbortSignal.timeout(2000) }).then(
      (answer) => answer.text(),
      () => '',
    );
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'Error';
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    logger.fatal({ error: nameOf(error), message: error instanceof Error ? error.message : undefined }, 'the worker cannot run');
    process.exit(1);
  },
);
