import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCertificate } from '../../keys/certificates.js';
import { ISSUER, makeIssuerKeys, makeLeaf, NOW, toPem, type IssuerKeys } from './issuer-keys.js';

const folder = mkdtempSync(join(tmpdir(), 'chancery-certificates-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let keys: IssuerKeys;
let rootFile: string;
let leafFile: string;
beforeAll(async () => {
  keys = await makeIssuerKeys();
  rootFile = write('root.pem', keys.root.certificateChain[0]!);
  leafFile = write('leaf.pem', keys.leaf.certificateChain[0]!);
});

function write(name: string, certificate: string): string {
  const file = join(folder, name);
  writeFileSync(file, toPem(certificate));
  return file;
}

function openssl(...options: string[]): string {
  return execFileSync('openssl', options, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

function verifyChain({ root, leaf, at = NOW }: { root: string; leaf: string; at?: number }): string {
  return openssl('verify', '-x509_strict', '-attime', String(Math.floor(at / 1000)), '-CAfile', root, leaf).trim();
}

const text = (file: string): string => openssl('x509', '-in', file, '-noout', '-text');
const certificate = (file: string): X509Certificate => new X509Certificate(openssl('x509', '-in', file));
const days = (milliseconds: number): number => milliseconds / 86_400_000;

describe('the chain', () => {
  it('HAP-15 is verified by openssl in strict mode, from leaf to root', () => {
    expect(verifyChain({ root: rootFile, leaf: leafFile })).toBe(`${leafFile}: OK`);
  });

  it('HAP-15 has a leaf that is not self-signed, and no root in it', () => {
    expect(keys.leaf.certificateChain).toHaveLength(1);
    expect(keys.leaf.certificateChain).not.toContain(keys.root.certificateChain[0]);
    expect(certificate(leafFile).checkIssued(certificate(leafFile))).toBe(false);
    expect(certificate(leafFile).checkIssued(certificate(rootFile))).toBe(true);
  });

  it('does not verify under the root of another issuer of the same name', async () => {
    const other = write('other.pem', (await makeIssuerKeys()).root.certificateChain[0]!);
    expect(() => verifyChain({ root: other, leaf: leafFile })).toThrow();
  });

  it('holds an hour before it was made, for credential times that are rounded down', () => {
    expect(verifyChain({ root: rootFile, leaf: leafFile, at: NOW - 3_600_000 })).toContain('OK');
  });
});

describe('the root', () => {
  it('is a certificate authority for leaves alone, for ten years', () => {
    const shown = text(rootFile);
    expect(shown).toMatch(/X509v3 Basic Constraints: critical\s+CA:TRUE, pathlen:0/);
    expect(shown).toMatch(/X509v3 Key Usage: critical\s+Certificate Sign, CRL Sign\n/);
    expect(shown).toContain('X509v3 Subject Key Identifier');
    expect(shown).toContain('Subject: C = NZ, CN = Ministry of Tests Root\n');
    expect(certificate(rootFile).verify(certificate(rootFile).publicKey)).toBe(true);
    expect(certificate(rootFile).validTo).toBe('Mar 14 15:09:26 2036 GMT');
  });

  it('cannot be stood in for by a leaf: openssl refuses a chain of leaves', async () => {
    const below = await makeLeaf({ root: keys.leaf, ring: keys.ring });
    const bundle = join(folder, 'bundle.pem');
    writeFileSync(bundle, toPem(keys.root.certificateChain[0]!) + toPem(keys.leaf.certificateChain[0]!));
    expect(() => verifyChain({ root: bundle, leaf: write('below.pem', below.certificateChain[0]!) })).toThrow();
  });
});

describe('the leaf', () => {
  it('SDV-05 names the issuer by host and by identifier', () => {
    expect(text(leafFile)).toMatch(/DNS:issuer\.example, URI:https:\/\/issuer\.example\/t1\n/);
    expect(readCertificate(keys.leaf.certificateChain[0]!).uris).toEqual([ISSUER]);
  });

  it('signs data and nothing else, with key identifiers that match', () => {
    const shown = text(leafFile);
    expect(shown).toMatch(/X509v3 Key Usage: critical\s+Digital Signature\n/);
    expect(shown).toMatch(/CA:FALSE/);
    const own = /Subject Key Identifier:\s+([0-9A-F:]{59})/.exec(text(rootFile))?.[1];
    expect(own).toBeDefined();
    expect(/Authority Key Identifier:\s+(?:keyid:)?([0-9A-F:]{59})/.exec(shown)?.[1]).toBe(own);
  });

  it('certifies the key it was made for', () => {
    expect(certificate(leafFile).publicKey.export({ format: 'jwk' })).toEqual(keys.leaf.publicJwk);
  });

  it('lives at most 457 days', () => {
    const { notBefore, notAfter } = readCertificate(keys.leaf.certificateChain[0]!);
    expect(notBefore).toBeLessThanOrEqual(NOW - 3_600_000);
    expect(days(notAfter - notBefore)).toBeGreaterThan(455);
    expect(days(notAfter - notBefore)).toBeLessThanOrEqual(457);
  });

  it('never outlives its root, and never begins before it', async () => {
    const rootFacts = readCertificate(keys.root.certificateChain[0]!);
    const late = await makeLeaf({ root: keys.root, ring: keys.ring, now: rootFacts.notAfter - 86_400_000 });
    expect(readCertificate(late.certificateChain[0]!).notAfter).toBe(rootFacts.notAfter);
    const early = await makeLeaf({ root: keys.root, ring: keys.ring, now: NOW - 600_000 });
    expect(readCertificate(early.certificateChain[0]!).notBefore).toBe(rootFacts.notBefore);
  });

  it.each([
    ['a host name', 'localhost', 'DNS:localhost'],
    ['an IPv4 address', '127.0.0.1', 'IP Address:127.0.0.1'],
    ['an IPv6 address as URLs write it', '[::1]', 'IP Address:0:0:0:0:0:0:0:1'],
  ])('names %s', async (_name, host, expected) => {
    const leaf = await makeLeaf({ root: keys.root, ring: keys.ring, host, identifier: `http://${host}:3000` });
    expect(text(write('host.pem', leaf.certificateChain[0]!))).toContain(`${expected}, URI:http://${host}:3000\n`);
  });
});

describe('names and numbers', () => {
  it('has 20-byte positive serial numbers that differ', async () => {
    const serials = new Set<string>();
    for (const { root, leaf } of [keys, await makeIssuerKeys(), await makeIssuerKeys()]) {
      for (const { certificateChain } of [root, leaf]) {
        const serial = certificate(write('serial.pem', certificateChain[0]!)).serialNumber;
        expect(serial).toMatch(/^[4-7][0-9A-F]{39}$/);
        serials.add(serial);
      }
    }
    expect(serials.size).toBe(6);
  });

  it("takes an issuer's name as it is: no attribute can be added by it, and length has an end", async () => {
    const issuerName = `O=Evil, CN="x"+OU=y #00 Ü😀\\, ${'long '.repeat(30)}`;
    const other = await makeIssuerKeys({ subject: { issuerName, country: 'DE' } });
    const subject = certificate(write('name.pem', other.leaf.certificateChain[0]!)).toLegacyObject().subject as unknown as Record<
      string,
      string
    >;
    expect(Object.keys(subject)).toEqual(['C', 'CN']);
    expect(subject.CN).toBe(Array.from(issuerName).slice(0, 64).join(''));
    const root = write('name-root.pem', other.root.certificateChain[0]!);
    expect(verifyChain({ root, leaf: write('name.pem', other.leaf.certificateChain[0]!) })).toContain('OK');
  });
});
