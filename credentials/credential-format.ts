import type { HolderJwk } from './holder-jwk.js';
import type { CredentialConfigurationDocument } from '../store/documents.js';
import type { Signer } from '../keys/signer.js';

/** What a metadata entry is made of. */
export interface MetadataEntryInput {
  readonly configuration: CredentialConfigurationDocument;
  /** The credential issuer identifier. */
  readonly issuerIdentifier: string;
  /** JOSE algorithms that a holder's proof may be signed with. */
  readonly proofAlgorithms: readonly string[];
}

/** What one credential is made of. */
export interface IssueInput {
  readonly configuration: CredentialConfigurationDocument;
  /** As `mapClaims` gives them. */
  readonly claims: Readonly<Record<string, unknown>>;
  /** The key the credential is bound to; ignored where the configuration binds to none. */
  readonly holderKey: HolderJwk | null;
  readonly signer: Signer;
  readonly issuer: { readonly identifier: string };
  /** Milliseconds since the epoch; the same for all credentials of a batch. */
  readonly now: number;
  /** Gives that many random bytes. */
  readonly random?: (bytes: number) => Uint8Array;
}

export interface IssuedCredential {
  /** The credential as it goes into the credential response. */
  readonly credential: string;
  readonly validUntil?: Date;
}

/** The port every credential format implements (OID4VCI Appendix A). */
export interface CredentialFormat {
  /** The format identifier, e.g. `dc+sd-jwt`. */
  readonly format: string;
  /** The entry in `credential_configurations_supported` (OID4VCI 12.2.4). */
  metadataEntry(input: MetadataEntryInput): Readonly<Record<string, unknown>>;
  /**
   * @throws {CredentialContentError} when the claims or the configuration allow no credential
   * @throws {SignerError} when the key cannot be used now
   */
  issue(input: IssueInput): Promise<IssuedCredential>;
}
