import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { guardGroup, releaseGroup } from './process-guard.js';
import { waitUntil } from './wait-until.js';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface ProcessOptions {
  /** For messages: `the API`. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Added to this process's environment; `undefined` removes a variable. */
  readonly env?: Environment;
  readonly cwd?: string;
  /** File its output is appended to; without it, it writes to ours. */
  readonly logFile?: string;
  /** Throws until the process can be used. */
  readonly ready?: (signal: AbortSignal) => Promise<void>;
  readonly readyTimeoutMs?: number;
  /** Called when it ends and nobody asked it to; not while `start` waits for it, which then throws. */
  readonly onUnexpectedExit?: (exit: ProcessExit) => void;
}

export interface ProcessExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

interface Running {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly exited: Promise<ProcessExit>;
}

/** The process ended before it could be used. */
export class ProcessStartError extends Error {
  override readonly name = 'ProcessStartError';
}

/**
 * A child process in a group of its own, so that a Ctrl-C in the terminal reaches only us and we end it in our order;
 * it ends with us even if we are killed.
 */
export class ManagedProcess {
  readonly #options: ProcessOptions;
  #running: Running | undefined;
  #endIsExpected = false;
  #startIsAwaited = false;

  constructor(options: ProcessOptions) {
    this.#options = options;
  }

  get name(): string {
    return this.#options.name;
  }

  get running(): boolean {
    return this.#running !== undefined;
  }

  /** @throws {Error} while it does not run */
  get pid(): number {
    if (this.#running === undefined) throw new Error(`${this.name} does not run`);
    return this.#running.pid;
  }

  /**
   * Starts it and waits until it is ready.
   *
   * @param run.env for this run only, over the options' environment
   * @param run.waitUntilReady false returns at once
   * @throws {ProcessStartError} if it ends first, or is not ready in time; with the last lines of its log
   */
  async start({ env = {}, waitUntilReady = true }: { env?: Environment; waitUntilReady?: boolean } = {}): Promise<void> {
    if (this.#running !== undefined) throw new Error(`${this.name} runs already`);
    const running = this.#spawn(env);
    const { ready, readyTimeoutMs = 30_000 } = this.#options;
    if (ready === undefined || !waitUntilReady) return;
    this.#startIsAwaited = true;
    const ended = new AbortController();
    void running.exited.then(({ code, signal }) => {
      ended.abort(new Error(`it ended with ${signal ?? `exit code ${code}`}`));
    });
    try {
      await waitUntil(() => ready(ended.signal), {
        what: `${this.name} to be ready`,
        timeoutMs: readyTimeoutMs,
        signal: ended.signal,
      });
    } catch (cause) {
      await this.kill('SIGKILL');
      const reason = cause instanceof Error ? cause.message : String(cause);
      const own = this.#fatalMessage();
      throw new ProcessStartError(`${this.name} did not start: ${own ?? `${reason}${this.#lastLines()}`}`, { cause });
    } finally {
      this.#startIsAwaited = false;
    }
  }

  /** Resolves when the present run ends; at once if there is none. */
  async exited(): Promise<ProcessExit | undefined> {
    return this.#running?.exited;
  }

  /** Sends the signal to the whole group; resolves when the process has ended if the signal is one that ends it. */
  async kill(signal: NodeJS.Signals): Promise<void> {
    const running = this.#running;
    if (running === undefined) return;
    const ends = signal === 'SIGKILL' || signal === 'SIGTERM' || signal === 'SIGINT';
    if (ends) this.#endIsExpected = true;
    signalGroup(running.pid, signal);
    if (ends) await running.exited;
  }

  /** Asks it to end, and makes it after `graceMs`. */
  async stop({ graceMs = 15_000 }: { graceMs?: number } = {}): Promise<void> {
    const running = this.#running;
    if (running === undefined) return;
    const timer = setTimeout(() => {
      signalGroup(running.pid, 'SIGKILL');
    }, graceMs);
    await this.kill('SIGTERM');
    clearTimeout(timer);
  }

  async restart(run: { env?: Environment; waitUntilReady?: boolean } = {}): Promise<void> {
    await this.stop();
    await this.start(run);
  }

  /** All it has written so far, over all runs. */
  log(): string {
    const { logFile } = this.#options;
    return logFile === undefined ? '' : readFileSync(logFile, 'utf8');
  }

  #spawn(env: Environment): Running {
    const { command, args, cwd, logFile } = this.#options;
    const log = logFile === undefined ? undefined : openSync(logFile, 'a', 0o600);
    const output = log ?? 'inherit';
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...this.#options.env, ...env },
      detached: true,
      stdio: ['ignore', output, output],
    });
    if (log !== undefined) closeSync(log);
    const pid = child.pid ?? 0;
    if (pid > 0) guardGroup(pid);
    this.#endIsExpected = false;
    const exited = new Promise<ProcessExit>((resolve) => {
      child.once('error', () => {
        resolve({ code: 127, signal: null });
      });
      child.once('exit', (code, signal) => {
        resolve({ code, signal });
      });
    }).then((exit) => {
      if (pid > 0) {
        // What it may have left behind in its group goes with it.
        signalGroup(pid, 'SIGKILL');
        releaseGroup(pid);
      }
      if (this.#running?.child === child) this.#running = undefined;
      if (!this.#endIsExpected && !this.#startIsAwaited) this.#options.onUnexpectedExit?.(exit);
      return exit;
    });
    this.#running = { child, pid, exited };
    return this.#running;
  }

  /** What one of our processes says last before it gives up: a line of JSON at the level "fatal". */
  #fatalMessage(): string | undefined {
    const last = this.log().trimEnd().split('\n').at(-1) ?? '';
    const [, message] = /^\{"level":60,.*"message":("(?:[^"\\]|\\.)*")/.exec(last) ?? [];
    return message === undefined ? undefined : (JSON.parse(message) as string);
  }

  #lastLines(): string {
    const lines = this.log().trimEnd().split('\n').slice(-25).join('\n');
    return lines === '' ? '' : `\n--- end of its log\n${lines}\n---`;
  }
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  // The group 0 would be our own.
  if (pid < 2) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // It has ended already.
  }
}
