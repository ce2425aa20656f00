import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ManagedProcess } from '../../engines/managed-process.js';
import { freePort } from '../../engines/ports.js';
import type { SubjectProcesses } from '../subject.js';

/** The provider at which holders are taken to have logged in. */
export interface BenchProvider {
  /** Its issuer identifier; on `localhost`. */
  readonly url: string;
  readonly process: ManagedProcess;
}

/** Starts the provider as a process of its own, so that its processor time can be told from the issuer's. */
export async function startProvider(processes: SubjectProcesses): Promise<BenchProvider> {
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const provider = new ManagedProcess({
    name: 'the provider',
    command: process.execPath,
    args: ['--import', 'tsx', fileURLToPath(new URL('./provider.ts', import.meta.url))],
    env: { PORT: String(port) },
    logFile: join(processes.folder, 'provider.log'),
    ready: async (signal) => {
      const answer = await fetch(`${url}/keys`, { signal });
      await answer.text();
      if (!answer.ok) throw new Error(`the provider answers ${answer.status}`);
    },
  });
  return { url, process: await processes.start(provider) };
}
