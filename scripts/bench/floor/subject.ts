import proto from '@temporalio/proto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Connection } from '@temporalio/client';
import { ManagedProcess } from '../../engines/managed-process.js';
import type { Flow } from '../options.js';
import type { Subject, SubjectProcesses } from '../subject.js';
import { startTemporal } from '../temporal.js';
import { FLOOR_TASK_QUEUE, type FloorTarget } from './target.js';

/** A Temporal server with the settings ours has, and a worker for the bare workflow. */
export async function startFloor(processes: SubjectProcesses, flow: Flow): Promise<Subject> {
  const { folder } = processes;
  const temporal = await startTemporal(processes);
  const worker = await processes.start(
    new ManagedProcess({
      name: "the floor's worker",
      command: process.execPath,
      args: ['--import', 'tsx', fileURLToPath(new URL('./worker.ts', import.meta.url))],
      env: { TEMPORAL_ADDRESS: temporal.address },
      logFile: join(folder, 'worker.log'),
      ready: () => isPolled(temporal.address),
    }),
  );
  const target: FloorTarget = { temporalAddress: temporal.address, flow };
  return { processes: { temporal, worker }, generator: fileURLToPath(new URL('./load.ts', import.meta.url)), target };
}

async function isPolled(address: string): Promise<void> {
  const connection = await Connection.connect({ address });
  try {
    const { pollers } = await connection.withDeadline(Date.now() + 3000, () =>
      connection.workflowService.describeTaskQueue({
        namespace: 'default',
        taskQueue: { name: FLOOR_TASK_QUEUE },
        taskQueueType: proto.temporal.api.enums.v1.TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
      }),
    );
    if (pollers.length === 0) throw new Error('no worker polls the task queue');
  } finally {
    await connection.close();
  }
}
