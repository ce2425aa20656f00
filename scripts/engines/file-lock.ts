import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

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

/**
 * Takes the lock by making the file, which holds our process id; one left by a process that is gone is taken over.
 *
 * @returns gives the lock back
 * @throws {LockedError}
 */
export function takeLock(file: string): () => void {
  mkdirSync(dirname(file), { recursive: true });
  for (;;) {
    if (make(file)) {
      return () => {
        if (holder(file) === process.pid) rmSync(file, { force: true });
      };
    }
    const pid = holder(file);
    if (pid !== undefined && pid !== process.pid && isAlive(pid)) throw new LockedError(file, pid);
    rmSync(file, { force: true });
  }
}

/** Linked into place with its content, so that nobody ever reads an empty lock. */
function make(file: string): boolean {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, String(process.pid), { mode: 0o600 });
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

function holder(file: string): number | undefined {
  try {
    const pid = Number(readFileSync(file, 'utf8'));
    return Number.isSafeInteger(pid) && pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
