import 'reflect-metadata';
import { X509Certificate } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import { LONGEST_IACA_YEARS } from './iaca-certificates.js';

const CURVES: readonly unknown[] = ['prime256v1', 'secp384r1', 'secp521r1'];
const HASHES: readonly unknown[] = ['SHA-256', 'SHA-384', 'SHA-512'];
const ROOT_USAGES: number = x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign;

/**
 * What keeps an outside certificate from being an IACA root (ISO 18013-5 B.1.2), each as a sentence without its subject;
 * empty where it can be one. One whose time is yet to come can.
 *
 * @param options.certificate base64 DER of a certificate
 * @param options.now milliseconds since the epoch
 */
export function iacaFaults({ certificate, now }: { certificate: string; now: number }): string[] {
  const der = Buffer.from(certificate, 'base64');
  return readable(() => {
    const [native, parsed] = [new X509Certificate(der), new x509.X509Certificate(der)];
    return [...keyFaults(native, parsed), ...extensionFaults(parsed), ...timeFaults(parsed, now), ...nameFaults(parsed)];
  });
}

/** The faults, or that of a certificate whose parts cannot be read. */
export function readable(faults: () => string[]): string[] {
  try {
    return faults();
  } catch {
    return ['has a part that cannot be read: a key, a name or an extension is malformed or of an unknown kind'];
  }
}

/** Mobile credentials' certificates are signed with elliptic-curve keys. */
export function signatureFaults({ signatureAlgorithm }: x509.X509Certificate): string[] {
  const { name, hash } = signatureAlgorithm as { readonly name?: unknown; readonly hash?: { readonly name?: unknown } };
  const isStrong = name === 'ECDSA' && HASHES.includes(hash?.name);
  return unless(isStrong, 'must be signed with ECDSA and SHA-256, SHA-384 or SHA-512');
}

function keyFaults(native: X509Certificate, parsed: x509.X509Certificate): string[] {
  const { asymmetricKeyDetails } = native.publicKey;
  return [
    ...unless(CURVES.includes(asymmetricKeyDetails?.namedCurve), 'must have a key on the curve P-256, P-384 or P-521'),
    ...signatureFaults(parsed),
    ...unless(sameName(parsed.subjectName, parsed.issuerName), 'must be self-signed: its issuer is not its subject'),
    ...unless(native.verify(native.publicKey), 'must be self-signed: another key than its own signed it'),
  ];
}

function extensionFaults(parsed: x509.X509Certificate): string[] {
  const constraints = parsed.getExtension(x509.BasicConstraintsExtension);
  const usages: number = parsed.getExtension(x509.KeyUsagesExtension)?.usages ?? 0;
  return [
    ...unless(constraints?.ca === true, 'must be that of a certificate authority (BasicConstraints CA:TRUE)'),
    ...unless(constraints?.pathLength === 0, 'must allow no authority below its own (BasicConstraints pathLen 0)'),
    ...unless(usages === ROOT_USAGES, 'must be for signing certificates and CRLs alone (KeyUsage keyCertSign and cRLSign)'),
  ];
}

function timeFaults({ notBefore, notAfter }: x509.X509Certificate, now: number): string[] {
  const latest = new Date(notBefore);
  latest.setUTCFullYear(latest.getUTCFullYear() + LONGEST_IACA_YEARS);
  return [
    ...unless(now < notAfter.getTime(), 'has ended'),
    ...unless(notBefore < notAfter, 'must end after it begins'),
    ...unless(notAfter <= latest, `must be valid for at most ${LONGEST_IACA_YEARS} years`),
  ];
}

function nameFaults({ subjectName }: x509.X509Certificate): string[] {
  const [country = '', ...more] = subjectName.getField('C');
  const isCountry = /^[A-Z]{2}$/.test(country) && more.length === 0;
  return [
    ...unless(isCountry, 'must name one country as two capital letters (countryName)'),
    ...unless(subjectName.getField('CN').length === 1, 'must have a commonName'),
  ];
}

/** Byte for byte, as ISO 18013-5 wants it. */
export function sameName(a: x509.Name, b: x509.Name): boolean {
  return Buffer.from(a.toArrayBuffer()).equals(Buffer.from(b.toArrayBuffer()));
}

/** The fault, unless all is well. */
export function unless(isWell: boolean, fault: string): string[] {
  return isWell ? [] : [fault];
}
