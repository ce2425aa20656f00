import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mobileCertificateFacts } from '../../keys/certificate-facts.js';
import { hostCommonName } from '../../keys/certificate-names.js';
import { toPem } from '../../keys/certificate-pem.js';
import { createCertificateRequest } from '../../keys/certificate-request.js';
import { createCrl, revokedSerials, type RevokedCertificate } from '../../keys/crl.js';
import { createIacaCertificate, createSignerCertificate } from '../../keys/iaca-certificates.js';
import { iacaFaults } from '../../keys/iaca-faults.js';
import { signerFaults } from '../../keys/iaca-signer-faults.js';
import type { Signer } from '../../keys/signer.js';
import { openssl, OpensslAuthority } from './openssl-authority.js';
import { freshSigner } from './test-signers.js';

const DAY_MS = 86_400_000;
const NOW = Date.parse('2026-03-14T15:09:26.535Z');
const SUBJECT = { country: 'NZ', stateOrProvinceName: 'NZ-WGN', commonName: 'issuer.example IACA' };
const PLACE = { identifier: 'https://issuer.example/t1', crlUrl: 'https://issuer.example/t1/iacas/1/crl' };
const files = new OpensslAuthority();
afterAll(() => files.remove());

const fileOf = (certificate: string): string => files.write(toPem('CERTIFICATE', certificate));
const text = (certificate: string): string => openssl('x509', '-in', fileOf(certificate), '-noout', '-text');

let root: Signer;
let leaf: Signer;
let iaca: string;
let documentSigner: string;
const makeIaca = (more: { notBefore?: number; notAfter?: number } = {}): Promise<string> =>
  createIacaCertificate({ signer: root, subject: SUBJECT, notBefore: NOW, notAfter: NOW + 3650 * DAY_MS, ...PLACE, ...more });
const makeSigner = (more: Partial<Parameters<typeof createSignerCertificate>[0]> = {}): Promise<string> =>
  createSignerCertificate({
    kind: 'document-signer',
    iaca: { signer: root, certificate: iaca },
    publicJwk: leaf.publicJwk,
    subject: { ...SUBJECT, commonName: 'issuer.example Document Signer' },
    ...PLACE,
    now: NOW,
    ...more,
  });

beforeAll(async () => {
  [root, leaf] = [freshSigner(), freshSigner()];
  iaca = await makeIaca();
  documentSigner = await makeSigner();
});

/** Whether openssl takes a chain, with the revocation list where one is given. */
function verify(certificate: string, { crl, at = NOW }: { crl?: string; at?: number } = {}): string {
  const list =
    crl === undefined ? [] : ['-crl_check', '-CRLfile', files.write(openssl('crl', '-inform', 'DER', '-in', derFile(crl)))];
  const time = ['-attime', String(Math.floor(at / 1000) + 1)];
  try {
    return openssl('verify', '-x509_strict', ...time, '-CAfile', fileOf(iaca), ...list, fileOf(certificate)).replace(/.*: /s, '');
  } catch (error) {
    return /error \d+ at .*: (.*)/.exec((error as { stderr: string }).stderr)?.[1] ?? 'refused';
  }
}

const derFile = (base64: string): string => files.write(Buffer.from(base64, 'base64'));

describe('the IACA certificate', () => {
  it('is as ISO 18013-5 B.1.2 wants it', () => {
    const shown = text(iaca);
    expect(shown).toMatch(/Version: 3/);
    expect(shown).toContain('Issuer: C = NZ, ST = NZ-WGN, CN = issuer.example IACA\n');
    expect(shown).toContain('Subject: C = NZ, ST = NZ-WGN, CN = issuer.example IACA\n');
    expect(shown).toMatch(/X509v3 Basic Constraints: critical\s+CA:TRUE, pathlen:0\n/);
    expect(shown).toMatch(/X509v3 Key Usage: critical\s+Certificate Sign, CRL Sign\n/);
    expect(shown).toMatch(/X509v3 Issuer Alternative Name: *\n\s+URI:https:\/\/issuer\.example\/t1\n/);
    expect(shown).toMatch(
      /X509v3 CRL Distribution Points: *\n\s+Full Name:\s+URI:https:\/\/issuer\.example\/t1\/iacas\/1\/crl\n/,
    );
    expect(shown).toContain('X509v3 Subject Key Identifier');
    expect(shown).toContain('Signature Algorithm: ecdsa-with-SHA256');
    expect(iacaFaults({ certificate: iaca, now: NOW })).toEqual([]);
  });

  it('has names that are PrintableString, and a random serial number of 159 bits', async () => {
    const parsed = openssl('asn1parse', '-in', fileOf(iaca));
    expect(parsed.match(/PRINTABLESTRING/g)).toHaveLength(6);
    expect(parsed).not.toContain('UTF8STRING');
    const serials = [iaca, await makeIaca(), documentSigner].map((one) => mobileCertificateFacts(one).serialNumber);
    expect(new Set(serials).size).toBe(3);
    for (const serial of serials) expect(serial).toMatch(/^[4-7][0-9a-f]{39}$/);
  });

  it('may end after 2049, where X.509 writes times in another way', async () => {
    const late = await makeIaca({ notBefore: Date.parse('2035-01-01'), notAfter: Date.parse('2055-01-01') });
    expect(text(late)).toContain('Not After : Jan  1 00:00:00 2055 GMT');
    expect(mobileCertificateFacts(late).notAfter).toBe(Date.parse('2055-01-01'));
    expect(iacaFaults({ certificate: late, now: NOW })).toEqual([]);
  });
});

describe('the certificate of a document signer', () => {
  it('MDC-06 is verified by openssl in strict mode under its IACA, and is as ISO 18013-5 B.1.4 wants it', () => {
    expect(verify(documentSigner)).toBe('OK\n');
    const shown = text(documentSigner);
    expect(shown).toContain('Subject: C = NZ, ST = NZ-WGN, CN = issuer.example Document Signer\n');
    expect(shown).toMatch(/X509v3 Key Usage: critical\s+Digital Signature\n/);
    expect(shown).toMatch(/X509v3 Extended Key Usage: critical\s+1\.0\.18013\.5\.1\.2\n/);
    expect(shown).toMatch(/X509v3 Issuer Alternative Name: *\n\s+URI:https:\/\/issuer\.example\/t1\n/);
    expect(shown).toMatch(
      /X509v3 CRL Distribution Points: *\n\s+Full Name:\s+URI:https:\/\/issuer\.example\/t1\/iacas\/1\/crl\n/,
    );
    expect(shown).not.toContain('Basic Constraints');
    const identifier = /Subject Key Identifier: *\n\s+([0-9A-F:]{59})/.exec(text(iaca))?.[1];
    expect(/Authority Key Identifier: *\n\s+(?:keyid:)?([0-9A-F:]{59})/.exec(shown)?.[1]).toBe(identifier);
    const iacaCertificate = iaca;
    const answer = { kind: 'document-signer', certificate: documentSigner, iacaCertificate, publicJwk: leaf.publicJwk } as const;
    expect(signerFaults({ ...answer, now: NOW })).toEqual([]);
  });

  it('lives at most 457 days, and within its IACA', async () => {
    const { notBefore, notAfter } = mobileCertificateFacts(documentSigner);
    expect((notAfter - notBefore) / DAY_MS).toBe(456);
    expect(notBefore).toBe(mobileCertificateFacts(iaca).notBefore);
    const end = mobileCertificateFacts(iaca).notAfter;
    expect(mobileCertificateFacts(await makeSigner({ now: end - DAY_MS })).notAfter).toBe(end);
  });

  it('TSL-06 is alike for a status-list signer, with the extended key usage that is set or none', async () => {
    const none = await makeSigner({ kind: 'mobile-status-signer' });
    expect([verify(none), text(none).includes('Extended Key Usage')]).toEqual(['OK\n', false]);
    const set = await makeSigner({ kind: 'mobile-status-signer', statusSigningUsage: '1.3.6.1.5.5.7.3.9' });
    expect(text(set)).toMatch(/X509v3 Extended Key Usage: critical\s+OCSP Signing\n/);
  });

  it('has a common name of 64 characters at most, whatever the host', () => {
    expect(hostCommonName('[::1]', 'IACA')).toBe('::1 IACA');
    expect(hostCommonName(`${'a'.repeat(250)}.example`, 'Status List Signer')).toHaveLength(64);
  });
});

describe('a certificate request', () => {
  it('is verified by openssl, names the key and asks for the extensions', async () => {
    const pem = await createCertificateRequest({ signer: leaf, kind: 'document-signer', subject: SUBJECT });
    const shown = openssl('req', '-in', files.write(pem), '-verify', '-noout', '-text');
    expect(shown).toContain('Subject: C = NZ, ST = NZ-WGN, CN = issuer.example IACA\n');
    expect(shown).toMatch(/X509v3 Extended Key Usage: critical\s+1\.0\.18013\.5\.1\.2\n/);
    const shownKey = openssl('req', '-in', files.write(pem), '-pubkey', '-noout');
    expect(shownKey).toBe(openssl('x509', '-in', fileOf(documentSigner), '-pubkey', '-noout'));
  });

  it('TSL-06 for a status-list signer asks for the extended key usage that is set, or for none', async () => {
    const request = { signer: leaf, kind: 'mobile-status-signer', subject: SUBJECT } as const;
    const asked = async (statusSigningUsage?: string) =>
      openssl('req', '-in', files.write(await createCertificateRequest({ ...request, statusSigningUsage })), '-noout', '-text');
    expect(await asked()).not.toContain('Extended Key Usage');
    expect(await asked('1.3.6.1.5.5.7.3.9')).toMatch(/X509v3 Extended Key Usage: critical\s+OCSP Signing\n/);
  });
});

describe('a revocation list', () => {
  const list = (revoked: readonly RevokedCertificate[], number = 1): Promise<string> =>
    createCrl({
      iaca: { signer: root, certificate: iaca },
      number,
      thisUpdate: NOW,
      nextUpdate: NOW + 30 * DAY_MS,
      revoked,
    });
  const shown = (crl: string): string => openssl('crl', '-inform', 'DER', '-in', derFile(crl), '-noout', '-text');

  it('leaves openssl content with what is not on it, and refuses what is', async () => {
    const { serialNumber } = mobileCertificateFacts(documentSigner);
    expect(verify(documentSigner, { crl: await list([]) })).toBe('OK\n');
    const crl = await list([{ serialNumber, revokedAt: NOW - DAY_MS, reason: 'keyCompromise' }]);
    expect(verify(documentSigner, { crl })).toBe('certificate revoked');
    expect(verify(await makeSigner(), { crl })).toBe('OK\n');
    expect([...revokedSerials(crl)]).toEqual([serialNumber]);
    expect(shown(crl)).toMatch(
      /Revocation Date: Mar 13 15:09:26 2026 GMT\s+CRL entry extensions:\s+X509v3 CRL Reason Code: *\s+Key Compromise/,
    );
  });

  it('is version 2, of the IACA, numbered and bounded in time', async () => {
    const crl = await list([], 0x80ff);
    expect(shown(crl)).toContain('Version 2 (0x1)');
    expect(shown(crl)).toContain('Issuer: C = NZ, ST = NZ-WGN, CN = issuer.example IACA');
    expect(shown(crl)).toMatch(/Last Update: Mar 14 15:09:26 2026 GMT\s+Next Update: Apr 13 15:09:26 2026 GMT/);
    expect(shown(crl)).toMatch(/X509v3 CRL Number: *\n\s+33023\n/);
    expect(openssl('crl', '-inform', 'DER', '-in', derFile(crl), '-CAfile', fileOf(iaca), '-noout', '-crlnumber')).toContain(
      '0x80FF',
    );
    expect(verify(documentSigner, { crl, at: NOW + 31 * DAY_MS })).toBe('CRL has expired');
  });

  it('has no empty extensions where no reason is told', async () => {
    const crl = await list([{ serialNumber: mobileCertificateFacts(documentSigner).serialNumber, revokedAt: NOW }]);
    expect(openssl('asn1parse', '-inform', 'DER', '-in', derFile(crl))).not.toMatch(/l= +0 cons: SEQUENCE/);
    expect(verify(documentSigner, { crl })).toBe('certificate revoked');
  });
});

describe('a key store that signs badly', () => {
  const bad = (sign: Signer['sign']): Signer => ({ ...root, sign });

  it.each([
    ['a signature over other data', (data: Uint8Array) => root.sign(Buffer.concat([data, Buffer.from('x')]))],
    ['a signature of another key', (data: Uint8Array) => leaf.sign(data)],
    ['garbage', () => Promise.resolve(new Uint8Array(64))],
  ])('gives no certificate, request or revocation list out with %s', async (_name, sign) => {
    const signer = bad(sign);
    const wrong = { name: 'SignerError', retryable: true };
    const certified = { iaca: { signer, certificate: iaca } };
    await expect(
      createIacaCertificate({ signer, subject: SUBJECT, notBefore: NOW, notAfter: NOW + DAY_MS, ...PLACE }),
    ).rejects.toMatchObject(wrong);
    await expect(makeSigner(certified)).rejects.toMatchObject(wrong);
    await expect(createCertificateRequest({ signer, kind: 'document-signer', subject: SUBJECT })).rejects.toMatchObject(wrong);
    await expect(createCrl({ ...certified, number: 1, thisUpdate: NOW, nextUpdate: NOW + 1, revoked: [] })).rejects.toMatchObject(
      wrong,
    );
  });

  it('may give a signature that is part of a larger buffer', async () => {
    const signer = bad(async (data) => {
      const larger = new Uint8Array(200).fill(7);
      larger.set(await root.sign(data), 50);
      return larger.subarray(50, 114);
    });
    expect(verify(await makeSigner({ iaca: { signer, certificate: iaca } }))).toBe('OK\n');
  });
});
