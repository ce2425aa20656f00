import { resolve } from 'node:path';
import { ManagedProcess, type Environment, type ProcessExit } from './managed-process.js';

export interface ServerOptions {
  readonly name: string;
  /** Relative to the project, in whose folder this process runs: `api/main.ts`. */
  readonly script: string;
  readonly port: number;
  /** Settings of config/config.ts, over this process's own; `undefined` takes one away. */
  readonly env: Environment;
  readonly logFile?: string;
  readonly onUnexpectedExit?: (exit: ProcessExit) => void;
}

/** An API or worker process, started from source (scripts/run.mjs) and ready when its `/readyz` says so. */
export class ServerProcess extends ManagedProcess {
  readonly port: number;
  /** On the loopback, of this very process; the issuer's public URL may be another's. */
  readonly url: string;

  constructor({ name, script, port, env, logFile, onUnexpectedExit }: ServerOptions) {
    const url = `http://127.0.0.1:${port}`;
    super({
      name,
      command: process.execPath,
      args: [resolve('scripts/run.mjs'), resolve(script)],
      env,
      ready: (signal) => isReady(url, signal),
      readyTimeoutMs: 90_000,
      ...(logFile === undefined ? {} : { logFile }),
      ...(onUnexpectedExit === undefined ? {} : { onUnexpectedExit }),
    });
    this.port = port;
    this.url = url;
  }

  /** What `/readyz` answers at the moment. */
  readiness(): Promise<Response> {
    return fetch(`${this.url}/readyz`, { signal: AbortSignal.timeout(5000) });
  }
}

async function isReady(url: string, signal: AbortSignal): Promise<void> {
  const response = await fetch(`${url}/readyz`, { signal: AbortSignal.any([signal, AbortSignal.timeout(5000)]) });
  const body = await response.text();
  if (response.status !== 200) throw new Error(`/readyz answers ${response.status} ${body.slice(0, 300)}`);
}
