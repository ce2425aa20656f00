import type { Config } from '../config/config.js';
import type { StatusPublications } from '../store/status-publication.js';
import { ISSUER_ID } from '../workflows/search-attributes.js';
import { publicationWorkflowIdOf, statusesChanged, STATUS_LIST_PUBLICATION_WORKFLOW } from '../workflows/status-list-messages.js';
import type { TemporalClient } from './temporal-client.js';

const DEADLINE_MS = 3000;

/** Asks for publications by the workflow that makes them: durable at once, also while no worker runs. */
export function createTemporalStatusPublications({
  config,
  temporal: { client, within },
}: {
  config: Config;
  temporal: TemporalClient;
}): StatusPublications {
  return {
    async request(address) {
      await within(DEADLINE_MS, () =>
        client.workflow.signalWithStart(STATUS_LIST_PUBLICATION_WORKFLOW, {
          workflowId: publicationWorkflowIdOf(address),
          taskQueue: config.TEMPORAL_TASK_QUEUE,
          args: [address],
          signal: statusesChanged,
          typedSearchAttributes: [{ key: ISSUER_ID, value: address.issuerId }],
        }),
      );
    },
  };
}
