import 'reflect-metadata';
import * as x509 from '@peculiar/x509';
import { mobileSubjectName, type MobileSubject } from './certificate-names.js';
import { BACKDATING_MS, signCertificate, spki, wholeSeconds } from './certificate-signing.js';
import { extendedUsageOf, type SignerKind } from './iaca-signer-usage.js';
import type { PublicJwk, Signer } from './signer.js';

const DAY_MS = 86_400_000;
/** One day less than ISO 18013-5 allows a document signer (457), the backdating included. */
export const SIGNER_LIFE_MS = 456 * DAY_MS;
/** ISO 18013-5 B.1.2. */
export const LONGEST_IACA_YEARS = 20;

/** Where an IACA says that it is at home. */
interface IacaPlace {
  /** The credential issuer identifier, as the issuer's alternative name. */
  readonly identifier: string;
  /** Where its revocation list is served. */
  readonly crlUrl: string;
}

/**
 * A self-signed IACA root certificate (ISO 18013-5 B.1.2).
 *
 * @param options.signer the root's key, P-256
 * @param options.notBefore milliseconds since the epoch, as `notAfter`
 * @returns base64 DER
 * @throws {SignerError}
 */
export async function createIacaCertificate({
  signer,
  subject,
  notBefore,
  notAfter,
  identifier,
  crlUrl,
}: IacaPlace & {
  readonly signer: Signer;
  readonly subject: MobileSubject;
  readonly notBefore: number;
  readonly notAfter: number;
}): Promise<string> {
  const name = mobileSubjectName(subject);
  const publicKey = spki(signer.publicJwk);
  return signCertificate(signer, {
    subject: name,
    issuer: name,
    publicKey,
    notBefore: wholeSeconds(notBefore),
    notAfter: wholeSeconds(notAfter),
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(publicKey),
      ...placeExtensions({ identifier, crlUrl }),
    ],
  });
}

/** Whom a managed IACA certifies. */
export interface NewSignerCertificate extends IacaPlace {
  readonly kind: SignerKind;
  readonly iaca: { readonly signer: Signer; readonly certificate: string };
  /** The key that is certified. */
  readonly publicJwk: PublicJwk;
  readonly subject: MobileSubject;
  /** An OID; absent where status-list signers have none. */
  readonly statusSigningUsage?: string | undefined;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * The certificate of a document signer (ISO 18013-5 B.1.4), or in the same shape of a status-list signer: for at most
 * 457 days and never beyond its IACA.
 *
 * @returns base64 DER
 * @throws {SignerError}
 */
export async function createSignerCertificate(wanted: NewSignerCertificate): Promise<string> {
  const { kind, iaca, publicJwk, subject, statusSigningUsage, now } = wanted;
  const issuer = new x509.X509Certificate(iaca.certificate);
  const publicKey = spki(publicJwk);
  const usage = extendedUsageOf(kind, statusSigningUsage);
  // An IACA may be made for later: its signers' lives begin with it.
  const begin = Math.max(now - BACKDATING_MS, issuer.notBefore.getTime());
  return signCertificate(iaca.signer, {
    subject: mobileSubjectName(subject),
    issuer: issuer.subjectName,
    publicKey,
    notBefore: wholeSeconds(begin),
    notAfter: wholeSeconds(Math.min(begin + SIGNER_LIFE_MS, issuer.notAfter.getTime())),
    extensions: [
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      ...(usage === undefined ? [] : [new x509.ExtendedKeyUsageExtension([usage], true)]),
      await x509.SubjectKeyIdentifierExtension.create(publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(issuer.publicKey),
      ...placeExtensions(wanted),
    ],
  });
}

function placeExtensions({ identifier, crlUrl }: IacaPlace): x509.Extension[] {
  return [
    new x509.IssuerAlternativeNameExtension([{ type: 'url', value: identifier }]),
    new x509.CRLDistributionPointsExtension([crlUrl]),
  ];
}
