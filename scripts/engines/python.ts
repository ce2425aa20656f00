import { execFileSync } from 'node:child_process';
import { findOnPath } from './executables.js';
import { SetupError } from './setup-error.js';

const SUPPORTED = ['3.10', '3.11', '3.12', '3.13'];
const NAMES = ['python3', 'python3.13', 'python3.12', 'python3.11', 'python3.10', 'python'];
const PROBE = 'import sys; print("%d.%d" % sys.version_info[:2]); import venv, ensurepip';
const WAY_OUT = 'or set TEMPORAL_ADDRESS and MONGODB_URI to servers of your own';

/**
 * The command of a Python that can make the engines' virtual environment.
 *
 * @throws {SetupError} naming what to install
 */
export function findPython(path?: string): string {
  const unfit: string[] = [];
  for (const name of NAMES) {
    const command = findOnPath(name, path);
    if (command === undefined) continue;
    const { version, complete } = probe(command);
    if (version === undefined) continue;
    if (!SUPPORTED.includes(version)) unfit.push(`Python ${version}`);
    else if (!complete) unfit.push(`Python ${version} without venv (on Debian and Ubuntu: apt-get install python3-venv)`);
    else return command;
  }
  const found = unfit.length === 0 ? 'no Python was found' : `there is only ${[...new Set(unfit)].join(' and ')}`;
  throw new SetupError(
    `The embedded Temporal and MongoDB need Python 3.10 to 3.13 with venv, and ${found}: install one (for example python3 and python3-venv), ${WAY_OUT}.`,
  );
}

function probe(command: string): { version?: string; complete: boolean } {
  try {
    const output = execFileSync(command, ['-c', PROBE], {
      encoding: 'utf8',
      timeout: 15_000,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return { ...versionIn(output), complete: true };
  } catch (error) {
    return { ...versionIn((error as { stdout?: string }).stdout ?? ''), complete: false };
  }
}

function versionIn(output: string): { version?: string } {
  return /^\d+\.\d+$/.test(output.trim()) ? { version: output.trim() } : {};
}
