import type { SignerKind } from '../../../keys/iaca-signer-usage.js';

/** The management resource of a kind of certified signers (product.md 11.1). */
export interface SignerResource {
  readonly kind: SignerKind;
  readonly path: string;
  /** Stem of its events. */
  readonly stem: string;
  /** What one and several are called. */
  readonly name: string;
  /** Most that there are under unmanaged IACAs. */
  readonly most: number;
}

export const SIGNER_RESOURCES: readonly SignerResource[] = [
  {
    kind: 'document-signer',
    path: '/v2/credentials/mobile/document-signers',
    stem: 'MOBILE_CREDENTIAL_DOCUMENT_SIGNER',
    name: 'document signer',
    most: 5,
  },
  {
    kind: 'mobile-status-signer',
    path: '/v2/credentials/mobile/status-list-signers',
    stem: 'MOBILE_CREDENTIAL_STATUS_LIST_SIGNER',
    name: 'status-list signer',
    most: 3,
  },
];
