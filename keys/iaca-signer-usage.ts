import type { CertificateSignerDocument } from '../store/identity-documents.js';

/** What an IACA certifies keys for: signing documents, and signing status lists. */
export type SignerKind = CertificateSignerDocument['kind'];

export const SIGNER_KINDS: readonly SignerKind[] = ['document-signer', 'mobile-status-signer'];

/** id-mdl-kp-mdlDS (ISO 18013-5 B.1.4): what marks a document signer. */
export const DOCUMENT_SIGNING_USAGE = '1.0.18013.5.1.2';

/**
 * id-kp-oauthStatusSigning (Token Status List 10; TSL-06): below `1.3.6.1.5.5.7.3`, and without a number as long as the
 * draft is no RFC. To be set here then. Until then status-list signers have no extended key usage, which ISO 18013-5
 * leaves open for them; an invented number would be another purpose's one day.
 */
export const STATUS_SIGNING_USAGE: string | undefined = undefined;

/** The extended key usage of a signer's certificate; `undefined` for none. */
export function extendedUsageOf(
  kind: SignerKind,
  statusSigningUsage: string | undefined = STATUS_SIGNING_USAGE,
): string | undefined {
  return kind === 'document-signer' ? DOCUMENT_SIGNING_USAGE : statusSigningUsage;
}
