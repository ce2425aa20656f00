import 'reflect-metadata';
import { createPublicKey, randomBytes } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import { requireGenuine } from './certificate-signature.js';
import type { PublicJwk, Signer } from './signer.js';

export const ECDSA = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

/**
 * How far certificates reach back. More than an hour, so that a credential's times, rounded down to the hour
 * (SDV-12), never precede its certificate; the rest is for verifiers whose clock is slow.
 */
export const BACKDATING_MS = 65 * 60_000;

type CertificateFields = Omit<x509.X509CertificateCreateWithKeyParams, 'signingKey' | 'signingAlgorithm' | 'serialNumber'>;

/**
 * Signs a certificate through the port, so that its key may live in an HSM, and verifies it.
 *
 * @returns base64 DER
 * @throws {SignerError}
 */
export async function signCertificate(signer: Signer, fields: CertificateFields): Promise<string> {
  const certificate = await x509.X509CertificateGenerator.create(
    { ...fields, serialNumber: serialNumber(), signingAlgorithm: ECDSA, signingKey: { algorithm: ECDSA } },
    cryptoOf(signer),
  );
  return genuine(certificate.rawData, signer);
}

/** The library's view of a signer: a crypto provider that can only sign, with one key, and show its public half. */
export function cryptoOf(signer: Signer) {
  const subtle = {
    // Copied, since a signature may be a part of a larger buffer.
    sign: async (_algorithm: unknown, _key: unknown, data: ArrayBuffer) =>
      new Uint8Array(await signer.sign(new Uint8Array(data))).buffer,
    exportKey: () => Promise.resolve(spki(signer.publicJwk).rawData),
  };
  return { subtle };
}

/** Base64 of what was signed. @throws {SignerError} where it does not verify */
export async function genuine(rawData: ArrayBuffer, signer: Signer): Promise<string> {
  const der = new Uint8Array(rawData);
  await requireGenuine(der, signer);
  return Buffer.from(der).toString('base64');
}

export function spki(publicJwk: PublicJwk): x509.PublicKey {
  const der = createPublicKey({ key: { ...publicJwk }, format: 'jwk' }).export({ format: 'der', type: 'spki' });
  return new x509.PublicKey(new Uint8Array(der));
}

export function wholeSeconds(milliseconds: number): Date {
  return new Date(Math.floor(milliseconds / 1000) * 1000);
}

/** 20 random bytes, positive and without leading zeros (RFC 5280 4.1.2.2). */
function serialNumber(): string {
  const bytes = randomBytes(20);
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes.toString('hex');
}
