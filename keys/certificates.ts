import 'reflect-metadata';
import { createPublicKey, randomBytes } from 'node:crypto';
import { isIP } from 'node:net';
import * as x509 from '@peculiar/x509';
import type { PublicJwk, Signer } from './signer.js';

const DAY_MS = 86_400_000;
/**
 * How far certificates reach back. More than an hour, so that a credential's times, rounded down to the hour
 * (SDV-12), never precede its certificate; the rest is for verifiers whose clock is slow.
 */
const BACKDATING_MS = 65 * 60_000;
const ROOT_YEARS = 10;
/** One day less than ISO 18013-5 allows a document signer (457), the backdating included. */
const LEAF_DAYS = 456;

export interface CertificateSubject {
  readonly issuerName: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
}

/**
 * A self-signed root of the issuer's own, for ten years.
 *
 * @param options.signer the root's key
 * @param options.now milliseconds since the epoch
 * @returns base64 DER
 */
export async function createRootCertificate({
  signer,
  issuerName,
  country,
  now,
}: CertificateSubject & { signer: Signer; now: number }): Promise<string> {
  const name = subjectName(`${cut(issuerName, 59)} Root`, country);
  const notAfter = new Date(now);
  notAfter.setUTCFullYear(notAfter.getUTCFullYear() + ROOT_YEARS);
  const key = spki(signer.publicJwk);
  return signCertificate(signer, {
    subject: name,
    issuer: name,
    publicKey: key,
    notBefore: wholeSeconds(now - BACKDATING_MS),
    notAfter: wholeSeconds(notAfter.getTime()),
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(key),
    ],
  });
}

export interface NewLeaf extends CertificateSubject {
  readonly root: { readonly signer: Signer; readonly certificate: string };
  /** The key that is certified. */
  readonly publicJwk: PublicJwk;
  /** Host name (or address) of the issuer. */
  readonly host: string;
  /** The credential issuer identifier. */
  readonly identifier: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * The certificate of a credential-signing key: digital signatures only, for at most 457 days and never beyond its root,
 * with the issuer's host and identifier as alternative names (SDV-05). It alone makes the chain in credentials (HAP-15).
 *
 * @returns base64 DER
 */
export async function createLeafCertificate({
  root,
  publicJwk,
  issuerName,
  country,
  host,
  identifier,
  now,
}: NewLeaf): Promise<string> {
  const rootCertificate = new x509.X509Certificate(root.certificate);
  const key = spki(publicJwk);
  return signCertificate(root.signer, {
    subject: subjectName(cut(issuerName, 64), country),
    issuer: rootCertificate.subjectName,
    publicKey: key,
    notBefore: wholeSeconds(Math.max(now - BACKDATING_MS, rootCertificate.notBefore.getTime())),
    notAfter: wholeSeconds(Math.min(now + LEAF_DAYS * DAY_MS, rootCertificate.notAfter.getTime())),
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      await x509.SubjectKeyIdentifierExtension.create(key),
      await x509.AuthorityKeyIdentifierExtension.create(rootCertificate.publicKey),
      new x509.SubjectAlternativeNameExtension([hostName(host), { type: 'url', value: identifier }]),
    ],
  });
}

/** What is read from a certificate. Times are milliseconds since the epoch. */
export interface CertificateFacts {
  readonly notBefore: number;
  readonly notAfter: number;
  /** Its alternative names that are URIs. */
  readonly uris: readonly string[];
}

/** @param certificate base64 DER */
export function readCertificate(certificate: string): CertificateFacts {
  const parsed = new x509.X509Certificate(certificate);
  const names = parsed.getExtension(x509.SubjectAlternativeNameExtension)?.names.items ?? [];
  return {
    notBefore: parsed.notBefore.getTime(),
    notAfter: parsed.notAfter.getTime(),
    uris: names.flatMap(({ type, value }) => (type === 'url' ? [value] : [])),
  };
}

type CertificateFields = Omit<x509.X509CertificateCreateWithKeyParams, 'signingKey' | 'signingAlgorithm' | 'serialNumber'>;

const ECDSA = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

/** Signs through the port, so that a root may live in an HSM: the library sees a crypto provider that can only sign. */
async function signCertificate(signer: Signer, fields: CertificateFields): Promise<string> {
  const subtle = {
    sign: async (_algorithm: unknown, _key: unknown, data: ArrayBuffer) => (await signer.sign(new Uint8Array(data))).buffer,
  };
  const certificate = await x509.X509CertificateGenerator.create(
    { ...fields, serialNumber: serialNumber(), signingAlgorithm: ECDSA, signingKey: { algorithm: ECDSA } },
    { subtle },
  );
  return Buffer.from(certificate.rawData).toString('base64');
}

/** 20 random bytes, positive and without leading zeros (RFC 5280 4.1.2.2). */
function serialNumber(): string {
  const bytes = randomBytes(20);
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes.toString('hex');
}

function spki({ kty, crv, x, y }: PublicJwk): x509.PublicKey {
  const der = createPublicKey({ key: { kty, crv, x, y }, format: 'jwk' }).export({ format: 'der', type: 'spki' });
  return new x509.PublicKey(new Uint8Array(der));
}

/** Built from typed values: a name parsed from a string would let an issuer's name add attributes. */
function subjectName(commonName: string, country: string): x509.Name {
  return new x509.Name([{ C: [{ printableString: country }] }, { CN: [{ utf8String: commonName }] }]);
}

/** X.520 ends a common name at 64 characters. */
function cut(text: string, length: number): string {
  return Array.from(text).slice(0, length).join('');
}

function hostName(host: string): { type: 'dns' | 'ip'; value: string } {
  const bare = host.replace(/^\[|\]$/g, '');
  return isIP(bare) === 0 ? { type: 'dns', value: bare } : { type: 'ip', value: bare };
}

function wholeSeconds(milliseconds: number): Date {
  return new Date(Math.floor(milliseconds / 1000) * 1000);
}
