import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import type { Config } from '../../config/config.js';
import { temporalConnection } from '../../config/temporal-connection.js';
import { locateMongo, locateTemporal } from '../engines/locate.js';
import type { ManagedProcess, ProcessExit } from '../engines/managed-process.js';
import { MongoServer } from '../engines/mongo-server.js';
import { ensureSearchAttributes } from '../engines/search-attributes.js';
import { SetupError } from '../engines/setup-error.js';
import { TemporalServer } from '../engines/temporal-server.js';
import type { StartSettings } from './settings.js';

interface EngineOptions {
  readonly config: Config;
  readonly settings: StartSettings;
  readonly logFolder: string;
  readonly progress: (line: string) => void;
  readonly onUnexpectedExit: (child: ManagedProcess, exit: ProcessExit) => void;
}

/** The servers to start here, none for those whose address is set. @throws {SetupError} */
export async function embeddedEngines(options: EngineOptions): Promise<ManagedProcess[]> {
  const { settings } = options;
  return [
    ...(settings.embeddedMongo ? [await createMongo(options)] : []),
    ...(settings.embeddedTemporal ? [await createTemporal(options)] : []),
  ];
}

async function createMongo({ settings, logFolder, progress, onUnexpectedExit }: EngineOptions): Promise<MongoServer> {
  const server: MongoServer = new MongoServer({
    engine: await locateMongo({ progress }),
    folder: join(settings.dataFolder, 'mongodb'),
    port: settings.mongoPort,
    logFile: join(logFolder, 'mongodb.log'),
    onUnexpectedExit: (exit) => {
      onUnexpectedExit(server, exit);
    },
  });
  return server;
}

async function createTemporal({
  config,
  settings,
  logFolder,
  progress,
  onUnexpectedExit,
}: EngineOptions): Promise<TemporalServer> {
  const server: TemporalServer = new TemporalServer({
    command: await locateTemporal({ progress }),
    folder: join(settings.dataFolder, 'temporal'),
    port: settings.temporalPort,
    uiPort: settings.temporalUiPort,
    namespace: config.TEMPORAL_NAMESPACE,
    codecEndpoint: `${config.PUBLIC_URL}/v1/temporal/codec`,
    logFile: join(logFolder, 'temporal.log'),
    onUnexpectedExit: (exit) => {
      onUnexpectedExit(server, exit);
    },
  });
  return server;
}

/**
 * Registers the search attributes at a Temporal that is run by others.
 *
 * @returns where that one does not let us (Temporal Cloud), a sentence on what to do by hand
 * @throws {SetupError} if it cannot be reached
 */
export async function registerAtForeignTemporal(config: Config): Promise<string | undefined> {
  const connection = await connectTemporal(config);
  try {
    await connection.withDeadline(Date.now() + 20_000, () =>
      ensureSearchAttributes({ connection, namespace: config.TEMPORAL_NAMESPACE }),
    );
    return undefined;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return `The search attributes could not be registered at ${config.TEMPORAL_ADDRESS} (${reason}): register them by hand (docs/operations.md).`;
  } finally {
    await connection.close();
  }
}

async function connectTemporal(config: Config): Promise<Connection> {
  try {
    return await Connection.connect({ ...temporalConnection(config), connectTimeout: 10_000 });
  } catch (cause) {
    throw new SetupError(
      `Temporal does not answer at ${config.TEMPORAL_ADDRESS}: start it, or correct TEMPORAL_ADDRESS, TEMPORAL_TLS and TEMPORAL_API_KEY.`,
      { cause },
    );
  }
}
