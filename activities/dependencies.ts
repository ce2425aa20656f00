import type { ReachFaultPoint } from '../config/fault-point.js';
import type { KeyEncryptionRing } from '../keys/key-encryption.js';
import type { KeyStores } from '../keys/key-store.js';
import type { GuardedFetch } from '../outbound/guarded-fetch.js';
import type { Database } from '../store/database.js';
import type { EventLog } from '../store/event-log.js';
import type { IssuerDirectory } from '../store/issuer-directory.js';
import type { StatusPublications } from '../store/status-publication.js';

/** Counts what the activities did, for the metrics. */
export interface IssuanceMeter {
  issued(format: string, count: number): void;
  closed(outcome: string): void;
  claimsSourceAnswered(result: string, seconds: number): void;
}

/** What the activities work with. */
export interface ActivityDependencies {
  readonly db: Database;
  readonly directory: IssuerDirectory;
  readonly ring: KeyEncryptionRing;
  readonly stores: KeyStores;
  readonly events: EventLog;
  readonly fetch: GuardedFetch;
  readonly meter: IssuanceMeter;
  readonly statusPublications: StatusPublications;
  /** Entries of a status list that is opened now. */
  readonly statusListSize: number;
  readonly issuerIdentifier: string;
  /** The extended key usage of status-list signers, an OID; absent for none. */
  readonly statusSigningUsage?: string | undefined;
  readonly reach: ReachFaultPoint;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}
