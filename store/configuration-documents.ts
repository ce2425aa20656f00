import type { ClaimMappings } from '../credentials/claim-mapping.js';
import type { DisplayDocument, Duration, StoredDocument } from './documents.js';

/** MATTR's names for the formats; `sd-jwt` and `jwt` are ours. */
export type CredentialProfile = 'sd-jwt' | 'mobile' | 'jwt' | 'web-semantic' | 'compact' | 'compact-semantic';

/** What revokes a credential by itself, beside the issuer's own call. */
export type RevocationTrigger = 'credential_deleted' | 'withdrawn' | 'unacknowledged' | 'user_deleted';

export interface StatusPolicyDocument {
  /** Whether credentials can be suspended as well: their lists then have two bits an entry, for good. */
  readonly suspendable: boolean;
  readonly revokeOn: readonly RevocationTrigger[];
}

export interface BrandingDocument {
  readonly name: string;
  readonly description?: string;
  readonly backgroundColor?: string;
  readonly textColor?: string;
  readonly watermarkImage?: string;
  readonly issuerLogo?: string;
  readonly issuerIcon?: string;
}

/** What every credential configuration has; its `_id` is the `credential_configuration_id`. */
interface ConfigurationDocument extends StoredDocument {
  /** The `vct`, docType or type; unique within its profile (`compact` and `compact-semantic` count as one). */
  readonly type: string;
  readonly claimSourceId?: string;
  readonly expiresIn?: Duration;
  readonly branding?: BrandingDocument;
  readonly display?: readonly DisplayDocument[];
  /** False for credentials bound to no holder key. */
  readonly holderBinding: boolean;
  /** Absent where its credentials have no status. */
  readonly status?: StatusPolicyDocument;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface SdJwtConfigurationDocument extends ConfigurationDocument {
  readonly profile: 'sd-jwt';
  readonly claimMappings: ClaimMappings;
  /** How many digests of nothing each credential carries, so that the number of its claims cannot be told. */
  readonly decoyDigests?: number;
  /** Issue and describe as `vc+sd-jwt`, for wallets of drafts 13 and 14. */
  readonly legacyFormat?: boolean;
  /** Carry `vct#integrity`, the hash of the type metadata as it is at issuance. */
  readonly vctIntegrity?: boolean;
}

/** How a value is written in CBOR. `dateTime` is a tdate, `bytes` comes as base64 or a data: URI. */
export type MobileValueType =
  'string' | 'int' | 'number' | 'boolean' | 'dateTime' | 'fullDate' | 'bytes' | 'object' | 'array' | 'drivingPrivileges';

export interface MobileClaimMapping {
  readonly mapFrom?: string;
  readonly defaultValue?: unknown;
  readonly required?: boolean;
  /** Default `string`. */
  readonly type?: MobileValueType;
  readonly display?: readonly { readonly name: string; readonly locale?: string; readonly description?: string }[];
}

export interface MobileConfigurationDocument extends ConfigurationDocument {
  readonly profile: 'mobile';
  /** By namespace and element. */
  readonly claimMappings: Readonly<Record<string, Readonly<Record<string, MobileClaimMapping>>>>;
  readonly expiresIn: Duration;
  readonly validFrom?: { readonly mapFrom: string };
  readonly validUntil?: { readonly mapFrom: string };
}

/** What the W3C formats share. */
interface VerifiableCredentialConfigurationDocument extends ConfigurationDocument {
  readonly claimMappings: ClaimMappings;
  /** After `VerifiableCredential` and `type`. */
  readonly additionalTypes: readonly string[];
  /** After those that the version asks for. */
  readonly contexts: readonly string[];
  readonly vcdmVersion: '1.1' | '2.0';
  /** Absent: the issuer's did:web. */
  readonly issuerDid?: string;
  /** Whether credentials have an `id`. */
  readonly includeId: boolean;
}

export interface JwtVcConfigurationDocument extends VerifiableCredentialConfigurationDocument {
  readonly profile: 'jwt';
}

export type LinkedDataProofType = 'Ed25519Signature2018' | 'eddsa-rdfc-2022' | 'ecdsa-rdfc-2019' | 'ecdsa-sd-2023';

export interface WebSemanticConfigurationDocument extends VerifiableCredentialConfigurationDocument {
  readonly profile: 'web-semantic';
  readonly name: string;
  readonly description?: string;
  readonly issuer: { readonly name: string; readonly logoUrl?: string; readonly iconUrl?: string };
  readonly credentialBranding?: { readonly backgroundColor?: string; readonly watermarkImageUrl?: string };
  readonly proofType: LinkedDataProofType;
  /** Whether the credential stays readable at the management API. */
  readonly persist: boolean;
}

export interface CompactConfigurationDocument extends ConfigurationDocument {
  readonly profile: 'compact' | 'compact-semantic';
  readonly claimMappings: ClaimMappings;
  /** Of a semantic one all its types, `type` being the first of them that is no `VerifiableCredential`. */
  readonly types?: readonly string[];
  readonly issuerDid?: string;
}

export type CredentialConfigurationDocument =
  | SdJwtConfigurationDocument
  | MobileConfigurationDocument
  | JwtVcConfigurationDocument
  | WebSemanticConfigurationDocument
  | CompactConfigurationDocument;
