import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SetupError } from './setup-error.js';

const MARKER = 'made-by';

/**
 * Makes an engine's data folder and writes into it which engine it belongs to.
 *
 * @param options.engine name of the engine, e.g. `secantusdb`
 * @returns the folder for the engine's own files
 * @throws {SetupError} if another engine made it
 */
export function claimDataFolder({ folder, engine }: { folder: string; engine: string }): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const marker = join(folder, MARKER);
  if (existsSync(marker)) {
    const maker = readFileSync(marker, 'utf8').trim();
    if (maker !== engine) {
      throw new SetupError(
        `The data in ${folder} was made by ${maker} and cannot be opened with ${engine}: start with ${maker} again, or set DATA_DIR to another folder.`,
      );
    }
  } else if (readdirSync(folder).length > 0) {
    throw new SetupError(
      `The folder ${folder} holds data of an unknown engine: move it away, or set DATA_DIR to another folder.`,
    );
  } else {
    writeFileSync(marker, `${engine}\n`, { mode: 0o600 });
  }
  const files = join(folder, 'files');
  mkdirSync(files, { recursive: true, mode: 0o700 });
  return files;
}
