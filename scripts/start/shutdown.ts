import type { ManagedProcess } from '../engines/managed-process.js';

/** Thrown out of the start when it is told to stop in the middle. */
class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/** Requests end first, then the work they gave, then the servers both use. */
const ORDER = ['api', 'worker', 'engines'] as const;

/** Ends everything in order, once, and then this process. */
export class Shutdown {
  readonly #processes: Record<(typeof ORDER)[number], ManagedProcess[]> = { api: [], worker: [], engines: [] };
  readonly #before: (() => void)[] = [];
  readonly #after: (() => void)[] = [];
  #stopping: Promise<void> | undefined;

  get begun(): boolean {
    return this.#stopping !== undefined;
  }

  /** Call it before the processes start. @throws {Interrupted} if the end has begun */
  manage(stage: (typeof ORDER)[number], ...processes: ManagedProcess[]): void {
    if (this.begun) throw new Interrupted('told to stop');
    this.#processes[stage].push(...processes);
  }

  before(action: () => void): void {
    this.#before.push(action);
  }

  after(action: () => void): void {
    this.#after.push(action);
  }

  /** Stops on the terminal's and the system's signals, and when the npm that runs us is gone. A second signal does not wait. */
  onSignals(): void {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        // What still runs ends with this process.
        if (this.begun) process.exit(130);
        void this.stop({ code: 0 });
      });
    }
    if (process.env.npm_lifecycle_event === undefined) return;
    const parent = process.ppid;
    setInterval(() => {
      if (process.ppid !== parent) void this.stop({ code: 0 });
    }, 1000).unref();
  }

  stop({ code, sentence }: { code: number; sentence?: string }): Promise<void> {
    this.#stopping ??= this.#end(code, sentence);
    return this.#stopping;
  }

  async #end(code: number, sentence: string | undefined): Promise<void> {
    if (sentence !== undefined) console.error(`\n${sentence}`);
    for (const action of this.#before) action();
    if (
      Object.values(this.#processes)
        .flat()
        .some(({ running }) => running)
    )
      console.log('\nStopping');
    for (const stage of ORDER) await Promise.all(this.#processes[stage].map((child) => child.stop()));
    for (const action of this.#after) action();
    process.exit(code);
  }
}
