import { SignerError } from './signer.js';

export interface CircuitBreakerOptions {
  /** What is called, for messages. */
  readonly name: string;
  /** Outages in a row after which nobody is called for a while. Default 5. */
  readonly failuresToOpen?: number;
  /** Milliseconds until one call is let through again. Default 5000. */
  readonly openMs?: number;
  /** Whether an error means that the callee is out of service; any other is an answer. */
  readonly isOutage: (error: unknown) => boolean;
  /** Told when it opens, and when it closes again. */
  readonly onChange?: (isOpen: boolean) => void;
  /** Milliseconds, of a clock that does not go back. */
  readonly now: () => number;
}

/**
 * Spares callers and callee the calls of an outage: after some in a row everybody is told at once to come again, until one
 * call, let through after a while, gets an answer.
 */
export class CircuitBreaker {
  readonly #options: CircuitBreakerOptions;
  #failures = 0;
  #opensUntil: number | undefined;
  #isProbing = false;

  constructor(options: CircuitBreakerOptions) {
    this.#options = options;
  }

  /** @throws {SignerError} retryable, where a call would not be let through now */
  check(): void {
    if (this.#opensUntil === undefined) return;
    if (!this.#isProbing && this.#options.now() >= this.#opensUntil) return;
    throw new SignerError(`${this.#options.name} is out of service; it is asked again in a while`, { retryable: true });
  }

  /** @throws {SignerError} as `check`, and whatever the call throws */
  async run<T>(call: () => Promise<T>): Promise<T> {
    this.check();
    const isProbe = this.#opensUntil !== undefined;
    this.#isProbing ||= isProbe;
    try {
      const result = await call();
      this.#answered();
      return result;
    } catch (error) {
      if (this.#options.isOutage(error)) this.#failed(isProbe);
      else this.#answered();
      throw error;
    } finally {
      if (isProbe) this.#isProbing = false;
    }
  }

  #answered(): void {
    this.#failures = 0;
    if (this.#opensUntil === undefined) return;
    this.#opensUntil = undefined;
    this.#options.onChange?.(false);
  }

  #failed(isProbe: boolean): void {
    const { failuresToOpen = 5, openMs = 5000, now, onChange } = this.#options;
    this.#failures += 1;
    const wasOpen = this.#opensUntil !== undefined;
    // What was under way when it opened says nothing new.
    if (wasOpen && !isProbe) return;
    if (!isProbe && this.#failures < failuresToOpen) return;
    this.#opensUntil = now() + openMs;
    if (!wasOpen) onChange?.(true);
  }
}
