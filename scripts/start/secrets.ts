import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Environment } from '../engines/managed-process.js';
import { SetupError } from '../engines/setup-error.js';

const adminClientFile = z.object({ clientId: z.string().min(1), clientSecret: z.string().min(1), shown: z.boolean() });
type AdminClientFile = z.infer<typeof adminClientFile>;

export interface Secrets {
  /** What API and worker are given on top of their environment. */
  readonly env: Environment;
  /** The management client's credentials while nobody has been shown them. */
  readonly newAdminClient?: { readonly clientId: string; readonly clientSecret: string };
}

/**
 * Makes, once, the secrets that are not set, and keeps them in the data folder, readable by its owner alone. Production
 * makes none: there the configuration refuses to go without.
 *
 * @throws {SetupError} if a kept secret is damaged or gone while its data is there
 */
export function ensureSecrets({ env, folder, production }: { env: Environment; folder: string; production: boolean }): Secrets {
  if (production) return { env: {} };
  const masterKey = isSet(env, 'MASTER_KEY') ? {} : { MASTER_KEY_FILE: ensureMasterKey(folder) };
  if (isSet(env, 'ADMIN_CLIENT_ID') || isSet(env, 'ADMIN_CLIENT_SECRET'))
    return { env: { ...masterKey, ...adminEnvironment(env) } };
  const { shown, clientId, clientSecret } = ensureAdminClient(folder);
  return {
    env: { ...masterKey, ADMIN_CLIENT_ID: clientId, ADMIN_CLIENT_SECRET: clientSecret },
    ...(shown ? {} : { newAdminClient: { clientId, clientSecret } }),
  };
}

function adminEnvironment(env: Environment): Environment {
  if (!isSet(env, 'ADMIN_CLIENT_ID')) return { ADMIN_CLIENT_ID: 'admin' };
  if (!isSet(env, 'ADMIN_CLIENT_SECRET'))
    throw new SetupError('ADMIN_CLIENT_ID is set without ADMIN_CLIENT_SECRET: set both or neither.');
  return {};
}

function ensureMasterKey(folder: string): string {
  const file = join(folder, 'master-key');
  if (existsSync(file)) return checkMasterKey(file);
  if (existsSync(join(folder, 'mongodb'))) {
    throw new SetupError(
      `${file} is gone, and without it the data in ${folder} cannot be read: put it back, or start over by deleting ${folder}.`,
    );
  }
  writeFileSync(file, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' });
  return file;
}

function checkMasterKey(file: string): string {
  if (/^[A-Za-z0-9_-]{43}\r?\n?$/.test(readFileSync(file, 'utf8'))) return file;
  throw new SetupError(`${file} is damaged, and without it the data beside it cannot be read: put it back as it was.`);
}

function ensureAdminClient(folder: string): AdminClientFile {
  const file = adminClientPath(folder);
  if (existsSync(file)) return readAdminClient(file);
  const client = {
    clientId: `admin-${randomBytes(6).toString('hex')}`,
    clientSecret: randomBytes(32).toString('base64url'),
    shown: false,
  };
  writeAdminClient(file, client);
  return client;
}

/** The credentials were printed once, and are not printed again. */
export function markAdminClientShown(folder: string): void {
  const file = adminClientPath(folder);
  writeAdminClient(file, { ...readAdminClient(file), shown: true });
}

function adminClientPath(folder: string): string {
  return join(folder, 'admin-client.json');
}

function writeAdminClient(file: string, client: AdminClientFile): void {
  writeFileSync(`${file}.new`, `${JSON.stringify(client, undefined, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

function readAdminClient(file: string): AdminClientFile {
  try {
    return adminClientFile.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    throw new SetupError(`${file} is damaged: delete it and start again to get new management credentials.`);
  }
}

function isSet(env: Environment, name: string): boolean {
  return [env[name], env[`${name}_FILE`]].some((value) => value !== undefined && value !== '');
}
