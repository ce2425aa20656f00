import type { Envelope } from '../keys/envelope.js';
import type { WrappedKey } from '../keys/key-encryption.js';
import type { RemoteKeyReference } from '../keys/key-store.js';
import type { PublicJwk, SigningAlgorithm } from '../keys/signer.js';
import type { CredentialProfile, RevocationTrigger } from './configuration-documents.js';
import type { IssuanceOutcome } from '../workflows/phases.js';

/** What every stored record has: a string id and the issuer it belongs to. */
export interface StoredDocument {
  readonly _id: string;
  readonly issuerId: string;
}

/** A text in one language; `locale` is BCP 47. */
export interface DisplayDocument {
  readonly name: string;
  readonly locale?: string;
  readonly description?: string;
  readonly logo?: { readonly uri: string; readonly altText?: string };
  readonly backgroundColor?: string;
  readonly textColor?: string;
  readonly backgroundImage?: { readonly uri: string };
}

export interface IssuerDocument extends StoredDocument {
  readonly name: string;
  readonly country: string;
  readonly display: readonly DisplayDocument[];
  /** Absent as long as nobody set any of it: then the defaults of store/openid-configuration.ts hold. */
  readonly openid?: OpenIdConfigurationDocument;
  /** Counts every change of the issuer's own settings, configurations, claims sources, providers, clients and keys. */
  readonly revision: number;
  readonly createdAt: Date;
}

/** How an issuer authorizes holders. */
export interface OpenIdConfigurationDocument {
  readonly interactionHook?: InteractionHookDocument;
  readonly authorization: AuthorizationPolicy;
}

/** The issuer's own step between login and issuance. Secrets are sealed with `<issuerId>/interaction-hook` as context. */
export interface InteractionHookDocument {
  readonly url: string;
  /** Names of the provider's claims that its token carries. */
  readonly claims: readonly string[];
  /** Absent: `INTERACTION_SECONDS`. */
  readonly sessionTimeoutInSec?: number;
  readonly disabled: boolean;
  /** The HMAC key, base64 of 32 bytes. */
  readonly secret: Envelope;
  /** The key before it, accepted in returns until then. */
  readonly previous?: { readonly secret: Envelope; readonly until: Date };
}

export interface AuthorizationPolicy {
  /** RFC 9126: the authorization endpoint takes nothing but a `request_uri`. */
  readonly requirePushedAuthorizationRequests: boolean;
  /** What becomes of a client_id that is not registered. */
  readonly unknownClients: 'allow' | 'refuse';
  /** HAIP 4.4.1: clients have to authenticate at the PAR and token endpoints. */
  readonly requireClientAuthentication: boolean;
  /** Whether holders are asked before anything begins. */
  readonly consent: 'always' | 'never';
  /** False forbids keeping claims with users, whatever `claimsToPersist` says. */
  readonly persistClaims: boolean;
}

/** An external OpenID Connect provider at which holders log in. */
export interface AuthenticationProviderDocument extends StoredDocument {
  readonly url: string;
  readonly clientId: string;
  /** Sealed with `_id` as context. */
  readonly clientSecret?: Envelope;
  readonly maskedSecret?: string;
  readonly scope: readonly string[];
  readonly tokenEndpointAuthMethod: 'client_secret_basic' | 'client_secret_post' | 'none';
  readonly staticRequestParameters: Readonly<Record<string, unknown>>;
  readonly forwardedRequestParameters: readonly string[];
  readonly claimsToPersist: readonly string[];
  /** Whether claims are also read from the userinfo endpoint. */
  readonly userinfo: boolean;
  /** True for the one that offers without a choice use; at most one of an issuer. */
  readonly isDefault: boolean;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export type WalletClientGrant = 'authorization_code' | 'urn:ietf:params:oauth:grant-type:pre-authorized_code' | 'refresh_token';

/** A registered wallet; `_id` is `<issuerId>/<clientId>`. */
export interface WalletClientDocument extends StoredDocument {
  /** UUID of the record, as the management API shows it. */
  readonly recordId: string;
  readonly clientId: string;
  readonly name: string;
  readonly redirectUris: readonly string[];
  readonly tokenEndpointAuthMethod: 'none' | 'client_secret_basic' | 'private_key_jwt';
  /** scrypt hash of the secret (store/client-secret.ts); for `client_secret_basic`. */
  readonly secretHash?: string;
  /** Public keys; for `private_key_jwt`. */
  readonly jwks?: { readonly keys: readonly Readonly<Record<string, unknown>>[] };
  readonly grantTypes: readonly WalletClientGrant[];
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export type OfferState = 'active' | 'paused' | 'revoked' | 'expired';

/** A reusable authorization-code offer; `_id` is 128 random bits, base64url. */
export interface OfferDocument extends StoredDocument {
  readonly configurationIds: readonly string[];
  /** What the wallet is asked to send with its authorization request. */
  readonly requestParameters?: Readonly<Record<string, unknown>>;
  readonly authenticationProviderId?: string;
  /** Told by the offer's workflow. Expiry is checked at use as well. */
  readonly state: OfferState;
  readonly expiresAt?: Date;
  /** How many holders may claim it. */
  readonly maximumClaims?: number;
  readonly requestFingerprint?: string;
  readonly correlationId: string;
  readonly createdAt: Date;
}

/** A place among an offer's `maximumClaims`; `_id` is `<issuerId>/<offerId>/<number>`. Given back when nothing was issued. */
export interface OfferClaimDocument extends StoredDocument {
  readonly offerId: string;
  readonly sessionId: string;
}

export type Role = 'admin' | 'issuer' | 'managed-issuer' | 'verifier' | 'auditor';

/** A management API client. */
export interface ClientDocument extends StoredDocument {
  readonly name: string;
  /** scrypt hash of the secret, `<salt>.<hash>` in base64url. */
  readonly secretHash: string;
  readonly roles: readonly Role[];
  /** True for the administrator that the environment names. */
  readonly fromConfiguration?: boolean;
  readonly createdAt: Date;
}

/**
 * What a key is for. The first six are the issuer's own, one active at a time and rotated; of the others each belongs to
 * a record: an IACA, a signer certified by one, or a DID.
 */
export type KeyPurpose =
  | 'root-certificate'
  | 'credential-signing'
  | 'access-token'
  | 'status-list-signing'
  | 'assertion-es256'
  | 'assertion-eddsa'
  | 'iaca'
  | 'document-signer'
  | 'mobile-status-signer'
  | 'did';
export type KeyState = 'published' | 'active' | 'retired';

/**
 * `_id` is `<issuerId>/<purpose>/<generation>`, so that two processes rotating at once make one key; of a record's key
 * `<issuerId>/<purpose>/<id of the record>`, with generation 1.
 */
export interface SigningKeyDocument extends StoredDocument {
  readonly keyId: string;
  readonly purpose: KeyPurpose;
  readonly generation: number;
  readonly algorithm: SigningAlgorithm;
  readonly state: KeyState;
  readonly publicJwk: PublicJwk;
  /** PKCS #8, wrapped with `keyId` as context; absent for a key that a key store keeps. */
  readonly privateKey?: WrappedKey;
  /** Where the private key lives, unless it is here. */
  readonly remote?: RemoteKeyReference;
  /** Leaf first, base64 DER; a root's chain is itself. Empty for keys without a certificate. */
  readonly certificateChain: readonly string[];
  readonly createdAt: Date;
  readonly retiredAt?: Date;
}

export interface Duration {
  readonly years?: number;
  readonly months?: number;
  readonly weeks?: number;
  readonly days?: number;
  readonly hours?: number;
  readonly minutes?: number;
  readonly seconds?: number;
}

/** Reserves a value that must be unique, by its `_id`: `<issuerId>/<kind>/<value>`. */
export interface ReservationDocument extends StoredDocument {
  readonly ownerId: string;
  /** Of one that is followed by a write. */
  readonly reservedAt?: Date;
}

export interface RequestParameterMapping {
  readonly mapFrom?: string;
  readonly defaultValue?: unknown;
}

export type ClaimSourceAuthorization =
  | { readonly type: 'api-key'; readonly value: Envelope; readonly masked: string }
  | {
      readonly type: 'oauth-client-credentials';
      readonly tokenEndpoint: string;
      readonly clientId: string;
      readonly clientSecret: Envelope;
      readonly masked: string;
      readonly scope?: string;
      readonly audience?: string;
      readonly tokenEndpointAuthMethod: 'client_secret_basic' | 'client_secret_post';
    };

export interface ClaimSourceDocument extends StoredDocument {
  readonly name: string;
  readonly url: string;
  readonly requestMethod: 'GET' | 'POST';
  readonly requestParameters: Readonly<Record<string, RequestParameterMapping>>;
  readonly authorization: ClaimSourceAuthorization;
  /** What a final refusal of the source means: the credential is denied, or issued as if it had answered `{}`. */
  readonly onFailure: 'fail' | 'continue';
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface TransactionCodeDocument {
  readonly inputMode: 'numeric' | 'text';
  readonly length: number;
  readonly description?: string;
}

/** What a step of the holder's brought: `evidenceHash` names it, the rest is sealed with `<sessionId>/<step>` as context. */
export interface HolderStepDocument {
  readonly evidenceHash: string;
  readonly sealed: Envelope;
}

/** One claim session; `_id` is its session id. For a pre-authorized offer this is the offer. */
export interface IssuanceDocument extends StoredDocument {
  readonly grantType: 'pre-authorized_code' | 'authorization_code';
  readonly configurationIds: readonly string[];
  /** With an authorization code, nobody's until the login tells who it is. */
  readonly userId: string;
  /** The reusable offer it came from, if it came from one. */
  readonly offerId?: string;
  /** The wallet's authorization request (api/oauth/authorization-request.ts), sealed; gone once the issuance is closed. */
  readonly authorization?: Envelope;
  /** Where the browser is sent in the end, `{redirectUri, state?}`, sealed; stays when the rest is erased. */
  readonly returnTo?: Envelope;
  /** SHA-256 of the cookie of the browser that began it, base64url. */
  readonly browserHash?: string;
  readonly authenticationProviderId?: string;
  /** The login: `AuthenticatedHolder` (store/holder-steps.ts). */
  readonly authentication?: HolderStepDocument;
  /** What the interaction hook returned by the browser: `InteractionResult`. */
  readonly interaction?: HolderStepDocument;
  /** What it decided later, server to server: `InteractionResult`. */
  readonly approval?: HolderStepDocument;
  /** True where a user's record may hold claims for it. */
  readonly usesPersistedClaims?: boolean;
  readonly correlationId: string;
  /** Which key-encryption key the offer's codes are derived from. */
  readonly codeKey: string;
  readonly transactionCode?: TransactionCodeDocument;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  /** Hash of the creating request, where it carried an Idempotency-Key. */
  readonly requestFingerprint?: string;
  /** Claims of the offer; gone once the issuance is closed. */
  readonly claims?: Envelope;
  /** Answers of claims sources by source id; gone likewise. */
  readonly collected?: Readonly<Record<string, Envelope>>;
  /** When the issuer withdrew it: from then on the offer is not given out. */
  readonly withdrawnAt?: Date;
  readonly outcome?: IssuanceOutcome;
  readonly closedAt?: Date;
}

/** The ledger of issued credentials; `_id` is `<workflowId>/<requestId>`. Inserted once, never replaced. */
export interface IssuedCredentialsDocument extends StoredDocument {
  readonly sessionId: string;
  readonly configurationId: string;
  /** UUID by which the management API knows the entry: all its copies have one status. */
  readonly credentialId: string;
  readonly profile: CredentialProfile;
  /** `vct`, docType or type, as it was then. */
  readonly type: string;
  readonly userId: string;
  readonly count: number;
  readonly keyId: string;
  readonly issuedAt: Date;
  readonly validFrom?: Date;
  readonly validUntil?: Date;
  /** One entry a copy, where the configuration asks for a status. */
  readonly statuses?: readonly StatusEntryReference[];
  readonly statusPolicy?: { readonly suspendable: boolean; readonly revokeOn: readonly RevocationTrigger[] };
  /** What a mobile credential's parts hash to, one a copy: digests, never values. */
  readonly mobileDigests?: readonly MobileDigests[];
  /** Of a JSON-LD credential that was signed directly: what its issuer finds it by. */
  readonly tag?: string;
  /** The credential itself stays, sealed, for as long as the entry. */
  readonly persist?: boolean;
  /** Which source gave each top-level claim that was known; names only. */
  readonly claimOrigins?: Readonly<Record<string, ClaimOrigin>>;
  /** JSON array of the credentials; gone once collected and acknowledged, or after the purge time. */
  readonly sealed?: Envelope;
  /** First delivery by the deferred endpoint. */
  readonly collectedAt?: Date;
}

/** A place in a status list. */
export interface StatusEntryReference {
  readonly listId: string;
  readonly index: number;
}

/** The digests in the MSO of one mdoc, base64url; of each element under its name. */
export interface MobileDigests {
  readonly msoHash: string;
  readonly devicePublicKey: Readonly<Record<string, string>>;
  /** As a list, since names of namespaces and elements hold dots. */
  readonly elements: readonly {
    readonly namespace: string;
    readonly element: string;
    readonly digestId: number;
    readonly digest: string;
  }[];
}

/** Where a claim came from. Later ones in this list replace earlier ones: see docs/claims.md. */
export type ClaimOrigin = 'user' | 'authenticationProvider' | 'interactionHook' | 'offer' | 'claimSource';

/** A user, who holds what `claimsToPersist` names. */
export interface UserDocument extends StoredDocument {
  readonly claims?: Envelope;
  readonly authenticationProvider?: UserIdentity;
  readonly createdAt: Date;
  readonly updatedAt?: Date;
}

/** Who a user is at a provider. The subject may tell who somebody is, so it is sealed, with the user's id as context. */
export interface UserIdentity {
  readonly providerId: string;
  readonly url: string;
  readonly subject: Envelope;
}

/** Something that may be used once: a nonce, a DPoP proof. `usedBy` tells a repeat of the same request from a replay. */
export interface SpentDocument extends StoredDocument {
  readonly usedBy: string;
  /** When it would no longer be accepted anyway. */
  readonly expireAt: Date;
}

/** Whether the answer to a token request reached its wallet; `_id` is the attempt id. */
export interface TokenDeliveryDocument extends StoredDocument {
  readonly outcome: 'delivered' | 'lost';
  readonly expireAt: Date;
}

/** A running API process; `_id` is its instance name. */
export interface ApiInstanceDocument extends StoredDocument {
  readonly epoch: string;
  readonly seenAt: Date;
}

/** An entry of the append-only event log. Never personal data. */
export interface EventDocument extends StoredDocument {
  readonly type: string;
  readonly category: string;
  readonly timestamp: Date;
  readonly requestId: string;
  readonly clientId?: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly data: Readonly<Record<string, unknown>>;
}
