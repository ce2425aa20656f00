import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { hostname } from 'node:os';
import { pino } from 'pino';
import { loadConfig } from '../config/config.js';
import { createFaultPoint } from '../config/fault-point.js';
import { KeyEncryptionRing } from '../keys/key-encryption.js';
import { openKeyStores } from '../keys/open-key-stores.js';
import { SignerError } from '../keys/signer.js';
import { heartbeat, registerInstance } from '../store/api-instances.js';
import { openDatabase } from '../store/database.js';
import { EventLog } from '../store/event-log.js';
import { DEFAULT_ISSUER_ID, IssuerDirectory } from '../store/issuer-directory.js';
import { createDataConverter } from '../worker/data-converter.js';
import { createApp } from './app.js';
import { bootstrap, rotateKeys } from './bootstrap.js';
import type { ApiContext } from './context.js';
import { isUnavailable } from './http/unavailable.js';
import { closeUnstartedOffers } from './management/offers/close-unstarted.js';
import { ensureMaintenanceSchedule } from './maintenance-schedule.js';
import { measuredIssuanceClient } from './measured-issuance-client.js';
import { createApiMetrics } from './metrics.js';
import { connectTemporal } from './temporal-client.js';
import { createTemporalIssuanceClient } from './temporal-issuance-client.js';
import { createTemporalOfferClient } from './temporal-offer-client.js';
import { createTemporalStatusPublications } from './temporal-status-publications.js';
import { walletServices } from './wallet/services.js';

const ROTATION_CHECK_MS = 3_600_000;
const TIDYING_MS = 600_000;
const HEARTBEAT_MS = 2000;
const GRACE_MS = 10_000;

const config = loadConfig({ env: process.env, hostname: hostname() });
const logger = pino({ level: config.LOG_LEVEL, base: { process: 'api' } });

async function main(): Promise<void> {
  const now = Date.now;
  const ring = new KeyEncryptionRing([config.MASTER_KEY, ...config.MASTER_KEYS_PREVIOUS]);
  const db = openDatabase({
    uri: config.MONGODB_URI,
    name: config.MONGODB_DATABASE,
    onConnectFailure: (error) => logger.warn({ error: nameOf(error) }, 'MongoDB cannot be reached; trying again'),
  });
  const directory = new IssuerDirectory({ db });
  const stores = await openKeyStores(config, logger);
  const parts = { config, db, directory, ring, stores, logger, now };
  const epoch = randomBytes(9).toString('base64url');
  const events = new EventLog({
    db,
    onError: (error, lost) => logger.error({ error: nameOf(error), lost }, 'events could not be written'),
  });
  const metrics = createApiMetrics();
  const temporal = connectTemporal({ config, dataConverter: createDataConverter(ring) });
  const issuances = measuredIssuanceClient(createTemporalIssuanceClient({ config, temporal }), metrics.temporalAnswered);
  const context: ApiContext = {
    ...parts,
    issuances,
    offers: createTemporalOfferClient({ config, temporal }),
    statusPublications: createTemporalStatusPublications({ config, temporal }),
    events,
    instance: `${config.INSTANCE_NAME}/${epoch}`,
    reach: createFaultPoint(config.FAULT_POINT),
  };

  let started = false;
  const server = createServer(
    { maxHeaderSize: 65_536, requestTimeout: 30_000, headersTimeout: 15_000 },
    createApp(context, { metrics, hasStarted: () => started }),
  );
  await listen(server);
  await untilStoreAnswers(async () => {
    await bootstrap(parts);
    await registerInstance({ db, name: config.INSTANCE_NAME, epoch, now: now() });
  });
  started = true;

  const inBackground = (name: string, milliseconds: number, work: () => Promise<unknown>) =>
    setInterval(
      () => void work().catch((error: unknown) => logger.warn({ error: nameOf(error) }, `${name} failed`)),
      milliseconds,
    );
  const timers = [
    inBackground('heartbeat', HEARTBEAT_MS, () => heartbeat({ db, name: config.INSTANCE_NAME, epoch, now: now() })),
    inBackground('key rotation', ROTATION_CHECK_MS, () => rotateKeys(parts)),
    inBackground('closing of unstarted offers', TIDYING_MS, () => closeUnstartedOffers(context)),
  ];

  void untilTemporalAnswers(() => ensureMaintenanceSchedule({ config, temporal, issuerId: DEFAULT_ISSUER_ID }));
  logger.info({ url: config.PUBLIC_URL }, 'the API is ready');

  const stop = async () => {
    await close(server);
    for (const timer of timers) clearInterval(timer);
    await walletServices(context).deliveries.flush();
    await events.flush();
    await temporal.close();
    await stores.close();
    await db.close();
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop());
}

/** However long it takes: a process does not end because a dependency is away. */
async function untilStoreAnswers(work: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await work();
      return;
    } catch (error) {
      if (!isUnavailable(error)) throw error;
      if (error instanceof SignerError)
        logger.warn({ attempt, reason: error.message }, 'the first keys cannot be made; trying again');
      else logger.warn({ attempt, error: nameOf(error) }, 'the database cannot be reached; trying again');
      await new Promise((resolve) => setTimeout(resolve, Math.min(250 * attempt, 3000)));
    }
  }
}

/** However long it takes, beside the work: nothing waits for it. */
async function untilTemporalAnswers(work: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await work();
      return;
    } catch (error) {
      logger.warn({ attempt, error: nameOf(error) }, 'the maintenance schedule could not be made; trying again');
      await new Promise((resolve) => setTimeout(resolve, Math.min(1000 * attempt, 30_000)).unref());
    }
  }
}

function listen(server: Server): Promise<void> {
  return new Promise((resolve, reject) => server.once('error', reject).listen(config.PORT, config.HOST, resolve));
}

/** Answers the requests at hand, takes no new ones, and gives up on the rest after a grace time. */
function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => server.closeAllConnections(), GRACE_MS).unref();
    server.close(() => {
      clearTimeout(timer);
      resolve();
    });
    server.closeIdleConnections();
  });
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'Error';
}

main().catch((error: unknown) => {
  logger.fatal({ error: nameOf(error), message: error instanceof Error ? error.message : undefined }, 'the API cannot run');
  process.exit(1);
});
