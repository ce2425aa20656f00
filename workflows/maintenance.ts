import { ApplicationFailure } from '@temporalio/common';
import { proxyActivities } from '@temporalio/workflow';
import type { MaintenanceActivities, StatusActivities } from './activity-types.js';
import type { MaintenanceInput } from './maintenance-messages.js';

/** The schedule comes again soon: a step that fails for an hour leaves it to the next run. */
const limits = {
  startToCloseTimeout: '5m',
  scheduleToCloseTimeout: '1h',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '1m' },
} as const;

const certificates = proxyActivities<MaintenanceActivities>({ ...limits, summary: 'renew signers of mobile credentials' });
const revocations = proxyActivities<MaintenanceActivities>({ ...limits, summary: 'sign certificate revocation lists' });
const statuses = proxyActivities<StatusActivities>({
  ...limits,
  heartbeatTimeout: '30s',
  summary: 'sign status lists that near their end',
});

/**
 * What an issuer needs done ahead of time: signers renewed, and what they sign signed again before it ends. Run by a
 * schedule. A step that fails keeps none of the others, and fails the run in the end, so that operators see it.
 */
export async function maintenance(input: MaintenanceInput): Promise<void> {
  const steps = {
    // The signers first: lists may need the new ones.
    'renew signers': () => certificates.rotateCertificateSigners(input),
    'sign certificate revocation lists': () => revocations.signCrls(input),
    'sign status lists': () => signStatusLists(input),
  };
  const failed: string[] = [];
  for (const [name, step] of Object.entries(steps)) {
    await step().catch(() => failed.push(name));
  }
  if (failed.length > 0) throw ApplicationFailure.nonRetryable(`could not ${failed.join(', nor ')}`, 'MaintenanceFailed');
}

/** Lists are signed each for itself: that some were not is told when all have been tried. */
async function signStatusLists(input: MaintenanceInput): Promise<void> {
  const { failed } = await statuses.publishDueStatusLists(input);
  if (failed > 0) throw ApplicationFailure.nonRetryable('some status lists could not be signed', 'StatusListsNotSigned');
}
