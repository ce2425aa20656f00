import type { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { ActivityInboundCallsInterceptor } from '@temporalio/worker';
import type { Logger } from 'pino';
import type { WorkerMetrics } from './metrics.js';

/**
 * Measures every attempt of an activity, and keeps what a driver or parser says out of Temporal: failures that are not
 * ours by design leave as their class name only.
 */
export function measuredActivity(context: Context, metrics: WorkerMetrics, logger: Logger): ActivityInboundCallsInterceptor {
  const { activityType, attempt, workflowExecution } = context.info;
  return {
    async execute(input, next) {
      const started = performance.now();
      try {
        return await next(input);
      } catch (error) {
        const failure = asFailure(error);
        metrics.activityFailed(activityType, failure.type ?? 'Error');
        logger.warn(
          { activity: activityType, attempt, workflowId: workflowExecution?.workflowId, type: failure.type },
          'an activity attempt failed',
        );
        throw failure;
      } finally {
        metrics.activityTook(activityType, (performance.now() - started) / 1000);
      }
    },
  };
}

function asFailure(error: unknown): ApplicationFailure {
  if (error instanceof ApplicationFailure) return error;
  const type = error instanceof Error ? error.name : 'Error';
  return ApplicationFailure.create({ type, message: `failed with ${type}` });
}
