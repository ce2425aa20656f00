import type { CertificateSignerDocument } from '../store/identity-documents.js';

/** What an IACA certifies keys for: signing documents, and signing status lists. */
export type SignerKind = CertificateSignerDocument['kind'];

export const SIGNER_KINDS: readonly SignerKind[] = ['document-signer', 'mobile-status-signer'];

/** id-mdl-kp-mdlDS (ISO 18013-5 B.1.4): what marks a document signer. */
export const DOCUMENT_SIGNING_USAGE = '1.0.18013.5.1.2';

/**
 * The extended key usage of a signer's certificate; `undefined` for none.
 *
 * @param statusSigningUsage that of status-list signers, an OID (Token Status List 10, TSL-06: id-kp-oauthStatusSigning,
 *   which has no number yet); without it they have none, as ISO 18013-5 leaves open
 */
export function extendedUsageOf(kind: SignerKind, statusSigningUsage: string | undefined): string | undefined {
  return kind === 'document-signer' ? DOCUMENT_SIGNING_USAGE : statusSigningUsage;
}
