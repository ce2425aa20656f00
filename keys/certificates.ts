import 'reflect-metadata';
import * as x509 from '@peculiar/x509';
import { cut, hostName, subjectName } from './certificate-names.js';
import { BACKDATING_MS, signCertificate, spki, wholeSeconds } from './certificate-signing.js';
import type { PublicJwk, Signer } from './signer.js';

const DAY_MS = 86_400_000;
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
  /** An extended key usage, OID. */
  readonly extendedUsage?: string | undefined;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * The certificate of a credential-signing or status-list-signing key: digital signatures only, for at most 457 days and never beyond its root,
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
  extendedUsage,
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
      ...(extendedUsage === undefined ? [] : [new x509.ExtendedKeyUsageExtension([extendedUsage])]),
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
