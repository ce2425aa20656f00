import type { RevocationReason } from '../keys/crl.js';
import type { StoredDocument } from './documents.js';

/** An Issuing Authority Certificate Authority: the root of mobile credentials (ISO 18013-5 B.1.2). `_id` is a UUID. */
export interface IacaDocument extends StoredDocument {
  /** Only an active one's signers sign. */
  readonly active: boolean;
  /** False where the root key is outside: then signers are certified by CSR. */
  readonly isManaged: boolean;
  /** Base64 DER. */
  readonly certificate: string;
  /** Milliseconds since the epoch, from the certificate. */
  readonly notBefore: number;
  readonly notAfter: number;
  readonly country: string;
  readonly commonName: string;
  readonly stateOrProvinceName?: string;
  /** SHA-256 of the certificate, hex. */
  readonly fingerprint: string;
  /** `_id` of its signing key; absent for an unmanaged one. */
  readonly keyRef?: string;
  readonly crl?: CertificateRevocationListDocument;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** The CRL as it is served. */
export interface CertificateRevocationListDocument {
  readonly number: number;
  /** Base64 DER. */
  readonly der: string;
  /** Milliseconds since the epoch. */
  readonly thisUpdate: number;
  readonly nextUpdate: number;
}

/** A document signer or a status-list signer under an IACA. `_id` is a UUID. */
export interface CertificateSignerDocument extends StoredDocument {
  readonly kind: 'document-signer' | 'mobile-status-signer';
  readonly iacaId: string;
  /** `_id` of its signing key. */
  readonly keyRef: string;
  readonly active: boolean;
  /** Of a managed root's signer: counts those of its kind under the root, from 1. */
  readonly generation?: number;
  /** Of an unmanaged root's signer: what is to be certified, PEM. */
  readonly csrPem?: string;
  /** Base64 DER; absent as long as the CSR is not answered. */
  readonly certificate?: string;
  /** Milliseconds since the epoch, from the certificate. */
  readonly notBefore?: number;
  readonly notAfter?: number;
  /** Hex, from the certificate. */
  readonly serialNumber?: string;
  /** Not used for new credentials from then on; milliseconds since the epoch. */
  readonly retiredAt?: number;
  readonly revokedAt?: number;
  readonly revocationReason?: RevocationReason;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** A DID beside the issuer's own did:web. `_id` is `<issuerId>/<did>`. */
export interface DidRecordDocument extends StoredDocument {
  readonly did: string;
  readonly method: 'key' | 'jwk' | 'web';
  readonly keys: readonly {
    /** `_id` of its signing key. */
    readonly keyRef: string;
    readonly verificationMethod: string;
  }[];
  readonly createdAt: Date;
}

/** A JSON-LD context that the issuer uploaded. `_id` is `<issuerId>/<SHA-256 of the URL, base64url>`. */
export interface JsonLdContextDocument extends StoredDocument {
  readonly url: string;
  /** The document, as JSON text: its member names may begin with `$` or hold dots. */
  readonly content: string;
  readonly createdAt: Date;
}
