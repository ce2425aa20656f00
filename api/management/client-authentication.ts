import { createHmac, randomBytes } from 'node:crypto';
import { isClientSecret, UNMATCHABLE_SECRET_HASH } from '../../store/client-secret.js';
import type { Database } from '../../store/database.js';
import type { ClientDocument } from '../../store/documents.js';
import { findClient } from '../../store/management-clients.js';
import { UnavailableError } from '../http/errors.js';

export interface ClientCredentials {
  readonly clientId: string;
  readonly clientSecret: string;
}

const MOST_AT_ONCE = 2;
const MOST_WAITING = 30;
const REMEMBER_MS = 300_000;
const MOST_REMEMBERED = 1000;

/**
 * Checks client secrets. scrypt is costly by design: few run at once, few wait, and a success is remembered for five
 * minutes under a key that only this process knows. The client itself is read each time, so a changed secret counts at once.
 */
export class ClientAuthentication {
  readonly #db: Database;
  readonly #now: () => number;
  readonly #key = randomBytes(32);
  readonly #succeeded = new Map<string, number>();
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  /** @param options.now milliseconds since the epoch */
  constructor({ db, now }: { db: Database; now: () => number }) {
    this.#db = db;
    this.#now = now;
  }

  /**
   * The client, or `undefined` for an unknown client or a wrong secret; both take the same time.
   *
   * @throws {UnavailableError} when too many checks wait
   */
  async authenticate({ clientId, clientSecret }: ClientCredentials): Promise<ClientDocument | undefined> {
    const client = await findClient(this.#db, clientId);
    const secretHash = client?.secretHash ?? UNMATCHABLE_SECRET_HASH;
    const fingerprint = createHmac('sha256', this.#key).update(`${secretHash}\0${clientId}\0${clientSecret}`).digest('base64url');
    if ((this.#succeeded.get(fingerprint) ?? 0) > this.#now()) return client ?? undefined;
    const matches = await this.#inTurn(() => isClientSecret(clientSecret, secretHash));
    if (!matches || client === null) return undefined;
    if (this.#succeeded.size >= MOST_REMEMBERED) this.#succeeded.delete(this.#succeeded.keys().next().value ?? '');
    this.#succeeded.set(fingerprint, this.#now() + REMEMBER_MS);
    return client;
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= MOST_AT_ONCE) {
      if (this.#waiting.length >= MOST_WAITING) throw new UnavailableError('too many clients authenticate at once; try again');
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else this.#running += 1;
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      // The place goes straight to the next in line.
      if (next === undefined) this.#running -= 1;
      else next();
    }
  }
}
