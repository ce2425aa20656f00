import type { CredentialProfile } from './configuration-documents.js';
import type { Duration, StoredDocument } from './documents.js';

/** How a credential names its place in a status list. */
export type StatusMechanism = 'token-status-list' | 'bitstring-status-list' | 'revocation-list-2020' | 'cwt-revocation-list';

/** 0 valid, 1 invalid, 2 suspended (Token Status List 7). */
export type StatusValue = 0 | 1 | 2;

/** How long a mobile document type's lists are good. `_id` is a UUID. */
export interface StatusListConfigurationDocument extends StoredDocument {
  readonly docType: string;
  /** The token's `ttl`. Default a day. */
  readonly timeToLiveDuration: Duration;
  /** Its `exp`. Default a week. */
  readonly expiryDuration: Duration;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** A status list. `_id` is a UUID. What it says follows from its entries alone. */
export interface StatusListDocument extends StoredDocument {
  readonly profile: CredentialProfile;
  readonly mechanism: StatusMechanism;
  readonly bits: 1 | 2;
  readonly size: number;
  /** Lists of one pool follow one another; of each pool the newest takes entries. */
  readonly pool: string;
  readonly sequence: number;
  /** Of a mobile list: under which root it is signed, and for how long. */
  readonly iacaId?: string;
  readonly statusListConfigurationId?: string;
  /** Of a W3C list: the DID that signs it. */
  readonly issuerDid?: string;
  /** Counts changes of entries. A publication of an earlier revision is out of date. */
  readonly revision: number;
  readonly createdAt: Date;
}

/** An index that is taken. `_id` is `<listId>/<index>`: inserted once, never deleted while its list lives. */
export interface StatusEntryDocument extends StoredDocument {
  readonly listId: string;
  readonly index: number;
  /** `<ledger id>/<copy>`: a run that comes again finds its own. */
  readonly ownerId: string;
  readonly status: StatusValue;
  readonly changedAt?: Date;
}

/** The signed forms of a list, as they are served. `_id` is the list's. */
export interface PublishedStatusListDocument extends StoredDocument {
  /** The list's revision that it shows. */
  readonly revision: number;
  /** By media type or by purpose: each a signed document, ready to send. */
  readonly forms: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch. */
  readonly issuedAt: number;
  readonly expiresAt: number;
  /** Seconds that copies may be kept. */
  readonly ttlSeconds: number;
}
