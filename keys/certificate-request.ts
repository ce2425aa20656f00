import 'reflect-metadata';
import * as x509 from '@peculiar/x509';
import { mobileSubjectName, type MobileSubject } from './certificate-names.js';
import { toPem } from './certificate-pem.js';
import { cryptoOf, ECDSA, genuine } from './certificate-signing.js';
import { extendedUsageOf, type SignerKind } from './iaca-signer-usage.js';
import type { Signer } from './signer.js';

/**
 * Asks an outside IACA to certify a key (PKCS #10, RFC 2986), with the extensions that such a certificate has.
 *
 * @returns PEM
 * @throws {SignerError}
 */
export async function createCertificateRequest({
  signer,
  kind,
  subject,
  statusSigningUsage,
}: {
  signer: Signer;
  kind: SignerKind;
  subject: MobileSubject;
  /** An OID; absent where status-list signers have none. */
  statusSigningUsage?: string | undefined;
}): Promise<string> {
  const usage = extendedUsageOf(kind, statusSigningUsage);
  // The key itself is behind the port.
  const key = { algorithm: ECDSA };
  const request = await x509.Pkcs10CertificateRequestGenerator.create(
    {
      name: mobileSubjectName(subject),
      extensions: [
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        ...(usage === undefined ? [] : [new x509.ExtendedKeyUsageExtension([usage], true)]),
      ],
      signingAlgorithm: ECDSA,
      keys: { privateKey: key, publicKey: key },
    },
    cryptoOf(signer),
  );
  return toPem('CERTIFICATE REQUEST', await genuine(request.rawData, signer));
}
