import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ManagedProcess } from '../engines/managed-process.js';

/** Something under load: freshly started processes and the generator that knows how to load them. */
export interface Subject {
  /** The processes whose processor time is told, by name. */
  readonly processes: Readonly<Record<string, ManagedProcess>>;
  readonly generator: string;
  /** What the generator needs to reach it. */
  readonly target: unknown;
}

/** Starts what a subject needs in the order given, and stops all of it, the last first. */
export class SubjectProcesses {
  /** Empty folder for its data and logs; deleted with it. */
  readonly folder = mkdtempSync(join(tmpdir(), 'chancery-bench-'));
  readonly #started: ManagedProcess[] = [];

  async start<P extends ManagedProcess>(process: P): Promise<P> {
    this.#started.push(process);
    await process.start();
    return process;
  }

  async stop(): Promise<void> {
    for (const process of this.#started.toReversed()) await process.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
