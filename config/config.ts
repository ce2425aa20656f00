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

/** As `KeyPurpose` (store/documents.ts) and `KeyStoreName` (keys/key-store.ts). */
const KEY_PURPOSES = [
  'root-certificate',
  'credential-signing',
  'access-token',
  'status-list-signing',
  'assertion-es256',
  'assertion-eddsa',
  'iaca',
  'document-signer',
  'mobile-status-signer',
  'did',
] as const;
const KEY_STORES = ['pkcs11', 'aws-kms', 'google-kms', 'azure-key-vault'] as const;

interface KeyPlace {
  readonly purpose: (typeof KEY_PURPOSES)[number];
  readonly store: (typeof KEY_STORES)[number];
}

/** `purpose=store`: where the keys of a purpose are made. */
function keyPlaces(items: readonly string[], context: z.RefinementCtx): KeyPlace[] {
  const places = items.flatMap((item) => {
    const [named, at, ...more] = item.split('=').map((part) => part.trim());
    const purpose = KEY_PURPOSES.find((known) => known === named);
    const store = KEY_STORES.find((known) => known === at);
    return purpose === undefined || store === undefined || more.length > 0 ? [] : [{ purpose, store }];
  });
  if (places.length < items.length)
    context.addIssue({
      code: 'custom',
      message: `needs purpose=store, of purposes ${KEY_PURPOSES.join(', ')} and stores ${KEY_STORES.join(', ')}`,
    });
  if (new Set(places.map(({ purpose }) => purpose)).size < places.length)
    context.addIssue({ code: 'custom', message: 'names a purpose twice' });
  return places;
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
  MAINTENANCE_SECONDS: integer(10, 86_400, 600),
  STATUS_LIST_SIZE: integer(1, 1_048_576, 131_072),
  STATUS_SIGNING_USAGE: z
    .string()
    .max(100)
    .regex(/^[0-2](?:\.(?:0|[1-9]\d*))+$/, 'needs an object identifier, such as 1.3.6.1.5.5.7.3.2')
    .optional(),

  KEY_STORES_FOR: list.transform(keyPlaces),
  PKCS11_MODULE: z.string().min(1).max(4096).optional(),
  PKCS11_TOKEN: z.string().min(1).max(32).optional(),
  PKCS11_PIN: z.string().min(1).max(255).optional(),
  AWS_KMS_REGION: z
    .string()
    .regex(/^[a-z0-9-]{1,40}$/, 'needs a region, such as eu-central-1')
    .optional(),
  AWS_KMS_ENDPOINT: baseUrl.optional(),
  GOOGLE_KMS_KEY_RING: z
    .string()
    .regex(/^projects\/[^/\s]+\/locations\/[^/\s]+\/keyRings\/[^/\s]+$/, 'needs projects/<>/locations/<>/keyRings/<>')
    .optional(),
  GOOGLE_KMS_ENDPOINT: baseUrl.optional(),
  GOOGLE_KMS_PROTECTION_LEVEL: z.enum(['SOFTWARE', 'HSM']).default('HSM'),
  AZURE_KEY_VAULT_URL: baseUrl.optional(),
  AZURE_KEY_VAULT_HSM: flag(false),
  // Twice this, to wait for a turn and to sign, has to fit into the ten seconds of an attempt (workflows/steps.ts).
  SIGNER_TIMEOUT_MS: integer(100, 4500, 3000),
  SIGNER_MAX_PER_SECOND: integer(1, 100_000, 100),
  SIGNER_CONCURRENCY: integer(1, 256, 16),

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
    ...keyStoreFaults(values),
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

const LEAST_ENTRIES = 100_000;

type Values = z.output<typeof environment>;

/** What each key store cannot do without. */
const KEY_STORE_NEEDS = {
  pkcs11: ['PKCS11_MODULE', 'PKCS11_TOKEN', 'PKCS11_PIN'],
  'aws-kms': ['AWS_KMS_REGION'],
  'google-kms': ['GOOGLE_KMS_KEY_RING'],
  'azure-key-vault': ['AZURE_KEY_VAULT_URL'],
} as const satisfies Record<KeyPlace['store'], readonly (keyof Values)[]>;

function keyStoreFaults(values: Values): string[] {
  const wanted = new Set(values.KEY_STORES_FOR.map(({ store }) => store));
  const missing = KEY_STORES.flatMap((store) => {
    const needs: readonly (keyof Values)[] = KEY_STORE_NEEDS[store];
    const isBegun = needs.some((name) => values[name] !== undefined);
    return wanted.has(store) || isBegun
      ? needs
          .filter((name) => values[name] === undefined)
          .map((name) => `${name}: is missing, and the key store ${store} needs it`)
      : [];
  });
  // One attempt signs a whole batch, and what does not come to its turn within the time is refused.
  const isTooSlow = 1000 * values.BATCH_SIZE > values.SIGNER_MAX_PER_SECOND * values.SIGNER_TIMEOUT_MS;
  return wanted.size > 0 && isTooSlow
    ? [...missing, 'SIGNER_MAX_PER_SECOND: is too low to sign BATCH_SIZE credentials within SIGNER_TIMEOUT_MS']
    : missing;
}

function productionFaults(values: Values, publicUrl: string): string[] {
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
    ...(values.STATUS_LIST_SIZE < LEAST_ENTRIES
      ? [`STATUS_LIST_SIZE: needs at least ${LEAST_ENTRIES} in production: holders hide among the entries of a list`]
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
