interface Window {
  attempts: number;
  /** Milliseconds since the epoch. */
  readonly endsAt: number;
}

const MOST_KEYS = 10_000;

/**
 * Bounds the failed attempts per key in a window of time, within this process.
 *
 * An attempt counts when it begins, so that many at once are not all let through; a successful one is given back.
 */
export class AttemptLimit {
  readonly #most: number;
  readonly #windowMs: number;
  readonly #now: () => number;
  readonly #windows = new Map<string, Window>();

  /** @param options.now milliseconds since the epoch */
  constructor({ most, windowMs, now }: { most: number; windowMs: number; now: () => number }) {
    this.#most = most;
    this.#windowMs = windowMs;
    this.#now = now;
  }

  /** Takes an attempt; returns 0, or the whole seconds to wait where none is left. */
  take(key: string): number {
    const now = this.#now();
    let window = this.#windows.get(key);
    if (window === undefined || window.endsAt <= now) {
      window = { attempts: 0, endsAt: now + this.#windowMs };
      // Put last, so that the oldest window is the one to make room.
      this.#windows.delete(key);
      if (this.#windows.size >= MOST_KEYS) this.#windows.delete(this.#windows.keys().next().value ?? '');
      this.#windows.set(key, window);
    }
    if (window.attempts >= this.#most) return Math.max(1, Math.ceil((window.endsAt - now) / 1000));
    window.attempts += 1;
    return 0;
  }

  /** Gives a successful attempt back. */
  giveBack(key: string): void {
    const window = this.#windows.get(key);
    if (window !== undefined && window.attempts > 0) window.attempts -= 1;
  }
}
