import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { claimDataFolder } from './data-folder.js';
import type { MongoEngine } from './locate.js';
import { ManagedProcess, type ProcessExit } from './managed-process.js';
import { listening } from './ports.js';

export interface MongoOptions {
  readonly engine: MongoEngine;
  /** Folder that keeps its data. */
  readonly folder: string;
  readonly port: number;
  readonly logFile?: string;
  readonly onUnexpectedExit?: (exit: ProcessExit) => void;
}

/**
 * Where the embedded server is to be found. Without retryable writes: for each write it looks through those of the last half
 * hour, so that it becomes slow; it forgets them when it is killed; and ours bear to be repeated.
 */
export function embeddedMongoUri(port: number): string {
  return `mongodb://127.0.0.1:${port}/?directConnection=true&retryWrites=false`;
}

/** A MongoDB server on the loopback that keeps every acknowledged write. */
export class MongoServer extends ManagedProcess {
  readonly uri: string;

  constructor({ engine, folder, port, logFile, onUnexpectedExit }: MongoOptions) {
    const files = claimDataFolder({ folder, engine: engine.kind });
    const uri = embeddedMongoUri(port);
    super({
      name: 'MongoDB',
      command: engine.command,
      args: [...engine.args, ...(engine.kind === 'mongod' ? mongodFlags : secantusFlags)({ folder, files, port })],
      ready: () => listening(port).then(() => answers(uri)),
      ...(logFile === undefined ? {} : { logFile }),
      ...(onUnexpectedExit === undefined ? {} : { onUnexpectedExit }),
    });
    this.uri = uri;
  }
}

interface Placement {
  readonly folder: string;
  readonly files: string;
  readonly port: number;
}

function mongodFlags({ files, port }: Placement): string[] {
  return ['--bind_ip', '127.0.0.1', '--port', String(port), '--dbpath', files, '--nounixsocket'];
}

function secantusFlags({ folder, files, port }: Placement): string[] {
  // Told of no settings file, it would look for one in the home folder.
  const settings = join(folder, 'settings.toml');
  writeFileSync(settings, '', { mode: 0o600 });
  return [
    ...['--config', settings, '--host', '127.0.0.1', '--port', String(port), '--storage-path', files],
    // Without it a kill loses acknowledged writes.
    ...['--sync-on-commit', '--log-level', 'WARNING'],
  ];
}

async function answers(uri: string): Promise<void> {
  const client = new MongoClient(uri, { serverSelectionTimeoutMS: 1000, connectTimeoutMS: 1000, maxPoolSize: 1 });
  try {
    await client.db('admin').command({ ping: 1 });
  } finally {
    await client.close();
  }
}
