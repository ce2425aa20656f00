import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import { SEARCH_ATTRIBUTES } from '../../workflows/search-attributes.js';
import { claimDataFolder } from './data-folder.js';
import { ManagedProcess, type ProcessExit } from './managed-process.js';
import { listening } from './ports.js';
import { ensureSearchAttributes, SEARCH_ATTRIBUTE_TYPES } from './search-attributes.js';

export interface TemporalOptions {
  /** The `temporal` command-line tool. */
  readonly command: string;
  /** Folder that keeps its database. */
  readonly folder: string;
  readonly port: number;
  readonly uiPort: number;
  readonly namespace?: string;
  /** What Temporal UI decodes payloads with: `<PUBLIC_URL>/v1/temporal/codec`. */
  readonly codecEndpoint?: string;
  readonly logFile?: string;
  readonly onUnexpectedExit?: (exit: ProcessExit) => void;
}

/** A file-backed Temporal server with its UI, on the loopback, search attributes registered. */
export class TemporalServer extends ManagedProcess {
  readonly address: string;
  readonly uiUrl: string;

  constructor(options: TemporalOptions) {
    const { command, folder, port, uiPort, namespace = 'default', codecEndpoint, logFile, onUnexpectedExit } = options;
    const address = `127.0.0.1:${port}`;
    super({
      name: 'Temporal',
      command,
      args: [
        ...['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(port), '--ui-port', String(uiPort)],
        ...['--namespace', namespace, '--db-filename', join(claimDataFolder({ folder, engine: 'temporal' }), 'temporal.db')],
        // Survives the kill of any process, at a third of a full sync's cost (docs/performance.md).
        ...['--sqlite-pragma', 'journal_mode=wal', '--sqlite-pragma', 'synchronous=1'],
        ...['--dynamic-config-value', 'history.transferProcessorMaxPollRPS=100'],
        ...SEARCH_ATTRIBUTES.flatMap(({ name, type }) => ['--search-attribute', `${name}=${SEARCH_ATTRIBUTE_TYPES[type].cli}`]),
        ...(codecEndpoint === undefined ? [] : ['--ui-codec-endpoint', codecEndpoint]),
        ...['--ui-disable-news-fetch', '--log-level', 'warn'],
      ],
      env: { GOGC: '400', TEMPORAL_ADDRESS: undefined, TEMPORAL_NAMESPACE: undefined, TEMPORAL_API_KEY: undefined },
      ready: () => listening(port).then(() => answers({ address, namespace })),
      ...(logFile === undefined ? {} : { logFile }),
      ...(onUnexpectedExit === undefined ? {} : { onUnexpectedExit }),
    });
    this.address = address;
    this.uiUrl = `http://localhost:${uiPort}`;
  }
}

async function answers({ address, namespace }: { address: string; namespace: string }): Promise<void> {
  const connection = await Connection.connect({ address, connectTimeout: 1000 });
  try {
    await connection.withDeadline(Date.now() + 3000, () => ensureSearchAttributes({ connection, namespace }));
  } finally {
    await connection.close();
  }
}
