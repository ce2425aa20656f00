import { NativeConnection, Worker, type WorkerOptions } from '@temporalio/worker';
import type { TemporalConnectionOptions } from '../config/temporal-connection.js';

/** Workers that are ready to run, and their connection to Temporal, to be closed after them. */
export interface ConnectedWorkers {
  readonly workers: readonly Worker[];
  readonly connection: NativeConnection;
}

interface Connecting {
  readonly temporal: TemporalConnectionOptions;
  /** One for each worker; each has a task queue of its own. */
  readonly options: readonly Omit<WorkerOptions, 'connection'>[];
  readonly onFailure: (error: unknown, attempt: number) => void;
}

const PING_DEADLINE_MS = 2000;
const LONGEST_PAUSE_MS = 3000;

/**
 * Makes the workers as soon as Temporal answers, however long that takes: a process does not end because a dependency is
 * away, and the two may start in any order.
 */
export async function connectWorkers({ temporal, options, onFailure }: Connecting): Promise<ConnectedWorkers> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await connectOnce(temporal, options);
    } catch (error) {
      onFailure(error, attempt);
      await new Promise((resolve) => setTimeout(resolve, Math.min(250 * attempt, LONGEST_PAUSE_MS)));
    }
  }
}

async function connectOnce(temporal: TemporalConnectionOptions, options: Connecting['options']): Promise<ConnectedWorkers> {
  const connection = await NativeConnection.connect(temporal);
  const workers: Worker[] = [];
  try {
    for (const each of options) workers.push(await Worker.create({ ...each, connection }));
    return { workers, connection };
  } catch (error) {
    // A connection is closed only after the workers that hold it, and a worker ends only after it ran.
    await Promise.allSettled(workers.map((worker) => worker.runUntil(Promise.resolve())));
    await connection.close();
    throw error;
  }
}

/** Runs workers until a signal ends them; where one ends by a fault the others end as well, after the tasks at hand. */
export async function runWorkers(workers: readonly Worker[]): Promise<void> {
  const endOthers = () => {
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
  };
  const ends = await Promise.allSettled(workers.map((worker) => worker.run().finally(endOthers)));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}

/** Resolves when Temporal answers; rejects where it does not within two seconds, or there is no connection yet. */
export async function pingTemporal(connection: NativeConnection | undefined): Promise<void> {
  if (connection === undefined) throw new Error('there is no connection to Temporal yet');
  await connection.withDeadline(Date.now() + PING_DEADLINE_MS, () => connection.workflowService.getSystemInfo({}));
}
