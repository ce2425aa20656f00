import { spawn } from 'node:child_process';
import type { Config } from '../../config/config.js';
import { openDatabase, type Database } from '../../store/database.js';
import { isSeedUnfinished } from '../demo/seeding.js';
import type { Environment } from '../engines/managed-process.js';
import { SetupError } from '../engines/setup-error.js';
import type { StartSettings } from './settings.js';

const SEED_SCRIPT = 'scripts/seed-demo.ts';

/**
 * True if the database knows no credential and no offer yet, or the demo was cut off while it was set up.
 *
 * @throws {SetupError} if the database does not answer
 */
export async function needsSeed(config: Config, dataFolder: string): Promise<boolean> {
  const unused = await isUnused(config);
  return unused || isSeedUnfinished(dataFolder);
}

async function isUnused({ MONGODB_URI, MONGODB_DATABASE }: Config): Promise<boolean> {
  let db: Database | undefined;
  try {
    db = openDatabase({ uri: MONGODB_URI, name: MONGODB_DATABASE });
    const options = { projection: { _id: 1 } };
    const found = await Promise.all([db.credentialConfigurations.findOne({}, options), db.issuances.findOne({}, options)]);
    return found.every((document) => document === null);
  } catch (cause) {
    // The address may hold a password: it is not shown.
    throw new SetupError('MongoDB does not answer, or refuses the login: start it, or correct MONGODB_URI.', { cause });
  } finally {
    await db?.close();
  }
}

/** Makes the demo's credentials and an offer of each, and shows how to collect them. Gives false where that did not work. */
export async function seedDemo(env: Environment, { demoPorts }: StartSettings): Promise<boolean> {
  const child = spawn(process.execPath, ['--import', 'tsx', SEED_SCRIPT], {
    env: { ...process.env, ...env, DEMO_SERVICES: demoPorts === undefined ? 'off' : 'on' },
    stdio: 'inherit',
  });
  return new Promise((resolve) => {
    child.once('error', () => {
      resolve(false);
    });
    child.once('exit', (code) => {
      resolve(code === 0);
    });
  });
}
