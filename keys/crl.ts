import 'reflect-metadata';
import * as x509 from '@peculiar/x509';
import { cryptoOf, ECDSA, genuine, spki, wholeSeconds } from './certificate-signing.js';
import type { Signer } from './signer.js';

const CRL_NUMBER = '2.5.29.20';

const REASONS = {
  keyCompromise: x509.X509CrlReason.keyCompromise,
  affiliationChanged: x509.X509CrlReason.affiliationChanged,
  superseded: x509.X509CrlReason.superseded,
  cessationOfOperation: x509.X509CrlReason.cessationOfOperation,
  privilegeWithdrawn: x509.X509CrlReason.privilegeWithdrawn,
} as const;

/** Why a certificate is revoked (RFC 5280 5.3.1), as far as it can be undone by nobody. */
export type RevocationReason = keyof typeof REASONS;

export interface RevokedCertificate {
  /** Hex. */
  readonly serialNumber: string;
  /** Milliseconds since the epoch. */
  readonly revokedAt: number;
  readonly reason?: RevocationReason;
}

/**
 * A certificate revocation list, version 2 (RFC 5280 5; ISO 18013-5 B.1.3).
 *
 * @param options.number counts the lists of the IACA, upwards
 * @param options.thisUpdate milliseconds since the epoch, as `nextUpdate`
 * @returns base64 DER
 * @throws {SignerError}
 */
export async function createCrl({
  iaca: { signer, certificate },
  number,
  thisUpdate,
  nextUpdate,
  revoked,
}: {
  iaca: { readonly signer: Signer; readonly certificate: string };
  number: number;
  thisUpdate: number;
  nextUpdate: number;
  revoked: readonly RevokedCertificate[];
}): Promise<string> {
  const crl = await x509.X509CrlGenerator.create(
    {
      issuer: new x509.X509Certificate(certificate).subjectName,
      thisUpdate: wholeSeconds(thisUpdate),
      nextUpdate: wholeSeconds(nextUpdate),
      entries: revoked.map(({ serialNumber, revokedAt, reason }) => ({
        serialNumber,
        revocationDate: wholeSeconds(revokedAt),
        // The library writes the extensions of an entry even where there are none, which RFC 5280 5.1.2.6 forbids.
        ...(reason === undefined ? { invalidity: wholeSeconds(revokedAt) } : { reason: REASONS[reason] }),
      })),
      extensions: [
        await x509.AuthorityKeyIdentifierExtension.create(spki(signer.publicJwk)),
        new x509.Extension(CRL_NUMBER, false, derInteger(number)),
      ],
      signingAlgorithm: ECDSA,
      signingKey: { algorithm: ECDSA },
    },
    cryptoOf(signer),
  );
  return genuine(crl.rawData, signer);
}

/** Serial numbers on a list, in hex. @param crl base64 DER */
export function revokedSerials(crl: string): ReadonlySet<string> {
  return new Set(new x509.X509Crl(crl).entries.map(({ serialNumber }) => serialNumber));
}

/** A DER INTEGER, not negative. */
function derInteger(value: number): Uint8Array<ArrayBuffer> {
  const hex = value.toString(16);
  const octets = Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex');
  const content = (octets[0] ?? 0) < 0x80 ? octets : Buffer.concat([Buffer.of(0), octets]);
  return new Uint8Array([0x02, content.length, ...content]);
}
