import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { SetupError } from '../engines/setup-error.js';
import { demoPortSettings } from './ports.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** Where the issuer is, and the management client's credentials where they are known. */
export interface DemoSettings {
  readonly url: string;
  readonly admin?: { readonly clientId: string; readonly clientSecret: string };
}

const DEFAULT_URL = 'http://localhost:3000';

/**
 * Reads them as `npm start` does: from the environment, else from what it keeps in the data folder.
 *
 * @throws {SetupError} naming what is wrong
 */
export function demoSettings(env: Environment): DemoSettings {
  const url = issuerUrl(env);
  if (!URL.canParse(url)) throw new SetupError(`${url} is no URL: correct PUBLIC_URL or PORT.`);
  const clientId = fromEnvironment(env, 'ADMIN_CLIENT_ID');
  const clientSecret = fromEnvironment(env, 'ADMIN_CLIENT_SECRET');
  if (clientSecret !== undefined) return { url, admin: { clientId: clientId ?? 'admin', clientSecret } };
  const kept = join(given(env.DATA_DIR) ?? '.data', 'admin-client.json');
  if (!existsSync(kept)) return { url };
  return { url, admin: readAdminClient(kept) };
}

/** The data folder of `npm start`, absolute. */
export function demoDataFolder(env: Environment): string {
  return resolve(given(env.DATA_DIR) ?? '.data');
}

/** The command that runs the demo against the issuer of this environment from any other terminal. */
export function demoCommand(env: Environment, flow?: 'authorization-code'): string {
  const dataFolder = demoDataFolder(env);
  const ports = flow === undefined ? [] : Object.keys(demoPortSettings).filter((name) => given(env[name]) !== undefined);
  return [
    ...(issuerUrl(env) === DEFAULT_URL ? [] : [`PUBLIC_URL=${issuerUrl(env)}`]),
    ...(dataFolder === resolve('.data') ? [] : [`DATA_DIR='${dataFolder}'`]),
    ...ports.map((name) => `${name}=${given(env[name]) ?? ''}`),
    `npm run demo${flow === undefined ? '' : ` -- --flow ${flow}`}`,
  ].join(' ');
}

function issuerUrl(env: Environment): string {
  const port = given(env.PORT);
  return given(env.PUBLIC_URL) ?? (port === undefined ? DEFAULT_URL : `http://localhost:${port}`);
}

function readAdminClient(file: string): { clientId: string; clientSecret: string } {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as { clientId: string; clientSecret: string };
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw new SetupError(`${file} is damaged: delete it, and start the issuer again.`, { cause });
  }
}

function fromEnvironment(env: Environment, name: string): string | undefined {
  const file = given(env[`${name}_FILE`]);
  return given(env[name]) ?? (file === undefined ? undefined : readFileSync(file, 'utf8').replace(/\r?\n$/, ''));
}

function given(value: string | undefined): string | undefined {
  return value === '' ? undefined : value;
}
