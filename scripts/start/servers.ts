import { join } from 'node:path';
import type { Config } from '../../config/config.js';
import type { Environment, ManagedProcess, ProcessExit } from '../engines/managed-process.js';
import { ServerProcess } from '../engines/server-process.js';

interface ServersOptions {
  readonly config: Config;
  readonly env: Environment;
  readonly logFolder: string;
  readonly onUnexpectedExit: (child: ManagedProcess, exit: ProcessExit) => void;
}

/** The API and the worker, not started yet. Their logs go to files, in production to ours. */
export function createServers({ config, env, logFolder, onUnexpectedExit }: ServersOptions): {
  api: ServerProcess;
  worker: ServerProcess;
} {
  const create = (what: 'api' | 'worker', options: { name: string; port: number }): ServerProcess => {
    const server: ServerProcess = new ServerProcess({
      ...options,
      script: `${what}/main.ts`,
      env,
      onUnexpectedExit: (exit) => {
        onUnexpectedExit(server, exit);
      },
      ...(config.production ? {} : { logFile: join(logFolder, `${what}.log`) }),
    });
    return server;
  };
  return {
    api: create('api', { name: 'The API', port: config.PORT }),
    worker: create('worker', { name: 'The worker', port: config.WORKER_PORT }),
  };
}
