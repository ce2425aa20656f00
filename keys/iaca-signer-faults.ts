import 'reflect-metadata';
import { X509Certificate } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import { readable, sameName, unless, signatureFaults } from './iaca-faults.js';
import { DOCUMENT_SIGNING_USAGE, extendedUsageOf, type SignerKind } from './iaca-signer-usage.js';
import { jwkThumbprint } from './public-jwk.js';
import type { PublicJwk } from './signer.js';

/** The answer to a certificate request. */
export interface AnsweredRequest {
  readonly kind: SignerKind;
  /** Base64 DER of a certificate. */
  readonly certificate: string;
  /** The IACA's, base64 DER. */
  readonly iacaCertificate: string;
  /** The key that was to be certified. */
  readonly publicJwk: PublicJwk;
  /** An OID; absent where status-list signers need none. */
  readonly statusSigningUsage?: string | undefined;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * What keeps a certificate from being a document signer's or a status-list signer's under an IACA (ISO 18013-5 B.1.4),
 * each as a sentence without its subject; empty where it can be used now. How long it lives is the IACA's to decide.
 */
export function signerFaults(answer: AnsweredRequest): string[] {
  return readable(() => {
    const parsed = new x509.X509Certificate(answer.certificate);
    const iaca = new x509.X509Certificate(answer.iacaCertificate);
    return [
      ...keyFaults(answer),
      ...chainFaults(answer, parsed, iaca),
      ...usageFaults(answer, parsed),
      ...timeFaults(parsed, iaca, answer.now),
      ...placeFaults(parsed.subjectName, iaca.subjectName),
    ];
  });
}

function keyFaults({ certificate, publicJwk }: AnsweredRequest): string[] {
  const { publicKey } = native(certificate);
  // Keys of other kinds than EC have another thumbprint or none.
  const isOurs =
    publicKey.asymmetricKeyType === 'ec' &&
    jwkThumbprint({ ...publicKey.export({ format: 'jwk' }) }) === jwkThumbprint({ ...publicJwk });
  return unless(isOurs, 'must certify the key of the certificate request (csrPem), and certifies another');
}

function chainFaults(
  { certificate, iacaCertificate }: AnsweredRequest,
  parsed: x509.X509Certificate,
  iaca: x509.X509Certificate,
): string[] {
  const named = parsed.getExtension(x509.AuthorityKeyIdentifierExtension)?.keyId;
  const own = iaca.getExtension(x509.SubjectKeyIdentifierExtension)?.keyId;
  return [
    ...signatureFaults(parsed),
    ...unless(
      sameName(parsed.issuerName, iaca.subjectName),
      'must be issued by the IACA: its issuer is not the subject of the IACA',
    ),
    ...unless(native(certificate).verify(native(iacaCertificate).publicKey), 'must be issued by the IACA: another key signed it'),
    ...unless(
      named === undefined || own === undefined || named === own,
      'must name the key of the IACA as that of its issuer (AuthorityKeyIdentifier)',
    ),
  ];
}

function usageFaults({ kind, statusSigningUsage }: AnsweredRequest, parsed: x509.X509Certificate): string[] {
  const extended = parsed.getExtension(x509.ExtendedKeyUsageExtension)?.usages.map(String);
  const usages = parsed.getExtension(x509.KeyUsagesExtension)?.usages ?? 0;
  return [
    ...unless(parsed.getExtension(x509.BasicConstraintsExtension)?.ca !== true, 'must not be that of a certificate authority'),
    ...unless(usages === x509.KeyUsageFlags.digitalSignature, 'must be for signatures alone (KeyUsage digitalSignature)'),
    ...extendedUsageFaults(kind, extended, extendedUsageOf(kind, statusSigningUsage)),
  ];
}

function extendedUsageFaults(kind: SignerKind, given: readonly string[] | undefined, wanted: string | undefined): string[] {
  if (kind === 'document-signer')
    return unless(
      given?.includes(DOCUMENT_SIGNING_USAGE) === true,
      `must be that of a document signer (ExtendedKeyUsage ${DOCUMENT_SIGNING_USAGE})`,
    );
  // Open to none at all, as ISO 18013-5 leaves it.
  const isForLists =
    given === undefined || (wanted === undefined ? !given.includes(DOCUMENT_SIGNING_USAGE) : given.includes(wanted));
  return unless(isForLists, 'must be that of a status-list signer, and its ExtendedKeyUsage is for something else');
}

function timeFaults({ notBefore, notAfter }: x509.X509Certificate, iaca: x509.X509Certificate, now: number): string[] {
  return [
    ...unless(notBefore.getTime() <= now, 'is not valid yet'),
    ...unless(now < notAfter.getTime(), 'has ended'),
    ...unless(iaca.notBefore <= notBefore && notAfter <= iaca.notAfter, 'must begin and end within the life of the IACA'),
  ];
}

function placeFaults(subject: x509.Name, iaca: x509.Name): string[] {
  const [country, state, iacaState] = [subject.getField('C'), subject.getField('ST')[0], iaca.getField('ST')[0]];
  return [
    ...unless(country.length === 1 && country[0] === iaca.getField('C')[0], 'must name the country of the IACA (countryName)'),
    ...unless(
      state === undefined || iacaState === undefined || state === iacaState,
      'must name the state or province of the IACA (stateOrProvinceName), or none',
    ),
    ...unless(subject.getField('CN').length === 1, 'must have a commonName'),
  ];
}

function native(certificate: string): X509Certificate {
  return new X509Certificate(Buffer.from(certificate, 'base64'));
}
