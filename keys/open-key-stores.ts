import type { KeyPurpose } from '../store/documents.js';
import { guardedKeyStore } from './guarded-key-store.js';
import type { KeyStore, KeyStoreName, KeyStores } from './key-store.js';
import type { SigningAlgorithm } from './signer.js';
import { openAwsKms } from './stores/aws-kms.js';
import { openAzureKeyVault } from './stores/azure-key-vault.js';
import { openGoogleKms } from './stores/google-kms.js';
import { openPkcs11 } from './stores/pkcs11.js';

/** As in config/config.ts. */
export interface KeyStoreSettings {
  readonly KEY_STORES_FOR: readonly { readonly purpose: KeyPurpose; readonly store: KeyStoreName }[];
  readonly PKCS11_MODULE?: string | undefined;
  readonly PKCS11_TOKEN?: string | undefined;
  readonly PKCS11_PIN?: string | undefined;
  readonly AWS_KMS_REGION?: string | undefined;
  readonly AWS_KMS_ENDPOINT?: string | undefined;
  readonly GOOGLE_KMS_KEY_RING?: string | undefined;
  readonly GOOGLE_KMS_ENDPOINT?: string | undefined;
  readonly GOOGLE_KMS_PROTECTION_LEVEL: 'SOFTWARE' | 'HSM';
  readonly AZURE_KEY_VAULT_URL?: string | undefined;
  readonly AZURE_KEY_VAULT_HSM: boolean;
  readonly SIGNER_TIMEOUT_MS: number;
  readonly SIGNER_MAX_PER_SECOND: number;
  readonly SIGNER_CONCURRENCY: number;
}

/** A key store cannot be used the way it is configured. The message says what to change. */
export class KeyStoreSetupError extends Error {
  override readonly name = 'KeyStoreSetupError';
}

interface StoreLogger {
  warn(fields: object, message: string): void;
  info(fields: object, message: string): void;
}

const PACKAGES: Readonly<Record<KeyStoreName, string>> = {
  pkcs11: 'pkcs11js',
  'aws-kms': '@aws-sdk/client-kms',
  'google-kms': '@google-cloud/kms',
  'azure-key-vault': '@azure/keyvault-keys with @azure/identity',
};
/** Not there, or there without the native part that an install builds, or with one for another version of Node. */
const PACKAGE_FAULTS = new Set<unknown>(['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND', 'ERR_DLOPEN_FAILED']);
/** Purposes whose keys are always of one algorithm other than ES256. */
const ALGORITHMS: Partial<Readonly<Record<KeyPurpose, SigningAlgorithm>>> = { 'assertion-eddsa': 'EdDSA' };

/**
 * The adapters of every key store that the settings describe, those included which only hold keys made earlier. No store is
 * asked anything yet: one that is away keeps nobody from starting.
 *
 * @throws {KeyStoreSetupError}
 */
export async function openKeyStores(settings: KeyStoreSettings, logger: StoreLogger): Promise<KeyStores> {
  const stores = new Map<KeyStoreName, KeyStore>();
  for (const [name, open] of Object.entries(openers(settings)) as [KeyStoreName, (() => Promise<KeyStore>) | undefined][]) {
    if (open !== undefined) stores.set(name, guarded(await opened(name, open), settings, logger));
  }
  const places = new Map(settings.KEY_STORES_FOR.map(({ purpose, store }) => [purpose, usable(stores.get(store), purpose)]));
  return {
    get: (name) => stores.get(name),
    forPurpose: (purpose) => places.get(purpose),
    close: async () => {
      await Promise.all([...stores.values()].map((store) => store.close()));
    },
  };
}

function openers(settings: KeyStoreSettings): Readonly<Record<KeyStoreName, (() => Promise<KeyStore>) | undefined>> {
  const { SIGNER_TIMEOUT_MS: timeoutMs, SIGNER_CONCURRENCY: sessions } = settings;
  const { PKCS11_MODULE: module, PKCS11_TOKEN: token, PKCS11_PIN: pin } = settings;
  const { AWS_KMS_REGION: region, GOOGLE_KMS_KEY_RING: keyRing, AZURE_KEY_VAULT_URL: url } = settings;
  return {
    pkcs11:
      module === undefined || token === undefined || pin === undefined
        ? undefined
        : () => openPkcs11({ module, token, pin, sessions, timeoutMs }),
    'aws-kms': region === undefined ? undefined : () => openAwsKms({ region, endpoint: settings.AWS_KMS_ENDPOINT, timeoutMs }),
    'google-kms':
      keyRing === undefined
        ? undefined
        : () =>
            openGoogleKms({
              keyRing,
              endpoint: settings.GOOGLE_KMS_ENDPOINT,
              protectionLevel: settings.GOOGLE_KMS_PROTECTION_LEVEL,
              timeoutMs,
            }),
    'azure-key-vault':
      url === undefined ? undefined : () => openAzureKeyVault({ url, hsm: settings.AZURE_KEY_VAULT_HSM, timeoutMs }),
  };
}

async function opened(name: KeyStoreName, open: () => Promise<KeyStore>): Promise<KeyStore> {
  try {
    return await open();
  } catch (cause) {
    if (!isPackageMissing(cause)) throw cause;
    throw new KeyStoreSetupError(
      `${name} is configured, but the package ${PACKAGES[name]} cannot be loaded: it is optional, and was not installed or could not be built. Run npm install --include=optional (pkcs11js needs a C++ compiler and Python).`,
      { cause },
    );
  }
}

function isPackageMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && PACKAGE_FAULTS.has(error.code);
}

function guarded(store: KeyStore, settings: KeyStoreSettings, logger: StoreLogger): KeyStore {
  return guardedKeyStore(store, {
    perSecond: settings.SIGNER_MAX_PER_SECOND,
    concurrency: settings.SIGNER_CONCURRENCY,
    patienceMs: settings.SIGNER_TIMEOUT_MS,
    onOutage: (isOut) => {
      if (isOut) logger.warn({ store: store.name }, 'the key store is out of service; it is asked again now and then');
      else logger.info({ store: store.name }, 'the key store answers again');
    },
  });
}

function usable(store: KeyStore | undefined, purpose: KeyPurpose): KeyStore {
  if (store === undefined) throw new KeyStoreSetupError(`KEY_STORES_FOR names a store for ${purpose} that is not configured`);
  const algorithm = ALGORITHMS[purpose] ?? 'ES256';
  if (store.algorithms.includes(algorithm)) return store;
  throw new KeyStoreSetupError(
    `KEY_STORES_FOR: ${store.name} makes no ${algorithm} keys, which ${purpose} needs; leave ${purpose} out, or name another store`,
  );
}
