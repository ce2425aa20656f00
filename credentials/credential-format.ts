import type { CredentialSigners } from '../keys/credential-signers.js';
import type { CredentialConfigurationDocument } from '../store/configuration-documents.js';
import type { MobileDigests } from '../store/documents.js';
import type { StatusMechanism } from '../store/status-documents.js';
import type { ClaimsSource, MappedClaims } from './claim-mapping.js';
import type { HolderJwk } from './holder-jwk.js';
import type { ShownClaim } from './shown-claims.js';

/** What a metadata entry is made of. */
export interface MetadataEntryInput<C = CredentialConfigurationDocument> {
  readonly configuration: C;
  /** The credential issuer identifier. */
  readonly issuerIdentifier: string;
  /** JOSE algorithms that a holder's proof may be signed with. */
  readonly proofAlgorithms: readonly string[];
}

/**
 * A credential's place in a status list, as the credential is to name it. `suspensionUri` is there where suspension has a
 * list of its own (Bitstring Status List), at the same index.
 */
export interface StatusReference {
  readonly mechanism: StatusMechanism;
  readonly uri: string;
  readonly suspensionUri?: string;
  readonly index: number;
}

/** What one credential is made of. */
export interface IssueInput<C = CredentialConfigurationDocument> {
  readonly configuration: C;
  /** As the format's `mapClaims` gives them. */
  readonly claims: Readonly<Record<string, unknown>>;
  /** What the claims came from, for formats whose validity is mapped as well. */
  readonly source: ClaimsSource;
  /** The key the credential is bound to; ignored where the configuration binds to none. */
  readonly holderKey: HolderJwk | null;
  /** How the holder named that key in the proof, where by a DID: without the fragment. */
  readonly holderDid?: string;
  readonly signers: CredentialSigners;
  readonly issuer: { readonly identifier: string };
  /** UUID, of this credential alone. */
  readonly credentialId: string;
  /** There exactly where the configuration asks for a status. */
  readonly status?: StatusReference;
  /** JSON-LD contexts that the issuer uploaded, JSON text by URL. */
  readonly contexts?: ReadonlyMap<string, string>;
  /** Milliseconds since the epoch; the same for all credentials of a batch. */
  readonly now: number;
  /** Gives that many random bytes. */
  readonly random?: (bytes: number) => Uint8Array;
}

/** A credential as it goes into the credential response: a JSON object in the formats that are one. */
export type CredentialValue = string | Readonly<Record<string, unknown>>;

export interface IssuedCredential<T extends CredentialValue = CredentialValue> {
  readonly credential: T;
  /** Thumbprint of the key it was signed with. */
  readonly keyId: string;
  readonly validFrom?: Date;
  readonly validUntil?: Date;
  /** Of an mdoc. */
  readonly mobileDigests?: MobileDigests;
}

/** The port every credential format implements (OID4VCI Appendix A). */
export interface CredentialFormat<C extends CredentialConfigurationDocument = CredentialConfigurationDocument> {
  readonly profiles: readonly C['profile'][];
  /** The format identifier of a configuration's credentials, e.g. `dc+sd-jwt`. */
  formatOf(configuration: C): string;
  /** The scope by which the configuration is asked for: `<format>:<type>`. */
  scopeOf(configuration: C): string;
  /** How its credentials name their status, where they have one. */
  statusMechanism(configuration: C): StatusMechanism;
  /** The entry in `credential_configurations_supported` (OID4VCI 12.2.4). */
  metadataEntry(input: MetadataEntryInput<C>): Readonly<Record<string, unknown>>;
  /** The claims of a credential, in the form that `issue` takes. */
  mapClaims(input: { readonly configuration: C; readonly source: ClaimsSource }): MappedClaims;
  /** The claims that its credentials may hold, for those who are asked whether they want one. */
  shownClaims(configuration: C): readonly ShownClaim[];
  /** By claim name (as in `MappedClaims`) its `mapFrom`, of all that have one. */
  sourcePaths(configuration: C): ReadonlyMap<string, string>;
  /** The key that would sign now is in a key store. @throws {SignerError} where there is none */
  signsRemotely(input: { readonly configuration: C; readonly signers: CredentialSigners; readonly now: number }): boolean;
  /**
   * Builds, signs and checks one credential: its signature is verified before it leaves.
   *
   * @throws {CredentialContentError} when the claims or the configuration allow no credential
   * @throws {SignerError} when the key cannot be used now
   */
  issue(input: IssueInput<C>): Promise<IssuedCredential>;
}
