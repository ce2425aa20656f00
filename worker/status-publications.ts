import { Context } from '@temporalio/activity';
import type { StatusPublications } from '../store/status-publication.js';
import { publicationWorkflowIdOf, statusesChanged, STATUS_LIST_PUBLICATION_WORKFLOW } from '../workflows/status-list-messages.js';
import { ISSUER_ID } from '../workflows/search-attributes.js';

const DEADLINE_MS = 1000;

/** Asks for publications from inside an activity, over the worker's own connection. */
export function workerStatusPublications({ taskQueue }: { taskQueue: string }): StatusPublications {
  return {
    async request(address) {
      const { client } = Context.current();
      await client.withDeadline(Date.now() + DEADLINE_MS, () =>
        client.workflow.signalWithStart(STATUS_LIST_PUBLICATION_WORKFLOW, {
          workflowId: publicationWorkflowIdOf(address),
          taskQueue,
          args: [address],
          signal: statusesChanged,
          typedSearchAttributes: [{ key: ISSUER_ID, value: address.issuerId }],
        }),
      );
    },
  };
}
