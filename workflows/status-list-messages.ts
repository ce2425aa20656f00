import { defineSignal } from '@temporalio/workflow';

/** Name of the workflow type, for starting it by name. */
export const STATUS_LIST_PUBLICATION_WORKFLOW = 'statusListPublication';

/** What the publication of a status list starts with: which list. */
export interface StatusListInput {
  readonly issuerId: string;
  readonly listId: string;
}

/** Entries of the list have changed; starts the publication where none runs. */
export const statusesChanged = defineSignal('statusesChanged');

/** `sl:<issuerId>:<listId>`: one publication of a list at a time. */
export function publicationWorkflowIdOf({ issuerId, listId }: StatusListInput): string {
  return `sl:${issuerId}:${listId}`;
}
