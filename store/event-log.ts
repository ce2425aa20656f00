import { randomBytes } from 'node:crypto';
import type { Database } from './database.js';
import type { EventDocument } from './documents.js';
import { isDuplicateKey } from './database.js';

/** An event to append. `id` makes a repeat of the same event count once. */
export interface NewEvent {
  readonly id?: string;
  readonly issuerId: string;
  readonly type: string;
  readonly category: string;
  readonly requestId: string;
  readonly clientId?: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly data?: Readonly<Record<string, unknown>>;
}

const FLUSH_AFTER_MS = 200;
const MOST_WAITING = 10_000;
const MOST_IN_ONE_WRITE = 500;

/**
 * Appends events in batches, off the request's path: a process that dies loses at most the last 200 ms of them, and a
 * database that is away costs none until 10,000 wait.
 */
export class EventLog {
  readonly #db: Database;
  readonly #now: () => number;
  readonly #onError: (error: unknown, lost: number) => void;
  #waiting: EventDocument[] = [];
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor({
    db,
    now = Date.now,
    onError,
  }: {
    db: Database;
    now?: () => number;
    onError: (error: unknown, lost: number) => void;
  }) {
    this.#db = db;
    this.#now = now;
    this.#onError = onError;
  }

  record(event: NewEvent): void {
    if (this.#waiting.length >= MOST_WAITING) {
      this.#onError(new Error('too many events wait for the database'), 1);
      return;
    }
    const { id, metadata = {}, data = {}, ...rest } = event;
    this.#waiting.push({
      ...rest,
      metadata,
      data,
      _id: id ?? randomBytes(16).toString('base64url'),
      timestamp: new Date(this.#now()),
    });
    this.#timer ??= setTimeout(() => void this.flush(), FLUSH_AFTER_MS).unref();
  }

  /** Writes what waits; resolves when it is written or was given up for now. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#writing = this.#writing.then(() => this.#write());
    return this.#writing;
  }

  async #write(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.slice(0, MOST_IN_ONE_WRITE);
      try {
        await this.#db.events.insertMany(batch, { ordered: false });
      } catch (error) {
        if (!isDuplicateKey(error)) {
          this.#onError(error, 0);
          this.#timer ??= setTimeout(() => void this.flush(), 5 * FLUSH_AFTER_MS).unref();
          return;
        }
      }
      this.#waiting.splice(0, batch.length);
    }
  }
}
