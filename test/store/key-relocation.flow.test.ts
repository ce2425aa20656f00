import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { readCertificate } from '../../keys/certificates.js';
import { KeyEncryptionRing } from '../../keys/key-encryption.js';
import { NO_KEY_STORES, type KeyStore, type KeyStores } from '../../keys/key-store.js';
import { openAwsKms } from '../../keys/stores/aws-kms.js';
import { openDatabase, type Database } from '../../store/database.js';
import { ensureDefaultIssuer } from '../../store/default-issuer.js';
import type { KeyPurpose } from '../../store/documents.js';
import { DEFAULT_ISSUER_ID, IssuerDirectory } from '../../store/issuer-directory.js';
import { relocateSigningKeys } from '../../store/key-relocation.js';
import { ensureSigningKeys, rotateDueKeys } from '../../store/key-rotation.js';
import type { KeyScope } from '../../store/signing-keys.js';
import { useSharedSystem } from '../harness/use-system.js';
import { AwsKmsStandIn } from '../keys/stores/aws-kms-stand-in.js';

const system = useSharedSystem();
const DAY_MS = 86_400_000;
const kek = new Uint8Array(randomBytes(32));
const standIn = new AwsKmsStandIn();

let db: Database;
let now: number;
let store: KeyStore;

beforeAll(async () => {
  await standIn.start();
  vi.stubEnv('AWS_ACCESS_KEY_ID', standIn.accessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', standIn.secretAccessKey);
  store = await openAwsKms({ region: standIn.region, endpoint: `http://127.0.0.1:${standIn.port}`, timeoutMs: 5000 });
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await store.close();
  await standIn.stop();
});
beforeEach(async () => {
  now = Date.now();
  db = openDatabase({ uri: system().mongoUri, name: `relocation_${randomBytes(6).toString('hex')}` });
  await ensureDefaultIssuer({ db, name: 'Ministry of Tests', country: 'NZ', now });
  await ensureSigningKeys(scope());
});
afterEach(async () => {
  standIn.fault = undefined;
  await db.close();
});

/** The store for one purpose, as KEY_STORES_FOR names it. */
const storeFor = (purpose: KeyPurpose): KeyStores => ({
  ...NO_KEY_STORES,
  get: (name) => (name === store.name ? store : undefined),
  forPurpose: (asked) => (asked === purpose ? store : undefined),
});

const scope = (stores: KeyStores = NO_KEY_STORES): KeyScope => ({
  db,
  directory: new IssuerDirectory({ db }),
  ring: new KeyEncryptionRing([kek]),
  stores,
  issuerId: DEFAULT_ISSUER_ID,
  host: 'issuer.example',
  identifier: 'https://issuer.example/t1',
  now,
});

const keysOf = async (purpose: KeyPurpose) =>
  (await db.signingKeys.find({ issuerId: DEFAULT_ISSUER_ID }).toArray())
    .filter((key) => key.purpose === purpose)
    .sort((a, b) => a.generation - b.generation);
const standingOf = async (purpose: KeyPurpose) =>
  (await keysOf(purpose)).map(({ generation, state, remote }) => `${generation} ${state} ${remote?.store ?? 'here'}`);

describe('keys of a purpose that a key store is configured for', () => {
  const stores = storeFor('credential-signing');

  it('are followed by one there: published at once, in use when it has been published for a day', async () => {
    await relocateSigningKeys(scope(stores));
    expect(await standingOf('credential-signing')).toEqual(['1 active here', '2 published aws-kms']);
    now += DAY_MS - 1;
    await rotateDueKeys({ ...scope(stores), maximumAgeDays: 90 });
    expect(await standingOf('credential-signing')).toEqual(['1 active here', '2 published aws-kms']);
    now += 1;
    await rotateDueKeys({ ...scope(stores), maximumAgeDays: 90 });
    expect(await standingOf('credential-signing')).toEqual(['1 retired here', '2 active aws-kms']);
  });

  it('are certified as those here are', async () => {
    await relocateSigningKeys(scope(stores));
    const [here, there] = await keysOf('credential-signing');
    expect(there).not.toHaveProperty('privateKey');
    expect(standIn.keys.has(there!.remote!.key)).toBe(true);
    expect(readCertificate(there!.certificateChain[0]!).uris).toEqual(readCertificate(here!.certificateChain[0]!).uris);
  });

  it('are followed by one only, however often and by however many processes it is begun', async () => {
    await Promise.all(Array.from({ length: 4 }, () => relocateSigningKeys(scope(stores))));
    await relocateSigningKeys(scope(stores));
    expect(await standingOf('credential-signing')).toEqual(['1 active here', '2 published aws-kms']);
  });

  it('of other purposes stay where they are', async () => {
    await relocateSigningKeys(scope(stores));
    expect(await standingOf('access-token')).toEqual(['1 active here']);
    expect(await standingOf('root-certificate')).toEqual(['1 active here']);
  });

  it('stay as they are while the store is away, and follow when it is back', async () => {
    standIn.fault = 'fails';
    await expect(relocateSigningKeys(scope(stores))).rejects.toMatchObject({ name: 'SignerError', retryable: true });
    expect(await standingOf('credential-signing')).toEqual(['1 active here']);
    standIn.fault = undefined;
    await relocateSigningKeys(scope(stores));
    expect(await standingOf('credential-signing')).toEqual(['1 active here', '2 published aws-kms']);
  });

  it('do not leave the store because it is no longer named: a setting may have been forgotten', async () => {
    await relocateSigningKeys(scope(stores));
    now += DAY_MS;
    await rotateDueKeys({ ...scope(stores), maximumAgeDays: 90 });
    await relocateSigningKeys(scope());
    expect(await standingOf('credential-signing')).toEqual(['1 retired here', '2 active aws-kms']);
  });
});
