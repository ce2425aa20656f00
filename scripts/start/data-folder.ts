import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { LockedError, takeLock } from '../engines/file-lock.js';
import { SetupError } from '../engines/setup-error.js';

/**
 * Makes the data folder, for its owner's eyes only, and takes it for this process.
 *
 * @returns gives the folder back
 * @throws {SetupError} if it cannot be written, or another `npm start` has it
 */
export function openDataFolder(folder: string): () => void {
  try {
    mkdirSync(join(folder, 'logs'), { recursive: true, mode: 0o700 });
    chmodSync(folder, 0o700);
    return takeLock(join(folder, 'lock'));
  } catch (error) {
    if (error instanceof LockedError) {
      throw new SetupError(
        `Chancery runs already with the data in ${folder} (process ${error.pid}): stop it, or set DATA_DIR and the ports to others.`,
      );
    }
    const reason = (error as NodeJS.ErrnoException).code ?? 'an unknown error';
    throw new SetupError(`The data folder ${folder} cannot be used (${reason}): make it writable, or set DATA_DIR to another.`);
  }
}
