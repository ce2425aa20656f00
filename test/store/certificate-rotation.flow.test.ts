import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toPem } from '../../keys/certificate-pem.js';
import { certifiedSigner } from '../../keys/credential-signers.js';
import { KeyEncryptionRing } from '../../keys/key-encryption.js';
import { makeManagedIaca } from '../../store/certificate-iacas.js';
import { renewSigners } from '../../store/certificate-renewal.js';
import { revokeManagedSigner } from '../../store/certificate-revocation.js';
import { rotateCertificateSigners, signDueCrls } from '../../store/certificate-rotation.js';
import { openDatabase, type Database } from '../../store/database.js';
import { ensureDefaultIssuer } from '../../store/default-issuer.js';
import type { MobileConfigurationDocument } from '../../store/configuration-documents.js';
import type { CertificateSignerDocument, IacaDocument } from '../../store/identity-documents.js';
import { DEFAULT_ISSUER_ID, IssuerDirectory } from '../../store/issuer-directory.js';
import type { KeyScope } from '../../store/signing-keys.js';
import { useSharedSystem } from '../harness/use-system.js';
import { openssl, OpensslAuthority } from '../keys/openssl-authority.js';
import { dyingAfter } from './dying-database.js';

const system = useSharedSystem();
const WRITTEN = ['issuers', 'signingKeys', 'certificateSigners', 'iacas'] as const;
const DAY_MS = 86_400_000;
const START = Date.parse('2026-03-14T15:09:26.535Z');
const ring = new KeyEncryptionRing([new Uint8Array(randomBytes(32))]);
const files = new OpensslAuthority();
afterAll(() => files.remove());

let db: Database;
let now: number;
let iaca: IacaDocument;
beforeEach(async () => {
  now = START;
  db = openDatabase({ uri: system().mongoUri, name: `certificates_${randomBytes(6).toString('hex')}` });
  await ensureDefaultIssuer({ db, name: 'Ministry of Tests', country: 'NZ', now });
  iaca = await addIaca();
});
afterEach(() => db.close());

/** What one process brings along. */
const scope = (more: Partial<KeyScope> = {}): KeyScope => ({
  db,
  directory: new IssuerDirectory({ db }),
  ring,
  issuerId: DEFAULT_ISSUER_ID,
  host: 'issuer.example',
  identifier: 'https://issuer.example',
  now,
  ...more,
});

async function addIaca({ years = 10, active = true } = {}): Promise<IacaDocument> {
  const subject = { country: 'NZ', commonName: 'issuer.example IACA' };
  const times = { notBefore: now, notAfter: now + years * 365 * DAY_MS };
  const made = { ...(await makeManagedIaca(scope(), { iacaId: randomUUID(), subject, ...times })), active };
  await db.iacas.insertOne(made);
  return made;
}

const signers = async (kind: CertificateSignerDocument['kind'] = 'document-signer') =>
  (await db.certificateSigners.find({ kind, iacaId: iaca._id }).toArray()).sort((a, b) => a.generation! - b.generation!);
const generations = async (kind?: CertificateSignerDocument['kind']) =>
  (await signers(kind)).map(({ generation, active }) => `${generation!} ${active ? 'active' : 'inactive'}`);
const used = async (kind: CertificateSignerDocument['kind'] = 'document-signer') => {
  const records = {
    iacas: await db.iacas.find({}).toArray(),
    certificateSigners: await db.certificateSigners.find({}).toArray(),
  };
  return certifiedSigner(records, { kind, now })?.generation;
};
const revision = async () => (await db.issuers.findOne({ _id: DEFAULT_ISSUER_ID }))!.revision;
const crl = async () => (await db.iacas.findOne({ _id: iaca._id }))!.crl!;

/** Goes through the days as a schedule does. */
const live = async (days: number, everyDays = 1): Promise<void> => {
  const end = now + days * DAY_MS;
  while (now < end) {
    now = Math.min(now + everyDays * DAY_MS, end);
    await rotateCertificateSigners(scope());
    await signDueCrls(scope());
  }
};

function verify(certificate: string, list: string): string {
  const crlFile = files.write(openssl('crl', '-inform', 'DER', '-in', files.write(Buffer.from(list, 'base64'))));
  const root = files.write(toPem('CERTIFICATE', iaca.certificate));
  const options = ['-crl_check', '-attime', String(Math.floor(now / 1000) + 1), '-CAfile', root, '-CRLfile', crlFile];
  try {
    return openssl('verify', ...options, files.write(toPem('CERTIFICATE', certificate)))
      .replace(/.*: /s, '')
      .trim();
  } catch (error) {
    return /error \d+ at .*: (.*)/.exec((error as { stderr: string }).stderr)?.[1] ?? 'refused';
  }
}

describe('the signers of an active managed IACA', () => {
  it('stay as they are as long as they are young enough', async () => {
    now = START + 90 * DAY_MS - 1;
    const before = [await db.certificateSigners.find({}).toArray(), await revision()];
    await rotateCertificateSigners(scope());
    expect([await db.certificateSigners.find({}).toArray(), await revision()]).toEqual(before);
  });

  it.each(['document-signer', 'mobile-status-signer'] as const)(
    'are renewed after 90 days, the old %s staying valid',
    async (kind) => {
      now = START + 90 * DAY_MS;
      const before = await revision();
      await rotateCertificateSigners(scope());
      expect(await generations(kind)).toEqual(['1 active', '2 active']);
      expect(await used(kind)).toBe(2);
      expect(await revision()).toBeGreaterThan(before);
      for (const { certificate } of await signers(kind)) expect(verify(certificate!, (await crl()).der)).toBe('CRL has expired');
      await signDueCrls(scope());
      for (const { certificate } of await signers(kind)) expect(verify(certificate!, (await crl()).der)).toBe('OK');
    },
  );

  it('are made once by many processes at once', async () => {
    now = START + 100 * DAY_MS;
    await Promise.all(Array.from({ length: 6 }, () => rotateCertificateSigners(scope())));
    expect(await generations()).toEqual(['1 active', '2 active']);
    expect(await generations('mobile-status-signer')).toEqual(['1 active', '2 active']);
    const keys = await db.signingKeys.find({ purpose: 'document-signer' }).toArray();
    for (const { certificate, keyRef } of await signers()) {
      const shown = openssl('x509', '-in', files.write(toPem('CERTIFICATE', certificate!)), '-noout', '-pubkey');
      const { x } = keys.find(({ _id }) => _id === keyRef)!.publicJwk;
      expect(Buffer.from(shown.replace(/-----.*-----|\n/g, ''), 'base64').includes(Buffer.from(x, 'base64url'))).toBe(true);
    }
  });

  it('are retired at their end, their private keys destroyed, and forgotten in the end: there are never many', async () => {
    await live(700, 25);
    const all = await signers();
    expect(all.length).toBeLessThanOrEqual(8);
    expect(all[0]!.generation).toBeGreaterThan(1);
    const [ended, inUse] = [all.filter(({ notAfter }) => notAfter! <= now), all.filter(({ notAfter }) => now < notAfter!)];
    expect(ended.length).toBeGreaterThan(0);
    for (const { keyRef, active, retiredAt } of ended) {
      expect([active, retiredAt]).toEqual([false, expect.any(Number)]);
      expect(await db.signingKeys.findOne({ _id: keyRef })).toBeNull();
    }
    for (const { keyRef, active } of inUse) {
      expect(active).toBe(true);
      expect(await db.signingKeys.findOne({ _id: keyRef })).not.toBeNull();
    }
  });

  it('live as long as the credentials do: a configuration of 427 days has a signer that ends later for at all times', async () => {
    const configuration = { profile: 'mobile', type: 'org.iso.18013.5.1.mDL', claimMappings: {}, holderBinding: true };
    const common = { issuerId: DEFAULT_ISSUER_ID, createdAt: new Date(START), updatedAt: new Date(START) };
    const mobile = { ...common, ...configuration, expiresIn: { days: 427 }, _id: randomUUID() } as MobileConfigurationDocument;
    await db.credentialConfigurations.insertOne(mobile);
    for (let day = 0; day < 100; day += 4) {
      await live(4, 4);
      const newest = (await signers()).at(-1)!;
      expect(newest.notAfter! - now).toBeGreaterThanOrEqual(427 * DAY_MS - 3_600_000);
    }
    expect(await generations()).toHaveLength(4);
    expect(await generations('mobile-status-signer')).toHaveLength(2);
  });

  it('are not renewed where the IACA ends as soon, nor where it has ended or is inactive', async () => {
    for (const options of [{ years: 1 }, { active: false }]) {
      iaca = await addIaca(options);
      await rotateCertificateSigners(scope({ now: now + 200 * DAY_MS }));
      expect(await generations()).toEqual(['1 active']);
    }
    now += 366 * DAY_MS;
    expect(await renewSigners(scope(), (await addIaca({ years: 0 })) satisfies IacaDocument)).toBe(false);
  });

  it('are made good after a crash between any two writes', async () => {
    now = START + 100 * DAY_MS;
    for (let writes = 1; writes <= 5; writes += 1) {
      const dying = dyingAfter(db, writes, WRITTEN);
      await rotateCertificateSigners(scope({ db: dying, directory: new IssuerDirectory({ db: dying }) })).catch(
        (error: unknown) => {
          expect(error).toMatchObject({ message: 'the process is dead' });
        },
      );
      await rotateCertificateSigners(scope());
      expect(await used()).toBe(writes + 1);
      expect(await generations()).toHaveLength(writes + 1);
      const living = (await signers()).filter(({ notAfter }) => now < notAfter!).map(({ keyRef }) => keyRef);
      const keys = await db.signingKeys.find({ purpose: 'document-signer' }).toArray();
      expect(keys.map(({ _id }) => _id).sort()).toEqual(living.sort());
      now += 91 * DAY_MS;
    }
  });

  it('are replaced where the key of the one in use is lost', async () => {
    const [{ keyRef } = { keyRef: '' }] = await signers();
    await db.signingKeys.deleteOne({ _id: keyRef });
    now += DAY_MS;
    await rotateCertificateSigners(scope());
    expect([await generations(), await used()]).toEqual([['1 active', '2 active'], 2]);
  });
});

describe('what a process that died left behind', () => {
  it('is gone after an hour: keys of no record, and signers of no IACA', async () => {
    await db.iacas.deleteOne({ _id: iaca._id });
    await rotateCertificateSigners(scope());
    expect(await signers()).toHaveLength(1);
    now += 3_600_000;
    await rotateCertificateSigners(scope());
    expect(await signers()).toHaveLength(0);
    await rotateCertificateSigners(scope());
    expect(await db.signingKeys.countDocuments({})).toBe(0);
  });
});

describe('the revocation list', () => {
  it('is signed anew when half its life is over, with the next number', async () => {
    const first = await crl();
    expect(first).toMatchObject({ number: 1, thisUpdate: START, nextUpdate: START + 30 * DAY_MS });
    now = START + 15 * DAY_MS - 1;
    await signDueCrls(scope());
    expect(await crl()).toEqual(first);
    now += 1;
    await Promise.all(Array.from({ length: 4 }, () => signDueCrls(scope())));
    const { number, thisUpdate } = await crl();
    expect(number).toBeGreaterThan(1);
    expect(thisUpdate).toBe(now);
    const settled = await crl();
    await signDueCrls(scope());
    expect(await crl()).toEqual(settled);
  });

  it('is signed for an inactive IACA too, as long as it lives', async () => {
    await db.iacas.updateOne({ _id: iaca._id }, { $set: { active: false } });
    await live(20, 5);
    expect((await crl()).number).toBe(2);
    now = iaca.notAfter;
    await signDueCrls(scope());
    expect((await crl()).number).toBe(2);
  });

  it('has what was revoked, even where the process died before it could be signed', async () => {
    const [signer] = await signers();
    const dying = dyingAfter(db, 1, WRITTEN);
    const died = revokeManagedSigner(scope({ db: dying }), { iaca, signer: signer!, reason: 'keyCompromise' });
    await expect(died).rejects.toThrow('the process is dead');
    expect(verify(signer!.certificate!, (await crl()).der)).toBe('OK');
    now += 60_000;
    await signDueCrls(scope());
    await rotateCertificateSigners(scope());
    expect(verify(signer!.certificate!, (await crl()).der)).toBe('certificate revoked');
    expect([await generations(), await used()]).toEqual([['1 inactive', '2 active'], 2]);
    now += 3_600_000;
    await rotateCertificateSigners(scope());
    expect(await db.signingKeys.findOne({ _id: signer!.keyRef })).toBeNull();
  });

  it('has everything that many processes revoke at once', async () => {
    for (let more = 0; more < 3; more += 1) {
      now += 91 * DAY_MS;
      await rotateCertificateSigners(scope());
    }
    const all = [...(await signers()), ...(await signers('mobile-status-signer'))];
    expect(all).toHaveLength(8);
    await Promise.all(all.map((signer) => revokeManagedSigner(scope(), { iaca, signer, reason: undefined })));
    const { der } = await crl();
    for (const { certificate } of all) expect(verify(certificate!, der)).toBe('certificate revoked');
    expect(await generations()).toEqual([...[1, 2, 3, 4].map((generation) => `${generation} inactive`), '5 active']);
  });
});
