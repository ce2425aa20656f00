import type { Logger } from 'pino';
import type { Config } from '../config/config.js';
import type { ReachFaultPoint } from '../config/fault-point.js';
import type { KeyEncryptionRing } from '../keys/key-encryption.js';
import type { KeyStores } from '../keys/key-store.js';
import type { Database } from '../store/database.js';
import type { EventLog } from '../store/event-log.js';
import type { IssuerDirectory } from '../store/issuer-directory.js';
import type { StatusPublications } from '../store/status-publication.js';
import type { IssuanceClient } from './issuance-client.js';
import type { OfferClient } from './offer-client.js';

/** Everything the endpoints work with. */
export interface ApiContext {
  readonly config: Config;
  readonly db: Database;
  readonly directory: IssuerDirectory;
  readonly ring: KeyEncryptionRing;
  readonly stores: KeyStores;
  readonly issuances: IssuanceClient;
  readonly offers: OfferClient;
  readonly statusPublications: StatusPublications;
  readonly events: EventLog;
  readonly logger: Logger;
  /** `<name>/<epoch>` of this process. */
  readonly instance: string;
  readonly reach: ReachFaultPoint;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}
