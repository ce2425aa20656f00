import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { z } from 'zod';
import { ConfigError, loadConfig, type Config } from '../../config/config.js';
import { demoPortSettings, portSetting, type DemoPorts } from '../demo/ports.js';
import type { Environment } from '../engines/managed-process.js';
import { embeddedMongoUri } from '../engines/mongo-server.js';
import { SetupError } from '../engines/setup-error.js';

const startEnvironment = z.object({
  TEMPORAL_PORT: portSetting(7233),
  TEMPORAL_UI_PORT: portSetting(8233),
  MONGODB_PORT: portSetting(27_017),
  DEMO_SERVICES: z.enum(['on', 'off'], { message: 'write on or off.' }).optional(),
  ...demoPortSettings,
});

/** What `npm start` itself needs to know; the two processes read config/config.ts. */
export interface StartSettings {
  readonly production: boolean;
  /** Absolute. */
  readonly dataFolder: string;
  /** True where no address is set, so that a server is to be started here. */
  readonly embeddedTemporal: boolean;
  readonly embeddedMongo: boolean;
  readonly temporalPort: number;
  readonly temporalUiPort: number;
  readonly mongoPort: number;
  /** Of the demo's services, where they are to run: never in production. */
  readonly demoPorts?: DemoPorts;
}

/** @throws {SetupError} naming each variable that is wrong */
export function readStartSettings(env: Environment): StartSettings {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const result = startEnvironment.safeParse(given);
  if (!result.success) {
    throw new SetupError(result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('\n'));
  }
  const production = env.NODE_ENV === 'production';
  const settings: StartSettings = {
    production,
    dataFolder: resolve(given.DATA_DIR ?? '.data'),
    embeddedTemporal: given.TEMPORAL_ADDRESS === undefined && given.TEMPORAL_ADDRESS_FILE === undefined,
    embeddedMongo: given.MONGODB_URI === undefined && given.MONGODB_URI_FILE === undefined,
    temporalPort: result.data.TEMPORAL_PORT,
    temporalUiPort: result.data.TEMPORAL_UI_PORT,
    mongoPort: result.data.MONGODB_PORT,
    ...demoServices(result.data, production),
  };
  refuseEmbeddedInProduction(settings);
  return settings;
}

/** Checks the settings of API and worker before anything is started. @throws {SetupError} listing every fault */
export function checkConfig(env: Environment): Config {
  try {
    return loadConfig({ env, hostname: hostname() });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new SetupError(`The settings are wrong:\n${error.message.replace(/^/gm, '  ')}`);
  }
}

function demoServices(
  { DEMO_SERVICES: wanted, DEMO_PROVIDER_PORT, DEMO_HOOK_PORT, DEMO_CLAIMS_PORT }: z.output<typeof startEnvironment>,
  production: boolean,
): Pick<StartSettings, 'demoPorts'> {
  if (production && wanted === 'on')
    throw new SetupError('The demo lets anybody log in as anybody: in production leave DEMO_SERVICES out, or set it to off.');
  return production || wanted === 'off' ? {} : { demoPorts: { DEMO_PROVIDER_PORT, DEMO_HOOK_PORT, DEMO_CLAIMS_PORT } };
}

function refuseEmbeddedInProduction({ production, embeddedTemporal, embeddedMongo }: StartSettings): void {
  const missing = [...(embeddedTemporal ? ['TEMPORAL_ADDRESS'] : []), ...(embeddedMongo ? ['MONGODB_URI'] : [])];
  if (!production || missing.length === 0) return;
  throw new SetupError(
    `The embedded Temporal and MongoDB are for evaluation and development only: in production set ${missing.join(' and ')} to servers of your own.`,
  );
}

/** The addresses of the embedded servers, as API and worker are to find them. */
export function addressEnvironment(settings: StartSettings): Environment {
  const { dataFolder, embeddedMongo, embeddedTemporal, mongoPort, temporalPort, temporalUiPort } = settings;
  return {
    DATA_DIR: dataFolder,
    ...(embeddedMongo ? { MONGODB_URI: embeddedMongoUri(mongoPort) } : {}),
    ...(embeddedTemporal
      ? { TEMPORAL_ADDRESS: `127.0.0.1:${temporalPort}`, TEMPORAL_UI_URL: `http://localhost:${temporalUiPort}` }
      : {}),
  };
}
