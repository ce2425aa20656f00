import { ApplicationFailure } from '@temporalio/common';
import type { WorkflowHandle } from '@temporalio/client';
import type { MaintenanceActivities, StatusActivities } from '../../workflows/activity-types.js';
import { MAINTENANCE_WORKFLOW } from '../../workflows/maintenance-messages.js';
import { statusesChanged, STATUS_LIST_PUBLICATION_WORKFLOW } from '../../workflows/status-list-messages.js';
import { failing } from './scenarios.js';

/** A way the upkeep of an issuer can go: its maintenance, and the publication of its status lists. */
export interface UpkeepScenario {
  readonly name: string;
  readonly workflow: typeof MAINTENANCE_WORKFLOW | typeof STATUS_LIST_PUBLICATION_WORKFLOW;
  readonly activities?: Partial<MaintenanceActivities & StatusActivities>;
  readonly drive: (handle: WorkflowHandle) => Promise<unknown>;
}

export const UPKEEP_INPUT = { issuerId: 'default', listId: '5f0c1c4e-0000-4000-8000-0000000000bb' };

const nothing = () => Promise.resolve();
const given = () => Promise.reject(ApplicationFailure.nonRetryable('no', 'SignerError'));

export const upkeepScenarios: readonly UpkeepScenario[] = [
  { name: 'status-list-published', workflow: STATUS_LIST_PUBLICATION_WORKFLOW, drive: nothing },
  {
    name: 'status-list-changed-while-it-was-published',
    workflow: STATUS_LIST_PUBLICATION_WORKFLOW,
    activities: { publishStatusList: () => new Promise((resolve) => setTimeout(resolve, 500)) },
    drive: (handle) => handle.signal(statusesChanged),
  },
  {
    name: 'status-list-stuck-then-published',
    workflow: STATUS_LIST_PUBLICATION_WORKFLOW,
    activities: { publishStatusList: failing(5, 'SignerError') },
    drive: nothing,
  },
  { name: 'maintenance-done', workflow: MAINTENANCE_WORKFLOW, drive: nothing },
  {
    name: 'maintenance-of-which-a-step-failed',
    workflow: MAINTENANCE_WORKFLOW,
    activities: { signCrls: given, publishDueStatusLists: () => Promise.resolve({ published: 1, failed: 1 }) },
    drive: nothing,
  },
];
