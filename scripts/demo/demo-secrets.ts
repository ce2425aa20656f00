import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { SetupError } from '../engines/setup-error.js';

/** What the demo's services and the issuer's settings for them share. Kept in the data folder, for its owner only. */
export interface DemoSecrets {
  /** Of the client `DEMO_CLIENT_ID` at the demo provider. */
  readonly clientSecret: string;
  /** Of the demo claims source. */
  readonly apiKey: string;
  /** With which the demo provider signs. */
  readonly signingKey: JWK;
  readonly cookieKey: string;
}

/** The client that the issuer is at the demo provider. */
export const DEMO_CLIENT_ID = 'chancery';

/**
 * The demo's secrets, made where there are none, so that a restart finds the same.
 *
 * @param dataFolder that of `npm start`
 * @throws {SetupError} where they are damaged
 */
export async function demoSecrets(dataFolder: string): Promise<DemoSecrets> {
  const file = secretsFile(dataFolder);
  if (existsSync(file)) return readSecrets(file);
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const secrets: DemoSecrets = {
    clientSecret: randomBytes(32).toString('base64url'),
    apiKey: randomBytes(32).toString('base64url'),
    signingKey: { ...(await exportJWK(privateKey)), kid: randomBytes(9).toString('base64url') },
    cookieKey: randomBytes(32).toString('base64url'),
  };
  keepPrivately(file, JSON.stringify(secrets));
  return secrets;
}

/** The interaction hook's secret as the issuer gave it out; `undefined` until `keepHookSecret` was told it. */
export function hookSecret(dataFolder: string): string | undefined {
  const file = hookFile(dataFolder);
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined;
}

/** Tells the demo's hook the secret that the issuer made for it (base64). */
export function keepHookSecret(dataFolder: string, secret: string): void {
  keepPrivately(hookFile(dataFolder), `${secret}\n`);
}

function readSecrets(file: string): DemoSecrets {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as DemoSecrets;
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw new SetupError(`${file} is damaged: delete it, and start the demo again.`);
  }
}

function keepPrivately(file: string, text: string): void {
  mkdirSync(join(file, '..'), { recursive: true, mode: 0o700 });
  // Another process finds it whole or not at all.
  writeFileSync(`${file}.new`, text, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

function secretsFile(dataFolder: string): string {
  return join(dataFolder, 'demo', 'services.json');
}

function hookFile(dataFolder: string): string {
  return join(dataFolder, 'demo', 'hook-secret');
}
