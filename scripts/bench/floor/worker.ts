import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { floorActivities } from './activities.js';
import { FLOOR_TASK_QUEUE } from './target.js';

const logger = new DefaultLogger('WARN');
Runtime.install({ logger });
const connection = await NativeConnection.connect({ address: process.env.TEMPORAL_ADDRESS ?? '127.0.0.1:7233' });
const worker = await Worker.create({
  connection,
  namespace: 'default',
  taskQueue: FLOOR_TASK_QUEUE,
  workflowBundle: await bundleWorkflowCode({ workflowsPath: fileURLToPath(new URL('./workflow.ts', import.meta.url)), logger }),
  activities: floorActivities,
  // As in worker/main.ts.
  stickyQueueScheduleToStartTimeout: '2s',
  shutdownGraceTime: '10s',
  maxConcurrentActivityTaskExecutions: 100,
  maxConcurrentLocalActivityExecutions: 100,
});
await worker.run();
await connection.close();
