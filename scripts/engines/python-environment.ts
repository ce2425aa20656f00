import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { LockedError, takeLock } from './file-lock.js';
import { guardGroup, releaseGroup } from './process-guard.js';
import { findPython } from './python.js';
import { SetupError } from './setup-error.js';

const LOCK_WAIT_MS = 600_000;

/** A virtual environment of Python that this program makes for itself. */
export interface PythonEnvironment {
  /** Holds one folder per version of the requirements, made aside and renamed when complete. */
  readonly folder: string;
  /** A requirements file with pinned hashes. */
  readonly requirements: string;
  /** What people call what is in it, e.g. `the embedded engines`. */
  readonly name: string;
  /** What is said before it is made. */
  readonly announcement: string;
  /** How else to help oneself, after "try again". */
  readonly wayOut?: string;
  /** Whether everything in a finished environment is there and runs. */
  readonly runs: (home: string) => Promise<boolean>;
  readonly progress: (line: string) => void;
  /** PATH to look for Python on. */
  readonly path?: string | undefined;
}

/**
 * Gives the environment's folder, making it first where it is missing, half-made or of another version.
 *
 * @throws {SetupError} where that cannot be done
 */
export async function ensurePythonEnvironment(wanted: PythonEnvironment): Promise<string> {
  const { folder, requirements } = wanted;
  const version = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 12);
  const home = join(folder, version);
  if (await isComplete(wanted, home)) return home;
  const release = await waitForLock(wanted);
  try {
    if (!(await isComplete(wanted, home))) await make(wanted, home);
  } finally {
    release();
  }
  return home;
}

/** The stamp is written last; the rest finds what was deleted since, by hand or with the Python it was made by. */
async function isComplete({ runs }: PythonEnvironment, home: string): Promise<boolean> {
  return existsSync(join(home, 'complete')) && runs(home);
}

async function make(wanted: PythonEnvironment, home: string): Promise<void> {
  const { folder, requirements, name, announcement, progress, path } = wanted;
  const python = findPython(path);
  for (const old of readdirSync(folder)) {
    // Other environments have folders of their own in it.
    if (/^(?:[0-9a-f]{12}|unfinished)$/.test(old)) rmSync(join(folder, old), { recursive: true, force: true });
  }
  const aside = join(folder, 'unfinished');
  mkdirSync(aside);
  progress(announcement);
  await run(wanted, { command: python, args: ['-m', 'venv', aside] });
  const pip = ['-m', 'pip', 'install', '--require-hashes', '--only-binary=:all:', '--no-deps', '--no-input'];
  await run(wanted, {
    command: join(aside, 'bin', 'python3'),
    args: [...pip, '--disable-pip-version-check', '--progress-bar=off', '-r', requirements],
  });
  writeFileSync(join(aside, 'complete'), `${new Date().toISOString()}\n`);
  renameSync(aside, home);
  if (!(await isComplete(wanted, home)))
    throw new SetupError(`${capitalized(name)} do not run after their installation: delete ${folder} and try again.`);
  progress(`${capitalized(name)} are ready`);
}

async function run(
  { name, wayOut, progress }: PythonEnvironment,
  { command, args }: { command: string; args: readonly string[] },
): Promise<void> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  if (child.pid !== undefined) guardGroup(child.pid);
  const last: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      last.push(line);
      if (last.length > 15) last.shift();
      const download = /^\s*Downloading (\S+)( \(.*\))?/.exec(line);
      if (download !== null) progress(`  downloading ${download[1]?.split('/').pop() ?? ''}${download[2] ?? ''}`);
      else if (line.startsWith('Installing collected packages')) progress('  installing');
    });
  }
  const code = await new Promise<number | null>((resolve) => {
    child.once('error', () => {
      resolve(127);
    });
    child.once('close', resolve);
  });
  if (child.pid !== undefined) releaseGroup(child.pid);
  if (code === 0) return;
  const advice = `check the network (or pip's proxy and index settings) and try again${wayOut === undefined ? '' : `, ${wayOut}`}`;
  throw new SetupError(`${capitalized(name)} could not be installed: ${advice}.\n${last.join('\n')}`);
}

async function waitForLock({ folder, name, progress }: PythonEnvironment): Promise<() => void> {
  const deadline = performance.now() + LOCK_WAIT_MS;
  for (let told = false; ; told = true) {
    try {
      return takeLock(join(folder, 'lock'));
    } catch (error) {
      if (!(error instanceof LockedError)) throw error;
      if (performance.now() > deadline)
        throw new SetupError(`Process ${error.pid} has been making ${name} for too long: end it and try again.`);
      if (!told) progress(`Waiting for process ${error.pid}, which is making ${name}`);
      await delay(500);
    }
  }
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
