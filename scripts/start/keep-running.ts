import { setTimeout as delay } from 'node:timers/promises';
import type { ManagedProcess, ProcessExit } from '../engines/managed-process.js';

const LONGEST_PAUSE_MS = 10_000;
const STEADY_AFTER_MS = 60_000;

interface KeepRunningOptions {
  readonly progress: (line: string) => void;
  /** Called when a process ends again and again. */
  readonly giveUp: (sentence: string) => void;
  readonly attempts?: number;
  /** Milliseconds before the first new start; each further one waits twice as long. */
  readonly pauseMs?: number;
}

/** Starts processes again that ended unasked, with growing pauses, and gives up on one that does not stay up. */
export class KeepRunning {
  readonly #options: Required<KeepRunningOptions>;
  readonly #failures = new Map<ManagedProcess, { count: number; since: number }>();
  readonly #stopped = new AbortController();

  constructor(options: KeepRunningOptions) {
    this.#options = { attempts: 5, pauseMs: 500, ...options };
  }

  /** From now on nothing is started again. */
  stop(): void {
    this.#stopped.abort();
  }

  async ended(child: ManagedProcess, { code, signal }: ProcessExit): Promise<void> {
    const { progress, giveUp, attempts, pauseMs } = this.#options;
    if (this.#isStopped()) return;
    const now = performance.now();
    const earlier = this.#failures.get(child) ?? { count: 0, since: now };
    const count = now - earlier.since > STEADY_AFTER_MS ? 1 : earlier.count + 1;
    this.#failures.set(child, { count, since: now });
    const how = signal ?? `exit code ${code}`;
    if (count > attempts) {
      giveUp(`${child.name} ends again and again (${how}): see the end of its log.`);
      return;
    }
    progress(`${child.name} ended unexpectedly (${how}); starting it again`);
    try {
      await delay(Math.min(pauseMs * 2 ** (count - 1), LONGEST_PAUSE_MS), undefined, { signal: this.#stopped.signal });
      // Ready or not: if it ends once more, we hear of it.
      await child.start({ waitUntilReady: false });
    } catch (error) {
      if (!this.#isStopped()) giveUp(error instanceof Error ? error.message : String(error));
    }
  }

  #isStopped(): boolean {
    return this.#stopped.signal.aborted;
  }
}
