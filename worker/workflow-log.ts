import { DefaultLogger, type Logger as TemporalLogger } from '@temporalio/worker';
import type { Logger } from 'pino';

const KEPT = new Set([
  'workflowId',
  'runId',
  'workflowType',
  'activityType',
  'activityId',
  'attempt',
  'taskQueue',
  'namespace',
  'sdkComponent',
]);

/** Writes Temporal's log entries through ours, with their ids and without their error texts. */
export function workflowLogger(parent: Logger): TemporalLogger {
  return new DefaultLogger('WARN', ({ level, message, meta }) => {
    const fields: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(meta ?? {})) if (KEPT.has(name)) fields[name] = value;
    const error: unknown = meta?.error;
    if (error instanceof Error) fields.error = error.name;
    if (level === 'ERROR') parent.error(fields, message);
    else parent.warn(fields, message);
  });
}
