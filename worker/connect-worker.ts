import { NativeConnection, Worker, type WorkerOptions } from '@temporalio/worker';
import type { TemporalConnectionOptions } from '../config/temporal-connection.js';

/** A worker that is ready to run, and its connection to Temporal, to be closed after it. */
export interface ConnectedWorker {
  readonly worker: Worker;
  readonly connection: NativeConnection;
}

interface Connecting {
  readonly temporal: TemporalConnectionOptions;
  readonly options: Omit<WorkerOptions, 'connection'>;
  readonly onFailure: (error: unknown, attempt: number) => void;
}

const PING_DEADLINE_MS = 2000;
const LONGEST_PAUSE_MS = 3000;

/**
 * Makes the worker as soon as Temporal answers, however long that takes: a process does not end because a dependency is
 * away, and the two may start in any order.
 */
export async function connectWorker({ temporal, options, onFailure }: Connecting): Promise<ConnectedWorker> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await connectOnce(temporal, options);
    } catch (error) {
      onFailure(error, attempt);
      await new Promise((resolve) => setTimeout(resolve, Math.min(250 * attempt, LONGEST_PAUSE_MS)));
    }
  }
}

async function connectOnce(temporal: TemporalConnectionOptions, options: Connecting['options']): Promise<ConnectedWorker> {
  const connection = await NativeConnection.connect(temporal);
  try {
    return { worker: await Worker.create({ ...options, connection }), connection };
  } catch (error) {
    await connection.close();
    throw error;
  }
}

/** Resolves when Temporal answers; rejects where it does not within two seconds, or there is no connection yet. */
export async function pingTemporal(connection: NativeConnection | undefined): Promise<void> {
  if (connection === undefined) throw new Error('there is no connection to Temporal yet');
  await connection.withDeadline(Date.now() + PING_DEADLINE_MS, () => connection.workflowService.getSystemInfo({}));
}
