import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { KeyStores } from '../../keys/key-store.js';
import { KeyStoreSetupError, openKeyStores, type KeyStoreSettings } from '../../keys/open-key-stores.js';
import { failureOf } from './stores/failure-of.js';
import { AwsKmsStandIn } from './stores/aws-kms-stand-in.js';

const NONE: KeyStoreSettings = {
  KEY_STORES_FOR: [],
  GOOGLE_KMS_PROTECTION_LEVEL: 'HSM',
  AZURE_KEY_VAULT_HSM: false,
  SIGNER_TIMEOUT_MS: 2000,
  SIGNER_MAX_PER_SECOND: 1000,
  SIGNER_CONCURRENCY: 8,
};
const ALL = {
  PKCS11_MODULE: '/nowhere/libpkcs11.so',
  PKCS11_TOKEN: 'chancery',
  PKCS11_PIN: '1234',
  AWS_KMS_REGION: 'eu-central-1',
  GOOGLE_KMS_KEY_RING: 'projects/p/locations/l/keyRings/r',
  AZURE_KEY_VAULT_URL: 'https://stand-in.vault.azure.net',
};
const NAMES = ['pkcs11', 'aws-kms', 'google-kms', 'azure-key-vault'] as const;

const lines: string[] = [];
const logger = {
  warn: (fields: object, message: string) => void lines.push(`warn ${JSON.stringify(fields)} ${message}`),
  info: (fields: object, message: string) => void lines.push(`info ${JSON.stringify(fields)} ${message}`),
};
let opened: KeyStores | undefined;
const open = async (more: Partial<KeyStoreSettings>) => (opened = await openKeyStores({ ...NONE, ...more }, logger));

beforeEach(() => void lines.splice(0));
afterEach(async () => {
  vi.unstubAllEnvs();
  await opened?.close();
});

describe('the key stores that are configured', () => {
  it('are none where none is', async () => {
    const stores = await open({});
    expect(NAMES.map((name) => stores.get(name))).toEqual(NAMES.map(() => undefined));
    expect(stores.forPurpose('credential-signing')).toBeUndefined();
  });

  it('are there without being asked anything, those included that are named for no purpose', async () => {
    const stores = await open({ ...ALL, KEY_STORES_FOR: [{ purpose: 'document-signer', store: 'pkcs11' }] });
    expect(NAMES.map((name) => stores.get(name)?.name)).toEqual([...NAMES]);
    expect(stores.forPurpose('document-signer')).toBe(stores.get('pkcs11'));
    expect(stores.forPurpose('credential-signing')).toBeUndefined();
  });

  it('must make keys of the kind that the purpose needs', async () => {
    const failure = await failureOf(open({ ...ALL, KEY_STORES_FOR: [{ purpose: 'assertion-eddsa', store: 'azure-key-vault' }] }));
    expect(failure).toBeInstanceOf(KeyStoreSetupError);
    expect(failure.message).toContain('azure-key-vault makes no EdDSA keys, which assertion-eddsa needs');
  });

  it('are left alone when they are out of service, and that is logged once, as is their coming back', async () => {
    const standIn = await new AwsKmsStandIn().start();
    vi.stubEnv('AWS_ACCESS_KEY_ID', standIn.accessKeyId);
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', standIn.secretAccessKey);
    const endpoint = `http://127.0.0.1:${standIn.port}`;
    const store = (await open({ AWS_KMS_REGION: standIn.region, AWS_KMS_ENDPOINT: endpoint })).get('aws-kms')!;
    const key = await store.generate({ algorithm: 'ES256', label: 'a label' });
    const signer = store.signer({ ...key, algorithm: 'ES256', certificateChain: [] });
    standIn.fault = 'fails';
    for (let call = 0; call < 8; call += 1) await failureOf(signer.sign(new Uint8Array(1)));
    const asked = standIn.requests.length;
    expect(await failureOf(signer.sign(new Uint8Array(1)))).toMatchObject({ name: 'SignerError', retryable: true });
    expect(standIn.requests.length).toBe(asked);
    standIn.fault = undefined;
    await expect
      .poll(() => signer.sign(new Uint8Array(1)).catch(() => undefined), { timeout: 10_000, interval: 500 })
      .toHaveLength(64);
    expect(lines).toEqual([
      'warn {"store":"aws-kms"} the key store is out of service; it is asked again now and then',
      'info {"store":"aws-kms"} the key store answers again',
    ]);
    await standIn.stop();
  });
});

/** Hides packages from whoever runs after it, as if they had never been installed. */
const HIDING = `
  import { register } from 'node:module';
  register('data:text/javascript,' + encodeURIComponent(\`
    export async function resolve(name, context, next) {
      if (/^(pkcs11js|@aws-sdk|@google-cloud|@azure)/.test(name)) throw Object.assign(new Error('gone'), { code: 'ERR_MODULE_NOT_FOUND' });
      return next(name, context);
    }\`));
`;
const OPENING = `
  const { openKeyStores } = await import(process.env.SUBJECT);
  const settings = JSON.parse(process.env.SETTINGS);
  for (const some of settings) await openKeyStores(some, console).then(() => console.log('opened'), (error) => console.log(error.name, error.message));
`;

describe('a package that is not installed', () => {
  it('is named in one sentence, and keeps nobody from starting who does not need it', () => {
    const { PKCS11_MODULE, PKCS11_TOKEN, PKCS11_PIN, AWS_KMS_REGION, GOOGLE_KMS_KEY_RING, AZURE_KEY_VAULT_URL } = ALL;
    const settings = [
      {},
      { PKCS11_MODULE, PKCS11_TOKEN, PKCS11_PIN },
      { AWS_KMS_REGION },
      { GOOGLE_KMS_KEY_RING },
      { AZURE_KEY_VAULT_URL },
    ].map((some) => ({ ...NONE, ...some }));
    const { stdout, stderr } = spawnSync(
      process.execPath,
      ['--import', 'tsx', '--import', `data:text/javascript,${encodeURIComponent(HIDING)}`, '--input-type=module', '-e', OPENING],
      {
        encoding: 'utf8',
        env: {
          ...process.env,
          SUBJECT: new URL('../../keys/open-key-stores.ts', import.meta.url).href,
          SETTINGS: JSON.stringify(settings),
        },
        cwd: fileURLToPath(new URL('../..', import.meta.url)),
      },
    );
    const sentence = (store: string, name: string) =>
      expect.stringMatching(
        new RegExp(
          `^KeyStoreSetupError ${store} is configured, but the package ${name} cannot be loaded: it is optional, .*npm install`,
        ),
      ) as string;
    expect([stdout.trim().split('\n'), stderr]).toEqual([
      [
        'opened',
        sentence('pkcs11', 'pkcs11js'),
        sentence('aws-kms', '@aws-sdk/client-kms'),
        sentence('google-kms', '@google-cloud/kms'),
        sentence('azure-key-vault', '@azure/keyvault-keys with @azure/identity'),
      ],
      '',
    ]);
  });
});
