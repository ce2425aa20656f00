import { join } from 'node:path';
import type { Config } from '../../config/config.js';
import type { Environment, ManagedProcess, ProcessExit } from '../engines/managed-process.js';
import { ServerProcess } from '../engines/server-process.js';
import { allowingDemoServices } from './demo-services.js';
import type { StartSettings } from './settings.js';

interface ServersOptions {
  readonly config: Config;
  readonly settings: StartSettings;
  readonly env: Environment;
  readonly logFolder: string;
  readonly onUnexpectedExit: (child: ManagedProcess, exit: ProcessExit) => void;
}

interface Servers {
  readonly api: ServerProcess;
  readonly worker: ServerProcess;
  /** Where they are wanted. */
  readonly demo?: ServerProcess;
}

/** The API, the worker and the demo's services, not started yet. Their logs go to files, in production to ours. */
export function createServers({ config, settings, env, logFolder, onUnexpectedExit }: ServersOptions): Servers {
  const create = (what: string, options: { name: string; script: string; port: number; env: Environment }): ServerProcess => {
    const server: ServerProcess = new ServerProcess({
      ...options,
      onUnexpectedExit: (exit) => {
        onUnexpectedExit(server, exit);
      },
      ...(config.production ? {} : { logFile: join(logFolder, `${what}.log`) }),
    });
    return server;
  };
  const { demoPorts, dataFolder } = settings;
  const own = demoPorts === undefined ? env : { ...env, ...allowingDemoServices(config, demoPorts) };
  return {
    api: create('api', { name: 'The API', script: 'api/main.ts', port: config.PORT, env: own }),
    worker: create('worker', { name: 'The worker', script: 'worker/main.ts', port: config.WORKER_PORT, env: own }),
    ...(demoPorts === undefined
      ? {}
      : {
          demo: create('demo', {
            name: 'The demo of a provider, an interaction hook and a claims source',
            script: 'scripts/demo-services.ts',
            port: demoPorts.DEMO_PROVIDER_PORT,
            env: { DATA_DIR: dataFolder, PUBLIC_URL: config.PUBLIC_URL },
          }),
        }),
  };
}
