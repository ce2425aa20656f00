import type { ReachFaultPoint } from '../config/fault-point.js';
import type { KeyEncryptionRing } from '../keys/key-encryption.js';
import type { GuardedFetch } from '../outbound/guarded-fetch.js';
import type { Database } from '../store/database.js';
import type { EventLog } from '../store/event-log.js';
import type { IssuerDirectory } from '../store/issuer-directory.js';

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
  readonly events: EventLog;
  readonly fetch: GuardedFetch;
  readonly meter: IssuanceMeter;
  readonly issuerIdentifier: string;
  readonly reach: ReachFaultPoint;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}
