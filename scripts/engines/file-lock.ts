import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { processStart } from './process-identity.js';

/** Another process holds the lock. */
export class LockedError extends Error {
  override readonly name = 'LockedError';
  constructor(
    readonly file: string,
    readonly pid: number,
  ) {
    super(`process ${pid} holds ${file}`);
  }
}

/** Files of the locks this process has. */
const held = new Set<string>();

/**
 * Takes the lock by making the file, which holds our process id and start; one left by a process that is gone is taken over.
 *
 * @returns gives the lock back
 * @throws {LockedError}
 */
export function takeLock(file: string): () => void {
  mkdirSync(dirname(file), { recursive: true });
  for (;;) {
    if (make(file)) {
      held.add(file);
      let given = false;
      return () => {
        if (!given && held.delete(file)) rmSync(file, { force: true });
        given = true;
      };
    }
    if (held.has(file)) throw new LockedError(file, process.pid);
    const other = holder(file);
    if (other !== undefined && other.pid !== process.pid && isAlive(other)) throw new LockedError(file, other.pid);
    rmSync(file, { force: true });
  }
}

/** Linked into place with its content, so that nobody ever reads an empty lock. */
function make(file: string): boolean {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${process.pid} ${processStart(process.pid) ?? ''}`, { mode: 0o600 });
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  } finally {
    rmSync(draft, { force: true });
  }
}

interface Holder {
  readonly pid: number;
  readonly start: string;
}

function holder(file: string): Holder | undefined {
  try {
    const [, pid, start] = /^(\d+) ?(.*)$/.exec(readFileSync(file, 'utf8').trim()) ?? [];
    return pid === undefined || Number(pid) < 1 ? undefined : { pid: Number(pid), start: start ?? '' };
  } catch {
    return undefined;
  }
}

function isAlive({ pid, start }: Holder): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  // Where either is not known, the number alone must do.
  const actual = processStart(pid);
  return start === '' || actual === undefined || actual === start;
}
