import { upsertMemo } from '@temporalio/workflow';
import { issuance as unchanged } from '../../workflows/issuance.js';
import type { IssuanceInput, IssuanceResult } from '../../workflows/messages.js';

/** The issuance with one more command at its start: what a careless change looks like to running issuances. */
export function issuance(input: IssuanceInput): Promise<IssuanceResult> {
  upsertMemo({ changed: true });
  return unchanged(input);
}
