import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/** Where the issuer is, and the management client's credentials where they are known. */
export interface DemoSettings {
  readonly url: string;
  readonly admin?: { readonly clientId: string; readonly clientSecret: string };
}

/** Reads them as `npm start` does: from the environment, else from what it keeps in the data folder. */
export function demoSettings(env: Environment): DemoSettings {
  const url = given(env.PUBLIC_URL) ?? `http://localhost:${given(env.PORT) ?? '3000'}`;
  const clientId = fromEnvironment(env, 'ADMIN_CLIENT_ID');
  const clientSecret = fromEnvironment(env, 'ADMIN_CLIENT_SECRET');
  if (clientSecret !== undefined) return { url, admin: { clientId: clientId ?? 'admin', clientSecret } };
  const kept = join(given(env.DATA_DIR) ?? '.data', 'admin-client.json');
  if (!existsSync(kept)) return { url };
  return { url, admin: JSON.parse(readFileSync(kept, 'utf8')) as { clientId: string; clientSecret: string } };
}

function fromEnvironment(env: Environment, name: string): string | undefined {
  const file = given(env[`${name}_FILE`]);
  return given(env[name]) ?? (file === undefined ? undefined : readFileSync(file, 'utf8').replace(/\r?\n$/, ''));
}

function given(value: string | undefined): string | undefined {
  return value === '' ? undefined : value;
}
