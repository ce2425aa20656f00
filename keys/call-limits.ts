import { SignerError } from './signer.js';

/** Time, as a parameter. */
export interface Clock {
  /** Milliseconds, of a clock that does not go back. */
  now(): number;
  /** Runs something once, so many milliseconds later. */
  after(milliseconds: number, run: () => void): void;
}

export interface CallLimitOptions {
  /** What is called, for messages. */
  readonly name: string;
  /** Calls at once. */
  readonly concurrency: number;
  /** Calls begun a second; a tenth of that, at least one, at once. */
  readonly perSecond: number;
  /** Calls that may wait for their turn. */
  readonly queue: number;
  /** Milliseconds that one may wait for its turn. */
  readonly patienceMs: number;
  readonly clock: Clock;
}

interface Waiting {
  readonly giveUpAt: number;
  readonly start: () => void;
  readonly giveUp: () => void;
}

/** The clock of this process. */
export const PROCESS_CLOCK: Clock = {
  now: () => performance.now(),
  after: (milliseconds, run) => void setTimeout(run, milliseconds).unref(),
};

/** Lets calls through in turn: so many at once, so many a second; of those that wait, the number and the time is bounded. */
export class CallLimits {
  readonly #options: CallLimitOptions;
  readonly #burst: number;
  readonly #waiting: Waiting[] = [];
  #running = 0;
  /** Calls that may begin now; a fraction while the next grows. */
  #allowance: number;
  #countedAt: number;
  #wakesAt = Infinity;

  constructor(options: CallLimitOptions) {
    this.#options = options;
    this.#burst = Math.max(1, options.perSecond / 10);
    this.#allowance = this.#burst;
    this.#countedAt = options.clock.now();
  }

  /** @throws {SignerError} retryable, where too many wait or its turn did not come in time, and whatever the call throws */
  async run<T>(call: () => Promise<T>): Promise<T> {
    await this.#turn();
    try {
      return await call();
    } finally {
      this.#running -= 1;
      this.#advance();
    }
  }

  #turn(): Promise<void> {
    const { name, queue, patienceMs, clock } = this.#options;
    const busy = () =>
      new SignerError(`${name} is asked for more than it may be; it is asked again in a while`, { retryable: true });
    return new Promise((resolve, reject) => {
      this.#waiting.push({ giveUpAt: clock.now() + patienceMs, start: resolve, giveUp: () => reject(busy()) });
      this.#advance();
      // The newest goes: the others have waited longer.
      if (this.#waiting.length > queue) this.#waiting.pop()?.giveUp();
    });
  }

  #advance(): void {
    const { concurrency, perSecond, clock } = this.#options;
    const now = clock.now();
    this.#allowance = Math.min(this.#burst, this.#allowance + ((now - this.#countedAt) / 1000) * perSecond);
    this.#countedAt = now;
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      if (now >= next.giveUpAt) next.giveUp();
      else if (this.#running < concurrency && this.#allowance >= 1) {
        this.#running += 1;
        this.#allowance -= 1;
        next.start();
      } else break;
      this.#waiting.shift();
    }
    this.#wake(now);
  }

  /** Comes back when the next may begin, or has waited too long: whichever is first. */
  #wake(now: number): void {
    const { concurrency, perSecond, clock } = this.#options;
    const [next] = this.#waiting;
    if (next === undefined) return;
    const untilAllowed = this.#running < concurrency ? ((1 - this.#allowance) / perSecond) * 1000 : Infinity;
    const pause = Math.ceil(Math.max(1, Math.min(untilAllowed, next.giveUpAt - now)));
    if (this.#wakesAt <= now + pause) return;
    const wakesAt = now + pause;
    this.#wakesAt = wakesAt;
    clock.after(pause, () => {
      if (this.#wakesAt === wakesAt) this.#wakesAt = Infinity;
      this.#advance();
    });
  }
}
