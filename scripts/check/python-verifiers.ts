import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { ensurePythonEnvironment } from '../engines/python-environment.js';

const REQUIREMENTS = fileURLToPath(new URL('../verifiers-requirements.txt', import.meta.url));
const PROBE = 'import cwt, cbor2, cryptography, zlib';

/**
 * Gives the Python that has the tests' independent verifiers, making its environment under `ENGINES_DIR` first where it is
 * missing, half-made or of another version.
 *
 * @returns the path of its `python3`
 * @throws {SetupError} where that cannot be done
 */
export async function ensurePythonVerifiers({
  env = process.env,
  progress = () => undefined,
}: {
  env?: Readonly<Record<string, string | undefined>>;
  progress?: (line: string) => void;
} = {}): Promise<string> {
  const engines = env.ENGINES_DIR === undefined || env.ENGINES_DIR === '' ? '.engines' : env.ENGINES_DIR;
  const home = await ensurePythonEnvironment({
    folder: join(resolve(engines), 'verifiers'),
    requirements: REQUIREMENTS,
    name: "the tests' Python verifiers",
    announcement: "Making the tests' Python verifiers (about 6 MB to download, once)",
    runs,
    progress,
    path: env.PATH,
  });
  return pythonOf(home);
}

function pythonOf(home: string): string {
  return join(home, 'bin', 'python3');
}

async function runs(home: string): Promise<boolean> {
  try {
    await promisify(execFile)(pythonOf(home), ['-c', PROBE], { timeout: 30_000 });
    return true;
  } catch {
    return false;
  }
}
