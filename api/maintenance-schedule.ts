import { ScheduleAlreadyRunning, ScheduleOverlapPolicy, type ScheduleOptions } from '@temporalio/client';
import type { Config } from '../config/config.js';
import { MAINTENANCE_WORKFLOW, type MaintenanceInput } from '../workflows/maintenance-messages.js';
import * as attributes from '../workflows/search-attributes.js';
import type { TemporalClient } from './temporal-client.js';

const DEADLINE_MS = 10_000;

/**
 * Makes the schedule of an issuer's maintenance, or brings it up to date. Safe to repeat, and in several processes at once.
 *
 * @throws {UnavailableError} while Temporal is away
 */
export async function ensureMaintenanceSchedule({
  config,
  temporal,
  issuerId,
}: {
  config: Config;
  temporal: TemporalClient;
  issuerId: string;
}): Promise<void> {
  const { schedule } = temporal.client;
  const options = scheduleOf(config, issuerId);
  await temporal.within(DEADLINE_MS, async () => {
    try {
      await schedule.create(options);
    } catch (error) {
      if (!(error instanceof ScheduleAlreadyRunning)) throw error;
      // Paused by an operator, it stays so.
      const { spec, action, policies } = options;
      await schedule.getHandle(options.scheduleId).update(({ state }) => ({ spec, action, policies, state }));
    }
  });
}

function scheduleOf(config: Config, issuerId: string) {
  const input: MaintenanceInput = { issuerId };
  return {
    scheduleId: `maintenance:${issuerId}`,
    spec: { intervals: [{ every: config.MAINTENANCE_SECONDS * 1000 }] },
    action: {
      type: 'startWorkflow',
      workflowType: MAINTENANCE_WORKFLOW,
      workflowId: `maintenance:${issuerId}`,
      taskQueue: config.TEMPORAL_TASK_QUEUE,
      args: [input],
      typedSearchAttributes: [{ key: attributes.ISSUER_ID, value: issuerId }],
    },
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1 minute' },
  } satisfies ScheduleOptions;
}
