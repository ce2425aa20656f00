import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyCredential } from '../../scripts/demo/verify-credential.js';
import { useSharedSystem } from '../harness/use-system.js';
import { IssuerBackend, PERSON } from './issuer-backend.js';
import { LIBRARIES, LibraryWallet, type Collection } from './library-wallet.js';

const system = useSharedSystem();
const folder = mkdtempSync(join(tmpdir(), 'chancery-openssl-'));
let backend: IssuerBackend;
let configurationId: string;

beforeAll(async () => {
  backend = await IssuerBackend.login(system());
  configurationId = await backend.configuration();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const BY_REFERENCE = { credentialOfferMode: 'reference' };

/** Each credential of a collection, verified by `@sd-jwt/sd-jwt-vc` against what the issuer publishes. */
const verifyAll = ({ credentials, holderKeys, issuer }: Collection) =>
  Promise.all(
    credentials.map((credential, index) => verifyCredential({ credential, issuer, holderKey: holderKeys[index] ?? {} })),
  );

describe.each(LIBRARIES)('a wallet built on %s', (_name, library) => {
  const variants = [false, true].flatMap((byReference) =>
    [false, true].flatMap((withTransactionCode) => [false, true].map((dpop) => ({ byReference, withTransactionCode, dpop }))),
  );

  it.each(variants)(
    'OFR-11 TOK-02 TOK-13 CRD-12 NOT-04 collects and verifies: by reference $byReference, transaction code $withTransactionCode, DPoP $dpop',
    async ({ byReference, withTransactionCode, dpop }) => {
      const offer = await backend.offer([configurationId], {
        ...(byReference ? BY_REFERENCE : {}),
        ...(withTransactionCode
          ? { transactionCodeConfiguration: { inputMode: 'numeric', description: 'From the letter' } }
          : {}),
      });
      expect(new URL(offer.uri).searchParams.has('credential_offer_uri')).toBe(byReference);
      const wallet = new LibraryWallet(library);
      const collection = await wallet.collect(offer.uri, {
        dpop,
        ...(offer.transactionCode === undefined ? {} : { transactionCode: offer.transactionCode }),
      });
      expect(collection.tokenType).toBe(dpop ? 'DPoP' : 'Bearer');
      expect(collection.issuer).toBe(system().url);
      expect(collection.notificationStatus).toBe(204);
      const [verified] = await verifyAll(collection);
      expect(collection.credentials).toHaveLength(1);
      expect(verified?.payload).toMatchObject(PERSON);
    },
  );

  it('CRD-12 CRD-21 collects a batch: one credential for each key, in order, with salts of their own', async () => {
    const { uri } = await backend.offer([configurationId]);
    const collection = await new LibraryWallet(library).collect(uri, { keys: 4 });
    expect(collection.credentials).toHaveLength(4);
    const verified = await verifyAll(collection);
    for (const { payload } of verified) expect(payload).toMatchObject(PERSON);
    const disclosures = collection.credentials.flatMap((credential) => credential.split('~').slice(1, -1));
    expect(new Set(disclosures).size).toBe(disclosures.length);
  });

  it('TOK-10 sees in the offer that a transaction code is needed', async () => {
    const { uri } = await backend.offer([configurationId], {
      transactionCodeConfiguration: { inputMode: 'numeric', description: 'From the letter' },
    });
    const wallet = new LibraryWallet(library);
    await expect(wallet.collect(uri)).rejects.toThrow(/tx_code/);
  });

  it('TOK-11 learns of a wrong transaction code as invalid_grant', async () => {
    const { uri, transactionCode = '' } = await backend.offer([configurationId], {
      transactionCodeConfiguration: { inputMode: 'numeric' },
    });
    const wrong = transactionCode === '000000' ? '000001' : '000000';
    const wallet = new LibraryWallet(library);
    await expect(wallet.collect(uri, { transactionCode: wrong })).rejects.toMatchObject({
      errorResponse: { error: 'invalid_grant' },
    });
    expect((await wallet.collect(uri, { transactionCode })).credentials).toHaveLength(1);
  });

  it('a second wallet with the same offer gets invalid_grant', async () => {
    const { uri } = await backend.offer([configurationId]);
    await new LibraryWallet(library).collect(uri);
    await expect(new LibraryWallet(library).collect(uri)).rejects.toMatchObject({ errorResponse: { error: 'invalid_grant' } });
  });
});

describe('the credential', () => {
  const collectOne = async () => {
    const { uri } = await backend.offer([configurationId]);
    return new LibraryWallet(LIBRARIES[0]?.[1] as never).collect(uri);
  };
  const pem = (der: string) => `-----BEGIN CERTIFICATE-----\n${der.replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`;
  const openssl = (...args: string[]) =>
    execFileSync('openssl', args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

  it('SDV-05 has a chain that openssl verifies up to the published root, and whose key openssl finds in the signature', async () => {
    const { credentials } = await collectOne();
    const [jwt = ''] = (credentials[0] ?? '').split('~');
    const chain = decodeProtectedHeader(jwt).x5c ?? [];
    const { certificateChain = [] } =
      (await system().db.signingKeys.findOne({ issuerId: 'default', purpose: 'root-certificate' })) ?? {};
    writeFileSync(join(folder, 'root.pem'), certificateChain.map(pem).join(''));
    writeFileSync(join(folder, 'chain.pem'), chain.map(pem).join(''));
    expect(
      openssl(
        'verify',
        '-x509_strict',
        '-CAfile',
        'root.pem',
        '-untrusted',
        'chain.pem',
        '-verify_hostname',
        'localhost',
        'chain.pem',
      ),
    ).toContain('chain.pem: OK');

    openssl('x509', '-in', 'chain.pem', '-noout', '-pubkey', '-out', 'key.pem');
    const [header = '', payload = '', signature = ''] = jwt.split('.');
    writeFileSync(join(folder, 'signed'), `${header}.${payload}`);
    writeFileSync(join(folder, 'signature'), derSignature(Buffer.from(signature, 'base64url')));
    expect(openssl('dgst', '-sha256', '-verify', 'key.pem', '-signature', 'signature', 'signed')).toContain('Verified OK');
  });

  it('fails verification when a disclosure or a claim is changed, or when it is bound to another key', async () => {
    const { credentials, holderKeys, issuer } = await collectOne();
    const [credential = ''] = credentials;
    const [holderKey = {}] = holderKeys;
    const parts = credential.split('~');
    const [jwt = '', first = '', ...rest] = parts;
    const [salt, name] = JSON.parse(Buffer.from(first, 'base64url').toString('utf8')) as [string, string];
    const forged = Buffer.from(JSON.stringify([salt, name, 'Impostor'])).toString('base64url');
    await expect(verifyCredential({ credential: [jwt, forged, ...rest].join('~'), issuer, holderKey })).rejects.toThrow(
      'disclosures',
    );
    const [header = '', payload = '', signature = ''] = jwt.split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as Record<string, unknown>;
    const changed = Buffer.from(JSON.stringify({ ...claims, exp: 4_000_000_000 })).toString('base64url');
    await expect(
      verifyCredential({ credential: [[header, changed, signature].join('.'), first, ...rest].join('~'), issuer, holderKey }),
    ).rejects.toThrow('signature');
    const stranger = (await new LibraryWallet(LIBRARIES[0]?.[1] as never).newKey()).publicJwk;
    await expect(verifyCredential({ credential, issuer, holderKey: stranger as never })).rejects.toThrow("another's key");
  });

  it('SEC-08 holds nothing in clear that the mappings make disclosable', async () => {
    const { credentials } = await collectOne();
    const payload = Buffer.from((credentials[0] ?? '').split('.')[1] ?? '', 'base64url').toString('utf8');
    for (const value of [PERSON.given_name, PERSON.family_name, PERSON.address.locality]) expect(payload).not.toContain(value);
  });
});

/** ECDSA's `r || s` as the DER structure openssl reads. */
function derSignature(raw: Buffer): Buffer {
  const integer = (bytes: Buffer) => {
    let start = 0;
    while (start < bytes.length - 1 && bytes[start] === 0) start += 1;
    const trimmed = bytes.subarray(start);
    const value = (trimmed[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), trimmed]) : trimmed;
    return Buffer.concat([Buffer.from([2, value.length]), value]);
  };
  const body = Buffer.concat([integer(raw.subarray(0, 32)), integer(raw.subarray(32))]);
  return Buffer.concat([Buffer.from([0x30, body.length]), body]);
}
