import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { guardGroup, releaseGroup } from '../../scripts/engines/process-guard.js';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

type Environment = Readonly<Record<string, string | undefined>>;

export interface Ended {
  /** `null` where a signal ended it. */
  readonly code: number | null;
  /** All it has written, errors included. */
  readonly output: string;
}

export interface CommandOptions {
  readonly env?: Environment;
  readonly cwd?: string;
}

/** A command of ours, started as from a terminal: in a process group of its own, which a Ctrl-C reaches as a whole. */
export class Command {
  readonly #ended: Promise<Ended>;
  readonly #pid: number;
  #output = '';
  #over = false;

  /** @param words program and arguments */
  constructor([program, ...args]: readonly [string, ...string[]], { env = {}, cwd = ROOT }: CommandOptions = {}) {
    const child = spawn(program, args, {
      cwd,
      env: { ...process.env, ...noSettings(), ...env },
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const pid = child.pid ?? 0;
    this.#pid = pid;
    guardGroup(pid);
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        this.#output += text;
      });
    }
    this.#ended = new Promise((resolve) => {
      child.once('close', (code) => {
        releaseGroup(pid);
        this.#over = true;
        resolve({ code, output: this.#output });
      });
    });
  }

  get output(): string {
    return this.#output;
  }

  get ended(): Promise<Ended> {
    return this.#ended;
  }

  /** Waits for the text. @throws {Error} with all output if it ends, or if a minute passes, without it */
  async prints(text: string): Promise<void> {
    const giveUpAt = Date.now() + 60_000;
    while (!this.#output.includes(text)) {
      if (this.#over || Date.now() > giveUpAt) throw new Error(`it never printed "${text}", but:\n${this.#output}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Ctrl-C. */
  interrupt(): Promise<Ended> {
    return this.#signal('SIGINT');
  }

  /** Ends its processes without asking; what it started is not in its group. */
  kill(): Promise<Ended> {
    return this.#signal('SIGKILL');
  }

  #signal(signal: NodeJS.Signals): Promise<Ended> {
    try {
      process.kill(-this.#pid, signal);
    } catch {
      // It has ended already.
    }
    return this.#ended;
  }
}

/** Runs it to its end. */
export function run(words: readonly [string, ...string[]], options?: CommandOptions): Promise<Ended> {
  return new Command(words, options).ended;
}

/** `node scripts/start.mjs` to its end. */
export function runStart(env: Environment): Promise<Ended> {
  return run([process.execPath, 'scripts/start.mjs'], { env });
}

/** Takes out what the developer or the test runner has set; empty variables count as unset, and a `.env` does not fill them. */
function noSettings(): Environment {
  const example = readFileSync(`${ROOT}/.env.example`, 'utf8');
  const names = [...example.matchAll(/^#([A-Z][A-Z0-9_]+)=/gm)].map(([, name]) => name as string);
  const settings = names.flatMap((name) => [name, `${name}_FILE`]);
  const npm = Object.keys(process.env).filter((name) => name.startsWith('npm_'));
  const enginesFolder = process.env.ENGINES_DIR;
  return {
    ...Object.fromEntries(settings.map((name) => [name, ''] as const)),
    ...Object.fromEntries(['NODE_OPTIONS', 'VITEST', ...npm].map((name) => [name, undefined] as const)),
    ...(enginesFolder === undefined ? {} : { ENGINES_DIR: enginesFolder }),
  };
}
