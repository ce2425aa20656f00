import { UNMATCHABLE_SECRET_HASH } from '../../store/client-secret.js';
import type { Database } from '../../store/database.js';
import type { ClientDocument } from '../../store/documents.js';
import { findClient } from '../../store/management-clients.js';
import { ClientSecrets } from '../oauth/client-secrets.js';

export interface ClientCredentials {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** Authenticates management clients. The client itself is read each time, so a changed secret counts at once. */
export class ClientAuthentication {
  readonly #db: Database;
  readonly #secrets: ClientSecrets;

  /** @param options.now milliseconds since the epoch */
  constructor({ db, now }: { db: Database; now: () => number }) {
    this.#db = db;
    this.#secrets = new ClientSecrets({ now });
  }

  /**
   * The client, or `undefined` for an unknown client or a wrong secret; both take the same time.
   *
   * @throws {UnavailableError} when too many checks wait
   */
  async authenticate({ clientId, clientSecret }: ClientCredentials): Promise<ClientDocument | undefined> {
    const client = await findClient(this.#db, clientId);
    const secretHash = client?.secretHash ?? UNMATCHABLE_SECRET_HASH;
    const isRight = await this.#secrets.matches(clientSecret, secretHash);
    return isRight && client !== null ? client : undefined;
  }
}
