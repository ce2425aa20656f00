import 'reflect-metadata';
import { createHash } from 'node:crypto';
import * as x509 from '@peculiar/x509';

/** What the API shows of a mobile credentials' certificate. Times are milliseconds since the epoch. */
export interface MobileCertificateFacts {
  readonly notBefore: number;
  readonly notAfter: number;
  readonly country: string;
  readonly commonName: string;
  readonly stateOrProvinceName?: string;
  /** Hex. */
  readonly serialNumber: string;
  /** SHA-256 of the certificate, hex. */
  readonly fingerprint: string;
}

/** @param certificate base64 DER; names that it lacks are empty */
export function mobileCertificateFacts(certificate: string): MobileCertificateFacts {
  const parsed = new x509.X509Certificate(certificate);
  const [state] = parsed.subjectName.getField('ST');
  return {
    notBefore: parsed.notBefore.getTime(),
    notAfter: parsed.notAfter.getTime(),
    country: parsed.subjectName.getField('C')[0] ?? '',
    commonName: parsed.subjectName.getField('CN')[0] ?? '',
    ...(state === undefined ? {} : { stateOrProvinceName: state }),
    serialNumber: parsed.serialNumber,
    fingerprint: certificateFingerprint(certificate),
  };
}

/** SHA-256 of a certificate, hex. @param certificate base64 DER */
export function certificateFingerprint(certificate: string): string {
  return createHash('sha256').update(Buffer.from(certificate, 'base64')).digest('hex');
}
