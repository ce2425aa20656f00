import { spawnSync } from 'node:child_process';
import { findOnPath } from '../engines/executables.js';

const LONGEST_MS = 600_000;

/** Whether packages of the system can be installed by this process without asking anybody. */
export function canInstall(path: string | undefined): boolean {
  return findOnPath('apt-get', path) !== undefined && process.getuid?.() === 0;
}

/** Installs a package of the system, and what it cannot do without. Whether that worked is to be seen from what is there then. */
export function installPackage(name: string): void {
  aptGet('update', '-qq');
  aptGet('install', '-y', '-qq', '--no-install-recommends', name);
}

function aptGet(...args: string[]): void {
  spawnSync('apt-get', args, {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    timeout: LONGEST_MS,
  });
}
