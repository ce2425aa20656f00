import { createHmac, randomBytes } from 'node:crypto';
import { isClientSecret } from '../../store/client-secret.js';
import { UnavailableError } from '../http/errors.js';

const MOST_AT_ONCE = 2;
const MOST_WAITING = 30;
const REMEMBER_MS = 300_000;
const MOST_REMEMBERED = 1000;

/**
 * Checks client secrets against their hashes. scrypt is costly by design: few checks run at once, few wait, and a success
 * is remembered for five minutes under a key that only this process knows. It is remembered with the hash, so that a
 * changed secret counts at once.
 */
export class ClientSecrets {
  readonly #now: () => number;
  readonly #key = randomBytes(32);
  readonly #matched = new Map<string, number>();
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  /** @param options.now milliseconds since the epoch */
  constructor({ now }: { now: () => number }) {
    this.#now = now;
  }

  /**
   * Whether the secret is the one the hash was made of.
   *
   * @throws {UnavailableError} when too many checks wait
   */
  async matches(secret: string, secretHash: string): Promise<boolean> {
    const fingerprint = createHmac('sha256', this.#key).update(`${secretHash}\0${secret}`).digest('base64url');
    if ((this.#matched.get(fingerprint) ?? 0) > this.#now()) return true;
    const isMatch = await this.#inTurn(() => isClientSecret(secret, secretHash));
    if (isMatch) this.#remember(fingerprint);
    return isMatch;
  }

  #remember(fingerprint: string): void {
    // Anew at the end: the first is the one that was remembered longest ago.
    this.#matched.delete(fingerprint);
    if (this.#matched.size >= MOST_REMEMBERED) this.#matched.delete(this.#matched.keys().next().value ?? '');
    this.#matched.set(fingerprint, this.#now() + REMEMBER_MS);
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
