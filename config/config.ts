import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { z } from 'zod';

const integer = (minimum: number, maximum: number, fallback: number) => {
  const message = `needs a whole number from ${minimum} to ${maximum}`;
  return z
    .string()
    .regex(/^\d+$/, { message, abort: true })
    .transform(Number)
    .pipe(z.number().min(minimum, message).max(maximum, message))
    .default(fallback);
};

const flag = (fallback: boolean) =>
  z
    .enum(['true', 'false'], { message: 'write true or false' })
    .default(fallback ? 'true' : 'false')
    .transform((value) => value === 'true');

const list = z
  .string()
  .default('')
  .transform((value) =>
    value
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== ''),
  );

/** `name=endpoint`: a wallet that offer pages link to, by its custom scheme or https URL. */
function offerWallets(items: readonly string[], context: z.RefinementCtx): { name: string; endpoint: string }[] {
  return items.map((item) => {
    const [, name = '', endpoint = ''] = /^([^=]{1,60})=([a-z][a-z0-9+.-]*:\/\/[^?#\s]*)$/i.exec(item) ?? [];
    if (name === '' || /^(?:javascript|data|vbscript|file|http):/i.test(endpoint))
      context.addIssue({ code: 'custom', message: 'needs name=scheme:// or name=https://..., without query and fragment' });
    return { name, endpoint };
  });
}

const keyEncryptionKey = z
  .string()
  .regex(/^[A-Za-z0-9_-]{43}$/, 'needs 32 random bytes as base64url (43 characters, no padding)')
  .transform((value) => new Uint8Array(Buffer.from(value, 'base64url')));

const baseUrl = z.url({ protocol: /^https?$/, message: 'needs an absolute http(s) URL' }).superRefine((value, context) => {
  if (!URL.canParse(value)) return;
  const url = new URL(value);
  if (url.search !== '' || url.hash !== '') context.addIssue({ code: 'custom', message: 'takes no query and no fragment' });
  if (value.endsWith('/'))
    context.addIssue({ code: 'custom', message: 'must not end with a slash: wallets compare it as a plain string' });
});

const environment = z.object({
  NODE_ENV: z.enum(['production', 'development', 'test']).default('development'),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  PORT: integer(0, 65535, 3000),
  WORKER_PORT: integer(0, 65535, 3001),
  HOST: z.string().default('0.0.0.0'),
  PUBLIC_URL: baseUrl.optional(),
  TRUST_PROXY: integer(0, 10, 0),
  INSTANCE_NAME: z.string().min(1).max(128).optional(),
  DATA_DIR: z.string().default('.data'),

  MASTER_KEY: keyEncryptionKey.optional(),
  MASTER_KEYS_PREVIOUS: list.pipe(z.array(keyEncryptionKey)),
  ADMIN_CLIENT_ID: z.string().min(1).max(128).optional(),
  ADMIN_CLIENT_SECRET: z.string().min(1).max(512).optional(),

  MONGODB_URI: z
    .string()
    .regex(/^mongodb(\+srv)?:\/\/./, 'needs an address that begins with mongodb:// or mongodb+srv://')
    .default('mongodb://127.0.0.1:27017'),
  MONGODB_DATABASE: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,38}$/, 'needs at most 38 letters, digits, - and _')
    .default('chancery'),
  TEMPORAL_ADDRESS: z.string().min(1).default('127.0.0.1:7233'),
  TEMPORAL_NAMESPACE: z.string().min(1).default('default'),
  TEMPORAL_TLS: flag(false),
  TEMPORAL_API_KEY: z.string().min(1).optional(),
  TEMPORAL_TASK_QUEUE: z.string().min(1).max(100).default('chancery'),
  TEMPORAL_UI_URL: baseUrl.default('http://localhost:8233'),

  ISSUER_NAME: z.string().min(1).max(200).default('Chancery'),
  ISSUER_COUNTRY: z
    .string()
    .regex(/^[A-Z]{2}$/, 'needs an ISO 3166-1 alpha-2 code')
    .default('NZ'),

  OFFER_EXPIRY_SECONDS: integer(1, 86_400, 300),
  OFFER_MAX_EXPIRY_SECONDS: integer(1, 2_592_000, 600),
  TRANSACTION_CODE_ATTEMPTS: integer(1, 10, 3),
  ANONYMOUS_ACCESS: flag(true),
  DPOP_REQUIRED: flag(false),
  ACCESS_TOKEN_SECONDS: integer(10, 300, 300),
  DPOP_ACCESS_TOKEN_SECONDS: integer(10, 86_400, 3600),
  PUSHED_REQUEST_SECONDS: integer(5, 600, 300),
  AUTHORIZATION_SESSION_SECONDS: integer(10, 2_592_000, 86_400),
  AUTHORIZATION_CODE_SECONDS: integer(1, 60, 60),
  INTERACTION_SECONDS: integer(10, 2_592_000, 3600),
  APPROVAL_WINDOW_SECONDS: integer(10, 7_776_000, 1_209_600),
  REFRESH_TOKEN_SECONDS: integer(60, 7_776_000, 86_400),
  DPOP_NONCES: flag(false),
  OFFER_WALLETS: list.transform(offerWallets),
  MANAGEMENT_TOKEN_SECONDS: integer(60, 86_400, 86_400),
  NONCE_SECONDS: integer(10, 3600, 300),
  BATCH_SIZE: integer(1, 100, 10),
  CREDENTIAL_DEADLINE_MS: integer(200, 30_000, 8000),
  TOKEN_DEADLINE_MS: integer(200, 30_000, 5000),
  DEFERRED_INTERVAL_SECONDS: integer(1, 3600, 5),
  COMPLETION_WINDOW_SECONDS: integer(10, 2_592_000, 3600),
  PURGE_AFTER_SECONDS: integer(1, 2_592_000, 86_400),
  STUCK_AFTER_SECONDS: integer(1, 3600, 10),
  KEY_ROTATION_DAYS: integer(1, 3650, 90),

  // Twice this, for a token and the claims, has to fit into the ten seconds of an attempt (workflows/steps.ts).
  CLAIMS_SOURCE_TIMEOUT_MS: integer(100, 4500, 3000),
  PROVIDER_TIMEOUT_MS: integer(100, 10_000, 5000),
  OUTBOUND_MAX_BYTES: integer(1024, 16_777_216, 1_048_576),
  OUTBOUND_ALLOWED_HOSTS: list,
  REQUEST_MAX_BYTES: integer(1024, 16_777_216, 1_048_576),
  RATE_LIMIT_PER_MINUTE: integer(0, 10_000_000, 6000),
  FAULT_POINT: z.string().optional(),
});

/** Every setting of a Chancery process, checked. Durations carry their unit in the name. */
export type Config = Readonly<
  Omit<z.output<typeof environment>, 'PUBLIC_URL' | 'MASTER_KEY' | 'INSTANCE_NAME'> & {
    PUBLIC_URL: string;
    MASTER_KEY: Uint8Array;
    INSTANCE_NAME: string;
    production: boolean;
  }
>;

/** The configuration is wrong. The message lists every fault, one line each, and names no secret's value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads and checks the environment.
 *
 * A variable `X_FILE` gives the path of a file that holds the value of `X` (a trailing line break is dropped); empty
 * variables count as unset.
 *
 * @throws {ConfigError} listing every fault at once
 */
export function loadConfig({ env, hostname }: { env: Environment; hostname: string }): Config {
  const result = environment.safeParse(withFiles(env));
  if (!result.success) {
    throw new ConfigError(result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('\n'));
  }
  const values = result.data;
  const production = values.NODE_ENV === 'production';
  const publicUrl = values.PUBLIC_URL ?? `http://localhost:${values.PORT}`;
  const faults = [
    ...(values.MASTER_KEY === undefined
      ? ['MASTER_KEY: is missing; `npm start` makes one outside production']
      : weakKey(values.MASTER_KEY)),
    ...(values.OFFER_EXPIRY_SECONDS > values.OFFER_MAX_EXPIRY_SECONDS
      ? ['OFFER_EXPIRY_SECONDS: is more than OFFER_MAX_EXPIRY_SECONDS']
      : []),
    ...(production ? productionFaults(values, publicUrl) : []),
  ];
  if (faults.length > 0) throw new ConfigError(faults.join('\n'));
  return Object.freeze({
    ...values,
    production,
    PUBLIC_URL: publicUrl,
    MASTER_KEY: values.MASTER_KEY as Uint8Array,
    INSTANCE_NAME: values.INSTANCE_NAME ?? `${hostname}:${values.PORT}`,
  });
}

function productionFaults(values: z.output<typeof environment>, publicUrl: string): string[] {
  const secret = values.ADMIN_CLIENT_SECRET;
  return [
    ...(new URL(publicUrl).protocol === 'https:' ? [] : ['PUBLIC_URL: needs https in production']),
    ...(isIP(new URL(publicUrl).hostname.replace(/^\[|\]$/g, '')) === 0
      ? []
      : ['PUBLIC_URL: needs a host name, not an address, in production']),
    ...(values.ADMIN_CLIENT_ID === undefined ? ['ADMIN_CLIENT_ID: is missing'] : []),
    ...(secret === undefined ? ['ADMIN_CLIENT_SECRET: is missing'] : []),
    ...(secret !== undefined && (secret.length < 32 || new Set(secret).size < 12)
      ? ['ADMIN_CLIENT_SECRET: is weak; use at least 32 random characters']
      : []),
    ...(values.FAULT_POINT === undefined ? [] : ['FAULT_POINT: is for tests only']),
  ];
}

function weakKey(key: Uint8Array): string[] {
  return new Set(key).size < 12 ? ['MASTER_KEY: is weak; use 32 random bytes'] : [];
}

function withFiles(env: Environment): Record<string, string> {
  const values: Record<string, string> = {};
  for (const name of Object.keys(environment.shape)) {
    const direct = env[name];
    const file = env[`${name}_FILE`];
    if (direct !== undefined && direct !== '' && file !== undefined && file !== '') {
      throw new ConfigError(`${name}: set either ${name} or ${name}_FILE, not both`);
    }
    if (direct !== undefined && direct !== '') values[name] = direct;
    else if (file !== undefined && file !== '') values[name] = readSecretFile(name, file);
  }
  return values;
}

function readSecretFile(name: string, file: string): string {
  try {
    return readFileSync(file, 'utf8').replace(/\r?\n$/, '');
  } catch (cause) {
    throw new ConfigError(`${name}_FILE: cannot be read`, { cause });
  }
}
