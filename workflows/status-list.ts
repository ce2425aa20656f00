import { continueAsNew, setHandler, workflowInfo } from '@temporalio/workflow';
import { statusesChanged, type StatusListInput } from './status-list-messages.js';
import { publishStatusListStep } from './status-list-steps.js';

/**
 * Publishes a status list that has changed, and again for as long as it changes meanwhile: a change that comes while a
 * publication is made may or may not be in it. Ends when nothing is left to publish; the next change starts it anew.
 */
export async function statusListPublication(input: StatusListInput): Promise<void> {
  const changes = { pending: true };
  setHandler(statusesChanged, () => {
    changes.pending = true;
  });
  while (changes.pending) {
    // A change that has come is in the new run's first publication.
    if (workflowInfo().continueAsNewSuggested) await continueAsNew<typeof statusListPublication>(input);
    changes.pending = false;
    await publishStatusListStep(input);
  }
}
