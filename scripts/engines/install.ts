import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { isExecutable } from './executables.js';
import { LockedError, takeLock } from './file-lock.js';
import { guardGroup, releaseGroup } from './process-guard.js';
import { findPython } from './python.js';
import { SetupError } from './setup-error.js';

const REQUIREMENTS = fileURLToPath(new URL('../engines-requirements.txt', import.meta.url));
const LOCK_WAIT_MS = 600_000;

/** The programs of a complete `.engines`. */
export interface InstalledEngines {
  readonly temporal: string;
  readonly temporalTestServer: string;
  /** The embedded MongoDB: command and first arguments. A script's own first line would name the folder it was made in. */
  readonly secantus: readonly [command: string, ...args: string[]];
}

interface InstallOptions {
  /** `.engines`. Holds one folder per version of the requirements, made aside and renamed when complete. */
  readonly folder: string;
  readonly progress: (line: string) => void;
  readonly requirements?: string;
  /** PATH to look for Python on. */
  readonly path?: string;
}

/**
 * Gives the embedded engines, making them first where they are missing, half-made or of another version.
 *
 * @throws {SetupError} where that cannot be done
 */
export async function installEngines({
  folder,
  progress,
  requirements = REQUIREMENTS,
  path,
}: InstallOptions): Promise<InstalledEngines> {
  const version = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 12);
  const home = join(folder, version);
  if (await isComplete(home)) return programs(home);
  const release = await waitForLock({ file: join(folder, 'lock'), progress });
  try {
    if (await isComplete(home)) return programs(home);
    await make({ folder, home, requirements, progress, path });
  } finally {
    release();
  }
  return programs(home);
}

function programs(home: string): InstalledEngines {
  const bin = join(home, 'bin');
  return {
    temporal: join(bin, 'temporal'),
    temporalTestServer: join(bin, 'temporal-test-server'),
    secantus: [join(bin, 'python3'), join(bin, 'secantusd-py')],
  };
}

/** The stamp is written last; the rest finds what was deleted since, by hand or with the Python it was made by. */
async function isComplete(home: string): Promise<boolean> {
  if (!existsSync(join(home, 'complete'))) return false;
  const { temporal, temporalTestServer, secantus } = programs(home);
  if (![temporal, temporalTestServer, secantus[0], secantus[1] ?? ''].every(isExecutable)) return false;
  try {
    await promisify(execFile)(secantus[0], ['-c', 'import secantus.server'], { timeout: 30_000 });
    return true;
  } catch {
    return false;
  }
}

async function make(options: {
  folder: string;
  home: string;
  requirements: string;
  progress: (line: string) => void;
  path: string | undefined;
}) {
  const { folder, home, requirements, progress, path } = options;
  const python = findPython(path);
  for (const name of readdirSync(folder)) {
    if (!name.startsWith('lock')) rmSync(join(folder, name), { recursive: true, force: true });
  }
  const aside = join(folder, 'unfinished');
  mkdirSync(aside);
  progress('Making the embedded Temporal and MongoDB (about 120 MB to download, once)');
  await run({ command: python, args: ['-m', 'venv', aside], progress });
  const pip = ['-m', 'pip', 'install', '--require-hashes', '--only-binary=:all:', '--no-deps', '--no-input'];
  await run({
    command: join(aside, 'bin', 'python3'),
    args: [...pip, '--disable-pip-version-check', '--progress-bar=off', '-r', requirements],
    progress,
  });
  writeFileSync(join(aside, 'complete'), `${new Date().toISOString()}\n`);
  renameSync(aside, home);
  if (!(await isComplete(home)))
    throw new SetupError(`The embedded engines do not run after their installation: delete ${folder} and try again.`);
  progress('The embedded engines are ready');
}

async function run({
  command,
  args,
  progress,
}: {
  command: string;
  args: readonly string[];
  progress: (line: string) => void;
}): Promise<void> {
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
  throw new SetupError(
    `The embedded engines could not be installed: check the network (or pip's proxy and index settings) and try again, or set TEMPORAL_ADDRESS and MONGODB_URI to servers of your own.\n${last.join('\n')}`,
  );
}

async function waitForLock({ file, progress }: { file: string; progress: (line: string) => void }): Promise<() => void> {
  const deadline = performance.now() + LOCK_WAIT_MS;
  for (let told = false; ; told = true) {
    try {
      return takeLock(file);
    } catch (error) {
      if (!(error instanceof LockedError)) throw error;
      if (performance.now() > deadline) {
        throw new SetupError(`Process ${error.pid} has been making the embedded engines for too long: end it and try again.`);
      }
      if (!told) progress(`Waiting for process ${error.pid}, which is making the embedded engines`);
      await delay(500);
    }
  }
}
