import type { WorkerOptions } from '@temporalio/worker';
import { signerTaskQueue } from '../workflows/activity-types.js';

interface SignerLimits {
  /** Attempts a second, of all workers of the queue together. */
  readonly perSecond: number;
  /** Attempts at once, of this worker. */
  readonly concurrency: number;
}

const POLLS = 2;

/**
 * The worker of the activities that call key stores, beside the one given: on a queue of its own, so that a slow store holds
 * up nothing else, and in number and rate what the stores bear.
 */
export function signerWorkerOptions(
  { namespace, taskQueue, dataConverter, activities, interceptors, shutdownGraceTime }: SharedOptions,
  { perSecond, concurrency }: SignerLimits,
): Omit<WorkerOptions, 'connection'> {
  return {
    namespace,
    dataConverter,
    activities,
    interceptors,
    shutdownGraceTime,
    taskQueue: signerTaskQueue(taskQueue),
    maxTaskQueueActivitiesPerSecond: perSecond,
    maxConcurrentActivityTaskExecutions: concurrency,
    maxConcurrentActivityTaskPolls: Math.min(POLLS, concurrency),
  };
}

/** Of the worker of the issuances. */
type SharedOptions = {
  readonly [
    Option in 'namespace' | 'taskQueue' | 'dataConverter' | 'activities' | 'interceptors' | 'shutdownGraceTime'
  ]-?: NonNullable<WorkerOptions[Option]>;
};
