import { rotateCertificateSigners } from '../store/certificate-rotation.js';
import type { KeyScope } from '../store/signing-keys.js';
import type { ActivityDependencies } from './dependencies.js';

/** Renews document signers and mobile status-list signers ahead of time. @throws {SignerError} to be tried again */
export function createRotateCertificateSigners(
  dependencies: ActivityDependencies,
): (input: { readonly issuerId: string }) => Promise<void> {
  return ({ issuerId }) => rotateCertificateSigners(certificateScope(dependencies, issuerId));
}

/** What the certificates of an issuer are made of, now. */
export function certificateScope(dependencies: ActivityDependencies, issuerId: string): KeyScope {
  const { db, directory, ring, stores, issuerIdentifier: identifier, statusSigningUsage, now } = dependencies;
  const host = new URL(identifier).hostname;
  return { db, directory, ring, stores, issuerId, identifier, host, statusSigningUsage, now: now() };
}
