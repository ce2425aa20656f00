import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ConfigError, loadConfig } from '../../config/config.js';

const KEY = Buffer.from(Array.from({ length: 32 }, (_, index) => index)).toString('base64url');
const PRODUCTION = {
  NODE_ENV: 'production',
  PUBLIC_URL: 'https://issuer.example',
  MASTER_KEY: KEY,
  ADMIN_CLIENT_ID: 'admin',
  ADMIN_CLIENT_SECRET: 'Zp4mXk9QvT2sLw7Rb6NcYd3FhJ8gAeUo',
};

type Environment = Record<string, string | undefined>;

const load = (env: Environment) => loadConfig({ env, hostname: 'host' });
const developmentConfig = (env: Environment = {}) => load({ MASTER_KEY: KEY, ...env });

function faultsOf(env: Environment): string[] {
  try {
    load(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split('\n');
    throw error;
  }
  return [];
}

describe('defaults', () => {
  it('needs nothing but the key outside production', () => {
    expect(developmentConfig()).toMatchObject({
      NODE_ENV: 'development',
      production: false,
      PORT: 3000,
      PUBLIC_URL: 'http://localhost:3000',
    });
  });

  it('takes the public URL and the instance name from the port', () => {
    expect(developmentConfig({ PORT: '4000' })).toMatchObject({
      PUBLIC_URL: 'http://localhost:4000',
      INSTANCE_NAME: 'host:4000',
    });
  });

  it('counts an empty variable as unset', () => {
    expect(developmentConfig({ PORT: '', PUBLIC_URL: '', ISSUER_NAME: '' })).toMatchObject({
      PORT: 3000,
      ISSUER_NAME: 'Chancery',
    });
  });

  it('ignores variables it does not know', () => {
    expect(developmentConfig({ PATH: '/bin', CHANCERY: 'x' })).not.toHaveProperty('PATH');
  });

  it('cannot be changed', () => {
    expect(Object.isFrozen(developmentConfig())).toBe(true);
  });
});

describe('values', () => {
  it.each([
    ['PORT', '65536'],
    ['PORT', 'http'],
    ['PORT', '30.5'],
    ['WORKER_PORT', '-1'],
    ['NODE_ENV', 'staging'],
    ['LOG_LEVEL', 'loud'],
    ['TRUST_PROXY', 'true'],
    ['TEMPORAL_TLS', 'yes'],
    ['MONGODB_DATABASE', 'a.b'],
    ['MONGODB_DATABASE', 'a'.repeat(39)],
    ['ISSUER_COUNTRY', 'nz'],
    ['ISSUER_COUNTRY', 'NZL'],
    ['TRANSACTION_CODE_ATTEMPTS', '0'],
    ['TRANSACTION_CODE_ATTEMPTS', '11'],
    ['ACCESS_TOKEN_SECONDS', '301'],
    ['BATCH_SIZE', '101'],
    ['STATUS_SIGNING_USAGE', '1.3.06'],
    ['STATUS_SIGNING_USAGE', 'oauthStatusSigning'],
    ['REQUEST_MAX_BYTES', '1023'],
    ['TEMPORAL_TASK_QUEUE', 'q'.repeat(101)],
  ])('%s refuses %s and is named', (name, value) => {
    expect(faultsOf({ MASTER_KEY: KEY, [name]: value })).toEqual([expect.stringMatching(new RegExp(`^${name}: .`))]);
  });

  it.each([
    ['true', true],
    ['false', false],
  ])('reads the flag %s', (written, meant) => {
    expect(developmentConfig({ DPOP_REQUIRED: written, ANONYMOUS_ACCESS: written })).toMatchObject({
      DPOP_REQUIRED: meant,
      ANONYMOUS_ACCESS: meant,
    });
  });

  it('reads a list, spaces and empty items aside', () => {
    expect(developmentConfig({ OUTBOUND_ALLOWED_HOSTS: ' a.example, ,b.example:8443 ,' }).OUTBOUND_ALLOWED_HOSTS).toEqual([
      'a.example',
      'b.example:8443',
    ]);
  });

  it('lists every fault at once', () => {
    const faults = faultsOf({ MASTER_KEY: KEY, PORT: 'x', LOG_LEVEL: 'x', BATCH_SIZE: '0' });
    expect(faults.map((fault) => fault.split(':')[0])).toEqual(['LOG_LEVEL', 'PORT', 'BATCH_SIZE']);
  });

  it('refuses a default expiry above the maximum', () => {
    expect(faultsOf({ MASTER_KEY: KEY, OFFER_EXPIRY_SECONDS: '601', OFFER_MAX_EXPIRY_SECONDS: '600' })).toEqual([
      'OFFER_EXPIRY_SECONDS: is more than OFFER_MAX_EXPIRY_SECONDS',
    ]);
    expect(faultsOf({ MASTER_KEY: KEY, OFFER_EXPIRY_SECONDS: '600', OFFER_MAX_EXPIRY_SECONDS: '600' })).toEqual([]);
  });
});

describe('key stores', () => {
  const PKCS11 = { PKCS11_MODULE: '/usr/lib/libhsm.so', PKCS11_TOKEN: 'chancery', PKCS11_PIN: '1234' };
  const AWS = { AWS_KMS_REGION: 'eu-central-1' };

  it('are none by default', () => {
    expect(developmentConfig().KEY_STORES_FOR).toEqual([]);
  });

  it('are named for each purpose', () => {
    const KEY_STORES_FOR = 'document-signer=pkcs11, credential-signing = aws-kms';
    expect(developmentConfig({ KEY_STORES_FOR, ...PKCS11, ...AWS }).KEY_STORES_FOR).toEqual([
      { purpose: 'document-signer', store: 'pkcs11' },
      { purpose: 'credential-signing', store: 'aws-kms' },
    ]);
  });

  it.each([
    ['an unknown purpose', 'credentials=aws-kms'],
    ['an unknown store', 'credential-signing=vault'],
    ['a purpose alone', 'credential-signing'],
    ['two stores', 'credential-signing=aws-kms=pkcs11'],
    ['a purpose twice', 'credential-signing=aws-kms,credential-signing=pkcs11'],
  ])('KEY_STORES_FOR refuses %s', (_what, KEY_STORES_FOR) => {
    expect(faultsOf({ MASTER_KEY: KEY, KEY_STORES_FOR, ...PKCS11, ...AWS })).toEqual([
      expect.stringMatching(/^KEY_STORES_FOR: (?:needs purpose=store|names a purpose twice)/),
    ]);
  });

  it.each([
    ['pkcs11', ['PKCS11_MODULE', 'PKCS11_TOKEN', 'PKCS11_PIN']],
    ['aws-kms', ['AWS_KMS_REGION']],
    ['google-kms', ['GOOGLE_KMS_KEY_RING']],
    ['azure-key-vault', ['AZURE_KEY_VAULT_URL']],
  ])('%s that is named needs its variables', (store, names) => {
    expect(faultsOf({ MASTER_KEY: KEY, KEY_STORES_FOR: `document-signer=${store}` })).toEqual(
      names.map((name) => `${name}: is missing, and the key store ${store} needs it`),
    );
  });

  it('a store that only holds earlier keys needs all of its variables as well', () => {
    expect(faultsOf({ MASTER_KEY: KEY, PKCS11_MODULE: '/usr/lib/libhsm.so', PKCS11_TOKEN: 'chancery' })).toEqual([
      'PKCS11_PIN: is missing, and the key store pkcs11 needs it',
    ]);
    expect(faultsOf({ MASTER_KEY: KEY, ...PKCS11 })).toEqual([]);
  });

  it.each([
    ['GOOGLE_KMS_KEY_RING', 'my-key-ring'],
    ['GOOGLE_KMS_PROTECTION_LEVEL', 'EXTERNAL'],
    ['AWS_KMS_REGION', 'Frankfurt am Main'],
    ['AZURE_KEY_VAULT_URL', 'vault'],
    ['SIGNER_TIMEOUT_MS', '4501'],
    ['SIGNER_MAX_PER_SECOND', '0'],
    ['SIGNER_CONCURRENCY', '257'],
  ])('%s refuses %s', (name, value) => {
    expect(faultsOf({ MASTER_KEY: KEY, [name]: value })).toEqual([expect.stringMatching(new RegExp(`^${name}: .`))]);
  });

  it('a rate at which a batch would never be signed is refused', () => {
    const slow = { MASTER_KEY: KEY, SIGNER_MAX_PER_SECOND: '3', BATCH_SIZE: '10' };
    expect(faultsOf({ ...slow, KEY_STORES_FOR: 'credential-signing=aws-kms', ...AWS })).toEqual([
      'SIGNER_MAX_PER_SECOND: is too low to sign BATCH_SIZE credentials within SIGNER_TIMEOUT_MS',
    ]);
    expect(faultsOf(slow)).toEqual([]);
  });
});

describe('PUBLIC_URL', () => {
  it.each([
    'issuer.example',
    'ftp://issuer.example',
    'https://issuer.example/',
    'https://issuer.example?a=b',
    'https://issuer.example#a',
  ])('refuses %s', (url) => {
    expect(faultsOf({ MASTER_KEY: KEY, PUBLIC_URL: url })).not.toEqual([]);
  });

  it('takes a path, kept as written', () => {
    expect(developmentConfig({ PUBLIC_URL: 'https://example.org/issuer' }).PUBLIC_URL).toBe('https://example.org/issuer');
  });
});

describe('keys', () => {
  it('reads the key-encryption key from base64url', () => {
    expect([...developmentConfig().MASTER_KEY]).toEqual(Array.from({ length: 32 }, (_, index) => index));
  });

  it.each([
    ['is too short', KEY.slice(1)],
    ['is too long', `${KEY}A`],
    ['has padding', `${KEY.slice(0, 42)}=`],
    ['is standard base64', `+/${KEY.slice(2)}`],
    ['is weak', Buffer.alloc(32, 7).toString('base64url')],
  ])('refuses one that %s, without showing it', (_, key) => {
    const faults = faultsOf({ MASTER_KEY: key });
    expect(faults).toEqual([expect.stringMatching(/^MASTER_KEY: /)]);
    expect(faults.join()).not.toContain(key.slice(0, 8));
  });

  it('says who makes a missing one', () => {
    expect(faultsOf({})).toEqual([expect.stringMatching(/^MASTER_KEY: is missing; `npm start`/)]);
  });

  it('reads earlier keys in order', () => {
    const previous = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)].map((key) => key.toString('base64url'));
    expect(developmentConfig({ MASTER_KEYS_PREVIOUS: previous.join(',') }).MASTER_KEYS_PREVIOUS.map((key) => key[0])).toEqual([
      1, 2,
    ]);
  });
});

describe('production', () => {
  it('takes a complete and strong configuration', () => {
    expect(load(PRODUCTION)).toMatchObject({ production: true, PUBLIC_URL: 'https://issuer.example' });
  });

  it.each<[string, Environment, RegExp]>([
    ['http', { PUBLIC_URL: 'http://issuer.example' }, /^PUBLIC_URL: needs https/],
    ['an address for a host', { PUBLIC_URL: 'https://192.0.2.1' }, /^PUBLIC_URL: needs a host name/],
    ['no management client', { ADMIN_CLIENT_ID: undefined }, /^ADMIN_CLIENT_ID: is missing/],
    ['no management secret', { ADMIN_CLIENT_SECRET: undefined }, /^ADMIN_CLIENT_SECRET: is missing/],
    [
      'a short management secret',
      { ADMIN_CLIENT_SECRET: PRODUCTION.ADMIN_CLIENT_SECRET.slice(1) },
      /^ADMIN_CLIENT_SECRET: is weak/,
    ],
    ['a monotonous management secret', { ADMIN_CLIENT_SECRET: 'ab'.repeat(20) }, /^ADMIN_CLIENT_SECRET: is weak/],
    ['no key', { MASTER_KEY: undefined }, /^MASTER_KEY: is missing/],
    ['a weak key', { MASTER_KEY: Buffer.alloc(32).toString('base64url') }, /^MASTER_KEY: is weak/],
    ['a fault point', { FAULT_POINT: 'anywhere' }, /^FAULT_POINT: is for tests only/],
  ])('refuses %s', (_, change, fault) => {
    expect(faultsOf({ ...PRODUCTION, ...change })).toEqual([expect.stringMatching(fault)]);
  });

  it('refuses an IPv6 address for a host', () => {
    expect(faultsOf({ ...PRODUCTION, PUBLIC_URL: 'https://[2001:db8::1]' })).toEqual([
      expect.stringMatching(/^PUBLIC_URL: needs a host name/),
    ]);
  });

  it('has no http default for the public URL', () => {
    expect(faultsOf({ ...PRODUCTION, PUBLIC_URL: undefined })).toEqual([expect.stringMatching(/^PUBLIC_URL: needs https/)]);
  });
});

describe('X_FILE', () => {
  const folder = mkdtempSync(join(tmpdir(), 'chancery-config-'));
  const file = (name: string, content: string) => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it('gives the value of X, a trailing line break dropped', () => {
    const config = load({ MASTER_KEY_FILE: file('key', `${KEY}\n`), ADMIN_CLIENT_SECRET_FILE: file('secret', ' secret \r\n') });
    expect(config.MASTER_KEY[31]).toBe(31);
    expect(config.ADMIN_CLIENT_SECRET).toBe(' secret ');
  });

  it('works for what is no secret, too', () => {
    expect(developmentConfig({ MONGODB_URI_FILE: file('uri', 'mongodb://db.example') }).MONGODB_URI).toBe('mongodb://db.example');
  });

  it('may not stand beside X', () => {
    expect(faultsOf({ MASTER_KEY: KEY, MASTER_KEY_FILE: file('key', KEY) })).toEqual([
      'MASTER_KEY: set either MASTER_KEY or MASTER_KEY_FILE, not both',
    ]);
  });

  it('names the variable if the file is not there, and not the path', () => {
    expect(faultsOf({ MASTER_KEY_FILE: join(folder, 'nothing') })).toEqual(['MASTER_KEY_FILE: cannot be read']);
  });
});
