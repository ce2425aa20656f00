import { setTimeout as delay } from 'node:timers/promises';
import type { Response } from 'express';
import { lastSignOfLife, type SignOfLife } from '../../store/api-instances.js';
import { isDuplicateKey, type Database } from '../../store/database.js';
import type { TokenDeliveryDocument } from '../../store/documents.js';
import type { AlreadyRedeemed } from '../../workflows/messages.js';

/*
 * Whether a token answer reached its wallet.
 *
 * A pre-authorized code is redeemable once, and the workflow makes sure of it. But between that redemption and the
 * wallet's receiving the answer a process may die, and then the wallet's plain retry must succeed. So a code may be
 * redeemed again, in place of an earlier attempt, if the answer to that attempt cannot have left us in full:
 *
 * - its process saw the connection close before the answer was written, or answered with an error (`lost`), or
 * - its process died before it noted what became of the answer.
 *
 * In every other case (`delivered`, still being answered, token used) the code counts as used: `invalid_grant`. Where
 * that cannot be told yet, the wallet is asked to come again.
 *
 * Who could exploit this? Somebody who holds the code, and the transaction code where there is one: the workflow checks
 * both in a second redemption as in the first. Such a person could have redeemed the offer before its holder did; what
 * the takeover adds is a chance after a loss that we saw, or after the death of a process. What they cannot get is a
 * second valid token: the new attempt replaces the token id of the old one, so a token that did reach its wallet is
 * refused from then on and the holder notices, exactly as if the code had been stolen before. A takeover is refused
 * once the token was used, and by another DPoP key than the one the first attempt showed.
 *
 * The one way to take over an attempt whose answer did arrive is a process that died (or was cut off from the database
 * for over 10 seconds) in the instant between handing the answer to the operating system and noting it.
 */

type Outcome = TokenDeliveryDocument['outcome'];

/** What may be concluded of an earlier attempt. */
export type Fate = 'delivered' | 'lost' | 'uncertain';

/** Follows one attempt until its answer has left or cannot leave any more. */
export interface FollowedAttempt {
  /** The workflow refused it: there is nothing to note. */
  refused(): void;
}

const MOST_WAITING = 10_000;
const MOST_IN_ONE_WRITE = 500;
const RETRY_MS = 250;
/** Together longer than the time between two heartbeats. */
const LOOK_AGAIN_MS = 200;
const MOST_LOOKS = 13;
/** A note is kept this much longer than the token it is about, so that clocks may differ. */
const KEPT_LONGER_MS = 3_600_000;

/** Notes what became of token answers, off the requests' path, and judges by the notes. */
export class TokenDeliveries {
  readonly #db: Database;
  readonly #issuerId: string;
  readonly #instance: string;
  readonly #now: () => number;
  readonly #onError: (error: unknown) => void;
  readonly #waiting = new Map<string, TokenDeliveryDocument>();
  #writing: Promise<void> | undefined;

  /** @param options.instance `<name>/<epoch>` of this process */
  constructor({
    db,
    issuerId,
    instance,
    now,
    onError,
  }: {
    db: Database;
    issuerId: string;
    instance: string;
    now: () => number;
    onError: (error: unknown) => void;
  }) {
    this.#db = db;
    this.#issuerId = issuerId;
    this.#instance = instance;
    this.#now = now;
    this.#onError = onError;
  }

  /**
   * Follows the answer of an attempt; call it before the attempt is made.
   *
   * @param attempt.tokenExpiresAt milliseconds since the epoch
   */
  follow(response: Response, attempt: { readonly attemptId: string; readonly tokenExpiresAt: number }): FollowedAttempt {
    const onFinish = () => settle(response.statusCode === 200 ? 'delivered' : 'lost');
    const onClose = () => settle('lost');
    const stop = () => response.off('finish', onFinish).off('close', onClose);
    const settle = (outcome: Outcome) => {
      stop();
      this.#note(attempt, outcome);
    };
    if (response.closed) onClose();
    else response.once('finish', onFinish).once('close', onClose);
    return { refused: stop };
  }

  /** What became of the answer of the attempt that holds the code. */
  async fateOf({ attemptId, apiInstance, used }: AlreadyRedeemed): Promise<Fate> {
    if (used) return 'delivered';
    const waiting = this.#waiting.get(attemptId);
    if (waiting !== undefined) return waiting.outcome;
    if (apiInstance === this.#instance) return (await this.#noted(attemptId)) ?? 'delivered';
    return this.#fateElsewhere(attemptId, apiInstance);
  }

  /** However fresh the last sign of life of another process is, it may have died since: it is alive when it gives one more. */
  async #fateElsewhere(attemptId: string, apiInstance: string): Promise<Fate> {
    let firstSeen: number | undefined;
    for (let looks = 1; ; looks += 1) {
      // In this order: a process seen dead can have noted nothing since.
      const { liveness, seenAt } = await this.#signOfLife(apiInstance);
      const noted = await this.#noted(attemptId);
      if (noted !== undefined) return noted;
      if (liveness !== 'alive') return liveness === 'dead' ? 'lost' : 'uncertain';
      firstSeen ??= seenAt;
      if (seenAt !== firstSeen) return 'delivered';
      if (looks === MOST_LOOKS) return 'uncertain';
      await delay(LOOK_AGAIN_MS);
    }
  }

  async #noted(attemptId: string): Promise<Outcome | undefined> {
    return (await this.#db.tokenDeliveries.findOne({ _id: attemptId, issuerId: this.#issuerId }))?.outcome;
  }

  /** Resolves when all that is known is written, or could not be for now. */
  async flush(): Promise<void> {
    await this.#write();
  }

  #signOfLife(apiInstance: string): Promise<SignOfLife> {
    const slash = apiInstance.lastIndexOf('/');
    const [name, epoch] = [apiInstance.slice(0, slash), apiInstance.slice(slash + 1)];
    return lastSignOfLife({ db: this.#db, name, epoch, now: this.#now() });
  }

  #note({ attemptId, tokenExpiresAt }: { attemptId: string; tokenExpiresAt: number }, outcome: Outcome): void {
    if (this.#waiting.size >= MOST_WAITING) {
      this.#onError(new Error('too many token deliveries wait for the database'));
      return;
    }
    const expireAt = new Date(tokenExpiresAt + KEPT_LONGER_MS);
    this.#waiting.set(attemptId, { _id: attemptId, issuerId: this.#issuerId, outcome, expireAt });
    void this.#write();
  }

  #write(): Promise<void> {
    this.#writing ??= this.#writeAll().finally(() => {
      this.#writing = undefined;
    });
    return this.#writing;
  }

  async #writeAll(): Promise<void> {
    while (this.#waiting.size > 0) {
      const batch = [...this.#waiting.values()].slice(0, MOST_IN_ONE_WRITE);
      try {
        await this.#db.tokenDeliveries.insertMany(batch, { ordered: false });
      } catch (error) {
        if (!isDuplicateKey(error)) {
          this.#onError(error);
          setTimeout(() => void this.#write(), RETRY_MS).unref();
          return;
        }
      }
      for (const { _id } of batch) this.#waiting.delete(_id);
    }
  }
}
