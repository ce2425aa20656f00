import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Config } from '../../config/config.js';
import { openDatabase } from '../../store/database.js';
import type { Environment } from '../engines/managed-process.js';
import { SetupError } from '../engines/setup-error.js';

const SEED_SCRIPT = 'scripts/seed-demo.ts';

/** True if nothing was ever kept in the database. @throws {SetupError} if it does not answer */
export async function isEmpty({ MONGODB_URI, MONGODB_DATABASE }: Config): Promise<boolean> {
  const db = openDatabase({ uri: MONGODB_URI, name: MONGODB_DATABASE });
  try {
    return (await db.issuers.findOne({}, { projection: { _id: 1 } })) === null;
  } catch (cause) {
    // The address may hold a password: it is not shown.
    throw new SetupError('MongoDB does not answer, or refuses the login: start it, or correct MONGODB_URI.', { cause });
  } finally {
    await db.close();
  }
}

/** Makes the demo credential and an offer of it, and shows how to collect it. Its failure does not stop the issuer. */
export async function seedDemo(env: Environment): Promise<void> {
  if (!existsSync(SEED_SCRIPT)) return;
  const child = spawn(process.execPath, ['--import', 'tsx', SEED_SCRIPT], { env: { ...process.env, ...env }, stdio: 'inherit' });
  const code = await new Promise<number | null>((resolve) => {
    child.once('error', () => {
      resolve(127);
    });
    child.once('exit', resolve);
  });
  if (code !== 0) console.error('The demo credential could not be made; everything else runs.');
}
