import { randomBytes, X509Certificate } from 'node:crypto';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readCertificate } from '../../keys/certificates.js';
import { issuerSigners } from '../../keys/issuer-signers.js';
import { KeyEncryptionRing } from '../../keys/key-encryption.js';
import { openDatabase, type Database } from '../../store/database.js';
import { ensureDefaultIssuer } from '../../store/default-issuer.js';
import type { KeyPurpose, SigningKeyDocument } from '../../store/documents.js';
import { DEFAULT_ISSUER_ID, IssuerDirectory } from '../../store/issuer-directory.js';
import { credentialSigners } from '../../keys/credential-signers.js';
import { NO_KEY_STORES } from '../../keys/key-store.js';
import { openSigner } from '../../keys/open-signer.js';
import { SignerError } from '../../keys/signer.js';
import { ensureSigningKeys, ROTATED_PURPOSES, rotateDueKeys, rotateSigningKey } from '../../store/key-rotation.js';
import type { KeyScope } from '../../store/signing-keys.js';
import { useSharedSystem } from '../harness/use-system.js';
import { dyingAfter } from './dying-database.js';

const system = useSharedSystem();
const WRITTEN = ['issuers', 'signingKeys'] as const;
const DAY_MS = 86_400_000;
const START = Date.parse('2026-03-14T15:09:26.535Z');
const IDENTIFIER = 'https://issuer.example/t1';
const kek = new Uint8Array(randomBytes(32));

let db: Database;
let now: number;
beforeEach(async () => {
  now = START;
  db = openDatabase({ uri: system().mongoUri, name: `rotation_${randomBytes(6).toString('hex')}` });
  await ensureDefaultIssuer({ db, name: 'Ministry of Tests', country: 'NZ', now });
});
afterEach(() => db.close());

/** What one process brings along: a directory of its own. */
const scope = (more: Partial<KeyScope> = {}): KeyScope => ({
  db,
  directory: new IssuerDirectory({ db }),
  ring: new KeyEncryptionRing([kek]),
  issuerId: DEFAULT_ISSUER_ID,
  host: 'issuer.example',
  identifier: IDENTIFIER,
  now,
  ...more,
});

const keysOf = async (purpose: KeyPurpose): Promise<SigningKeyDocument[]> =>
  (await db.signingKeys.find({ issuerId: DEFAULT_ISSUER_ID }).toArray())
    .filter((key) => key.purpose === purpose)
    .sort((a, b) => a.generation - b.generation);

const statesOf = async (purpose: KeyPurpose): Promise<string[]> =>
  (await keysOf(purpose)).map(({ generation, state }) => `${generation} ${state}`);

const signers = async (): Promise<ReturnType<typeof issuerSigners>> => {
  const { keys } = await new IssuerDirectory({ db }).get(DEFAULT_ISSUER_ID);
  return issuerSigners({ keys, access: { ring: new KeyEncryptionRing([kek]) } });
};

const revision = async (): Promise<number> => (await db.issuers.findOne({ _id: DEFAULT_ISSUER_ID }))!.revision;

describe('the default issuer', () => {
  it('is made once, and keeps the name it has', async () => {
    await ensureDefaultIssuer({ db, name: 'Another name', country: 'DE', now });
    const issuers = await db.issuers.find({}).toArray();
    expect(issuers).toMatchObject([{ _id: 'default', issuerId: 'default', name: 'Ministry of Tests', country: 'NZ' }]);
    expect(issuers[0]!.display).toEqual([{ name: 'Ministry of Tests' }]);
  });
});

describe('the first keys', () => {
  it('are made on an empty database, ready to use', async () => {
    await ensureSigningKeys(scope());
    for (const purpose of ROTATED_PURPOSES) expect(await statesOf(purpose)).toEqual(['1 active']);
    const { credential, accessToken } = await signers();
    expect(credential.certificateChain).toHaveLength(1);
    expect((await accessToken.sign(Buffer.from('x'))).length).toBe(64);
  });

  it('are made once by many processes that start at once', async () => {
    await Promise.all(Array.from({ length: 8 }, () => ensureSigningKeys(scope())));
    const keys = await db.signingKeys.find({}).toArray();
    expect(keys.map(({ _id }) => _id).sort()).toEqual([
      'default/access-token/1',
      'default/assertion-eddsa/1',
      'default/assertion-es256/1',
      'default/credential-signing/1',
      'default/root-certificate/1',
      'default/status-list-signing/1',
    ]);
    const { rootCertificatesPem, credential } = await signers();
    const leaf = new X509Certificate(Buffer.from(credential.certificateChain[0]!, 'base64'));
    expect(leaf.verify(new X509Certificate(rootCertificatesPem).publicKey)).toBe(true);
  });

  it('are completed where a start was cut short', async () => {
    await ensureSigningKeys(scope());
    const [root] = await keysOf('root-certificate');
    for (const purpose of ROTATED_PURPOSES.slice(1)) await db.signingKeys.deleteOne({ _id: `default/${purpose}/1` });
    await ensureSigningKeys(scope());
    expect((await keysOf('root-certificate'))[0]!.keyId).toBe(root!.keyId);
    expect((await signers()).credential.keyId).toBe((await keysOf('credential-signing'))[0]!.keyId);
  });

  it('stay as they are at later starts', async () => {
    await ensureSigningKeys(scope());
    const before = [await db.signingKeys.find({}).toArray(), await revision()];
    await ensureSigningKeys(scope());
    expect([await db.signingKeys.find({}).toArray(), await revision()]).toEqual(before);
  });

  it('SDV-05 have a leaf for the identifier: another identifier gets another leaf at once', async () => {
    await ensureSigningKeys(scope());
    const moved = { host: 'new.example', identifier: 'https://new.example' };
    await Promise.all([ensureSigningKeys(scope(moved)), ensureSigningKeys(scope(moved))]);
    for (const purpose of ['credential-signing', 'status-list-signing'] as const) {
      const [before, after, ...others] = await keysOf(purpose);
      expect([before!.state, after!.state, others]).toEqual(['retired', 'active', []]);
      expect(readCertificate(after!.certificateChain[0]!).uris).toEqual(['https://new.example']);
    }
    expect(await statesOf('assertion-es256')).toEqual(['1 active']);
    expect((await signers()).credentialJwks.keys).toHaveLength(2);
  });
});

describe('the issuer moves to another identifier', () => {
  const moved = { host: 'new.example', identifier: 'https://new.example' };
  beforeEach(() => ensureSigningKeys(scope()));

  it('SDV-05 while the next leaf is published for the one before: that is passed over', async () => {
    await rotateSigningKey({ ...scope(), purpose: 'status-list-signing' });
    await ensureSigningKeys(scope(moved));
    expect(await statesOf('status-list-signing')).toEqual(['1 retired', '2 retired', '3 active']);
    expect(readCertificate((await keysOf('status-list-signing'))[2]!.certificateChain[0]!).uris).toEqual([moved.identifier]);
  });

  it('SDV-05 after a crash between making the next leaf and using it', async () => {
    await rotateSigningKey({ ...scope(moved), purpose: 'credential-signing' });
    await ensureSigningKeys(scope(moved));
    expect(await statesOf('credential-signing')).toEqual(['1 retired', '2 active']);
  });
});

describe.each(ROTATED_PURPOSES)('rotating the %s key', (purpose) => {
  const rotate = (more: Partial<KeyScope> = {}): Promise<void> =>
    rotateSigningKey({ ...scope(more), purpose, publishAheadMs: DAY_MS, retainMs: 2 * DAY_MS });

  beforeEach(() => ensureSigningKeys(scope()));

  it('publishes the next key ahead, activates it when caches have it, and retires the old one', async () => {
    await rotate();
    expect(await statesOf(purpose)).toEqual(['1 active', '2 published']);
    now += DAY_MS - 1;
    await rotate();
    expect(await statesOf(purpose)).toEqual(['1 active', '2 published']);
    now += 1;
    await rotate();
    expect(await statesOf(purpose)).toEqual(['1 retired', '2 active']);
    expect((await keysOf(purpose))[0]!.retiredAt).toEqual(new Date(now));
  });

  it('erases the private half of the old one, and of that alone', async () => {
    await rotate();
    now += DAY_MS;
    await rotate();
    const [old, current] = await keysOf(purpose);
    expect(old).not.toHaveProperty('privateKey');
    expect(old!.publicJwk.x).toEqual(expect.any(String));
    const access = { ring: new KeyEncryptionRing([kek]) };
    expect(() => openSigner({ document: old!, access })).toThrow('does not unwrap');
    expect((await openSigner({ document: current!, access }).sign(Buffer.from('x'))).length).toBe(64);
  });

  it('erases the private half also of one that was retired before such was done', async () => {
    const [first] = await keysOf(purpose);
    await rotate();
    now += DAY_MS;
    await rotate();
    await db.signingKeys.updateOne({ _id: first!._id }, { $set: { privateKey: first!.privateKey! } });
    await rotateDueKeys({ ...scope(), maximumAgeDays: 3650 });
    const [old] = await keysOf(purpose);
    expect(old).toMatchObject({ state: 'retired' });
    expect(old).not.toHaveProperty('privateKey');
  });

  it('shows every step to other processes at once', async () => {
    const seen = [await revision()];
    for (let step = 0; step < 2; step += 1) {
      await rotate();
      seen.push(await revision());
      now += DAY_MS;
    }
    expect(new Set(seen).size).toBe(3);
  });

  it('makes one key when many processes rotate at once', async () => {
    await Promise.all(Array.from({ length: 6 }, () => rotate()));
    expect(await statesOf(purpose)).toEqual(['1 active', '2 published']);
    now += DAY_MS;
    await Promise.all(
      Array.from({ length: 6 }, () => rotateDueKeys({ ...scope(), publishAheadMs: DAY_MS, maximumAgeDays: 3650 })),
    );
    expect(await statesOf(purpose)).toEqual(['1 retired', '2 active']);
  });

  it('goes on after a crash between any two writes, with an active key at every moment', async () => {
    const inTwoSteps = async (more: Partial<KeyScope> = {}): Promise<void> => {
      now = START;
      await rotate(more);
      now = START + DAY_MS;
      await rotate(more);
    };
    for (let writes = 1, died = true; died; writes += 1) {
      await db.signingKeys.deleteMany({});
      now = START;
      await ensureSigningKeys(scope());
      const dying = dyingAfter(db, writes, WRITTEN);
      const fault = await inTwoSteps({ db: dying, directory: new IssuerDirectory({ db: dying }) }).catch(
        (error: unknown) => error,
      );
      died = fault !== undefined;
      if (died) expect(fault).toMatchObject({ message: 'the process is dead' });
      expect((await keysOf(purpose)).some(({ state }) => state === 'active')).toBe(true);
      if (died) {
        await rotate();
        now = START + DAY_MS;
        await rotate();
      }
      const states = await statesOf(purpose);
      expect(states[0]).toBe('1 retired');
      expect(states.filter((state) => state.endsWith('active'))).toHaveLength(1);
      // Five writes in all: the key, two states, and two revisions.
      expect(writes).toBeLessThanOrEqual(6);
      if (!died) expect(writes).toBe(6);
    }
  });
});

describe('what a retired key signed', () => {
  beforeEach(() => ensureSigningKeys(scope()));

  it('can be verified until its tokens have ended; then the key goes', async () => {
    const { accessToken } = await signers();
    const due = (): Promise<void> => rotateDueKeys({ ...scope(), maximumAgeDays: 3650, publishAheadMs: 0, retainMs: 2 * DAY_MS });
    await rotateSigningKey({ ...scope(), purpose: 'access-token', publishAheadMs: 0, retainMs: 2 * DAY_MS });
    expect(await statesOf('access-token')).toEqual(['1 retired', '2 active']);
    now += 2 * DAY_MS - 1;
    await due();
    expect((await signers()).accessTokenJwks.keys.map(({ kid }) => kid)).toContain(accessToken.keyId);
    now += 1;
    await due();
    expect((await signers()).accessTokenJwks.keys.map(({ kid }) => kid)).not.toContain(accessToken.keyId);
    expect(await statesOf('access-token')).toEqual(['2 active']);
  });

  it('can be verified as long as the certificate holds, for credentials', async () => {
    const { credential } = await signers();
    await rotateSigningKey({ ...scope(), purpose: 'credential-signing', publishAheadMs: 0 });
    const due = (): Promise<void> => rotateDueKeys({ ...scope(), maximumAgeDays: 3650, publishAheadMs: 0, retainMs: 0 });
    const { notAfter } = readCertificate(credential.certificateChain[0]!);
    now = notAfter - 1;
    await due();
    expect((await signers()).credentialJwks.keys.map(({ kid }) => kid)).toContain(credential.keyId);
    now = notAfter;
    await due();
    expect((await signers()).credentialJwks.keys.map(({ kid }) => kid)).not.toContain(credential.keyId);
  });
});

describe('what a retired assertion key signed', () => {
  it.each(['assertion-es256', 'assertion-eddsa'] as const)('can be verified for good: %s', async (purpose) => {
    await ensureSigningKeys(scope());
    await rotateSigningKey({ ...scope(), purpose, publishAheadMs: 0 });
    expect(await statesOf(purpose)).toEqual(['1 retired', '2 active']);
    now += 20 * 365 * DAY_MS;
    await rotateDueKeys({ ...scope(), maximumAgeDays: 36_500, publishAheadMs: 0, retainMs: 0 });
    expect((await statesOf(purpose))[0]).toBe('1 retired');
    const records = await new IssuerDirectory({ db }).get(DEFAULT_ISSUER_ID);
    const access = { ring: new KeyEncryptionRing([kek]) };
    const { verificationMethod } = credentialSigners({ records, access, issuerDid: 'did:web:a' }).assertion(
      purpose === 'assertion-eddsa' ? 'EdDSA' : 'ES256',
    );
    expect(verificationMethod).toBe(`did:web:a#${(await keysOf(purpose)).at(-1)!.keyId}`);
  });

  it('goes with its certificate where it has one: a status-list leaf', async () => {
    await ensureSigningKeys(scope());
    const [leaf] = await keysOf('status-list-signing');
    await rotateSigningKey({ ...scope(), purpose: 'status-list-signing', publishAheadMs: 0 });
    const due = (): Promise<void> => rotateDueKeys({ ...scope(), maximumAgeDays: 3650, publishAheadMs: 0, retainMs: 0 });
    now = readCertificate(leaf!.certificateChain[0]!).notAfter - 1;
    await due();
    expect((await keysOf('status-list-signing'))[0]!.keyId).toBe(leaf!.keyId);
    now += 1;
    await due();
    expect((await keysOf('status-list-signing')).map(({ keyId }) => keyId)).not.toContain(leaf!.keyId);
  });
});

describe('a key store that is away', () => {
  it('keeps only the keys that are to be made there from being rotated', async () => {
    await ensureSigningKeys(scope());
    const away = {
      name: 'pkcs11',
      algorithms: ['ES256'],
      generate: () => Promise.reject(new SignerError('away', { retryable: true })),
      signer: () => {
        throw new SignerError('away', { retryable: true });
      },
      close: () => Promise.resolve(),
    } as const;
    const stores = {
      ...NO_KEY_STORES,
      forPurpose: (purpose: KeyPurpose) => (purpose === 'credential-signing' ? away : undefined),
    };
    now += 91 * DAY_MS;
    await expect(rotateDueKeys({ ...scope({ stores }), maximumAgeDays: 90 })).rejects.toThrow('away');
    expect(await statesOf('credential-signing')).toEqual(['1 active']);
    for (const purpose of ['access-token', 'status-list-signing', 'assertion-es256', 'assertion-eddsa'] as const)
      expect(await statesOf(purpose), purpose).toEqual(['1 active', '2 published']);
    await rotateDueKeys({ ...scope(), maximumAgeDays: 90 });
    expect(await statesOf('credential-signing')).toEqual(['1 active', '2 published']);
  });
});

describe('rotation by age', () => {
  const due = (maximumAgeDays = 90): Promise<void> => rotateDueKeys({ ...scope(), maximumAgeDays, publishAheadMs: DAY_MS });
  beforeEach(() => ensureSigningKeys(scope()));

  it('leaves keys alone that are young enough', async () => {
    now += 90 * DAY_MS - 1;
    const before = await revision();
    await due();
    expect(await statesOf('access-token')).toEqual(['1 active']);
    expect(await revision()).toBe(before);
  });

  it('begins when they are old, and leaves the root, which verifiers trust', async () => {
    now += 90 * DAY_MS;
    await due();
    expect(await statesOf('access-token')).toEqual(['1 active', '2 published']);
    expect(await statesOf('credential-signing')).toEqual(['1 active', '2 published']);
    expect(await statesOf('root-certificate')).toEqual(['1 active']);
    now += DAY_MS;
    await due();
    await due();
    expect(await statesOf('access-token')).toEqual(['1 retired', '2 active']);
  });

  it('renews a leaf long before its certificate ends, whatever the age allowed', async () => {
    const { notAfter } = readCertificate((await signers()).credential.certificateChain[0]!);
    now = notAfter - 89 * DAY_MS;
    await due(3650);
    expect(await statesOf('credential-signing')).toEqual(['1 active', '2 published']);
    expect(await statesOf('access-token')).toEqual(['1 active']);
  });

  it('renews a root before leaves would be cut short by it, and leaves come from the new one', async () => {
    const [root] = await keysOf('root-certificate');
    now = readCertificate(root!.certificateChain[0]!).notAfter - 913 * DAY_MS;
    await due();
    expect(await statesOf('root-certificate')).toEqual(['1 active', '2 published']);
    now += DAY_MS;
    await due();
    expect(await statesOf('root-certificate')).toEqual(['1 retired', '2 active']);
    const { credential, rootCertificatesPem } = await signers();
    expect(rootCertificatesPem.match(/BEGIN CERTIFICATE/g)).toHaveLength(2);
    expect(readCertificate(credential.certificateChain[0]!).notAfter).toBeGreaterThan(now + 100 * DAY_MS);
  });
});

describe('a new key-encryption key', () => {
  it('takes over all private keys, so that the old one can go', async () => {
    await ensureSigningKeys(scope());
    const newKek = new Uint8Array(randomBytes(32));
    const both = new KeyEncryptionRing([newKek, kek]);
    const keyIds = (await db.signingKeys.find({}).toArray()).map(({ keyId }) => keyId).sort();
    const before = await revision();
    await rotateDueKeys({ ...scope({ ring: both }), maximumAgeDays: 90 });
    expect(await revision()).toBeGreaterThan(before);
    const keys = await db.signingKeys.find({}).toArray();
    expect(keys.map(({ keyId }) => keyId).sort()).toEqual(keyIds);
    const { credential } = issuerSigners({ keys, access: { ring: new KeyEncryptionRing([newKek]) } });
    expect((await credential.sign(Buffer.from('x'))).length).toBe(64);
    expect(() => issuerSigners({ keys: [...keys], access: { ring: new KeyEncryptionRing([kek]) } })).toThrow('does not unwrap');
  });
});
