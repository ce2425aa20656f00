import { X509Certificate } from 'node:crypto';

const LONGEST_PEM = 16_384;
const BLOCK = /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]*)-----END CERTIFICATE-----/g;
const ANY_LABEL = /-----BEGIN ([^\n-]*)-----/g;

/** What a PEM text holds, or what is wrong with it. */
export type ReadPem = { readonly certificate: string } | { readonly fault: string };

/**
 * Reads a text that must hold one certificate and nothing else in PEM (RFC 7468); text around it is ignored.
 *
 * @returns base64 DER
 */
export function readCertificatePem(text: string): ReadPem {
  if (text.length > LONGEST_PEM) return { fault: `must be at most ${LONGEST_PEM} characters` };
  const labels = [...text.matchAll(ANY_LABEL)].map(([, label = '']) => label);
  if (labels.some((label) => label.includes('PRIVATE KEY')))
    return { fault: 'holds a private key: send the certificate alone, and regard that key as known to others' };
  const blocks = [...text.matchAll(BLOCK)];
  if (labels.length !== 1 || blocks.length !== 1) return { fault: 'must hold exactly one certificate in PEM' };
  const der = Buffer.from(blocks[0]?.[1] ?? '', 'base64');
  return isCertificate(der) ? { certificate: der.toString('base64') } : { fault: 'is not an X.509 certificate' };
}

function isCertificate(der: Buffer): boolean {
  try {
    return new X509Certificate(der).raw.equals(der);
  } catch {
    return false;
  }
}

/** PEM of base64 DER. */
export function toPem(label: 'CERTIFICATE' | 'CERTIFICATE REQUEST', base64Der: string): string {
  const lines = base64Der.match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}
