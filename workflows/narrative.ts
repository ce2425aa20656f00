import type { SearchAttributeUpdatePair } from '@temporalio/common';
import { setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow';
import { ISSUANCE_OUTCOME, ISSUANCE_PHASE, ISSUANCE_PROBLEM, ISSUED_COUNT, PHASE_SINCE } from './search-attributes.js';
import type { AuthorizationError } from './messages.js';
import type { IssuanceOutcome, IssuancePhase, IssuanceProblem } from './phases.js';

/** What an operator can see of an issuance. */
export interface Narrative {
  readonly phase: IssuancePhase;
  readonly phaseSince: number;
  readonly issuedCount: number;
  readonly outcome?: IssuanceOutcome;
  readonly problem?: IssuanceProblem;
  /** What the provider or the interaction hook ended it with. */
  readonly error?: AuthorizationError;
}

const TELLS: Readonly<Record<IssuancePhase, string>> = {
  OFFERED: 'Waiting for the wallet to redeem the offer.',
  WAIT_AUTH: 'Waiting for the holder to log in at the authentication provider.',
  WAIT_INTERACTION: 'Waiting for the holder to come back from the interaction hook.',
  WAIT_APPROVAL: 'Waiting for the decision that the interaction hook left open.',
  WAIT_CODE: 'The holder was sent back to the wallet; waiting for it to redeem the authorization code.',
  WAIT_REQUEST: 'The wallet holds an access token; waiting for its credential request.',
  COLLECTING_CLAIMS: 'Asking the claims source.',
  SIGNING: 'Building, signing and storing the credential.',
  WAIT_NOTIFICATION: 'Issued; waiting for the wallet to confirm.',
  CLOSED: 'Over.',
};

/** Whether nothing changed since `before`. */
export function isTold(now: Narrative, before: Narrative): boolean {
  return changesSince(now, before).length === 0;
}

/** Tells search attributes and Temporal UI what changed since `before`: one event at most. */
export function tell(now: Narrative, before: Narrative): void {
  const updates = changesSince(now, before);
  if (updates.length === 0) return;
  upsertSearchAttributes(updates);
  setCurrentDetails(details(now));
}

function changesSince(now: Narrative, before: Narrative): SearchAttributeUpdatePair[] {
  const updates: SearchAttributeUpdatePair[] = [];
  if (now.phase !== before.phase) {
    updates.push({ key: ISSUANCE_PHASE, value: now.phase }, { key: PHASE_SINCE, value: new Date(now.phaseSince) });
  }
  if (now.issuedCount !== before.issuedCount) updates.push({ key: ISSUED_COUNT, value: now.issuedCount });
  if (now.problem !== before.problem) updates.push({ key: ISSUANCE_PROBLEM, value: now.problem ?? null });
  if (now.outcome !== undefined && now.outcome !== before.outcome) updates.push({ key: ISSUANCE_OUTCOME, value: now.outcome });
  return updates;
}

function details({ phase, phaseSince, issuedCount, outcome, problem, error }: Narrative): string {
  return [
    `**${phase}** since ${new Date(phaseSince).toISOString()}`,
    TELLS[phase],
    ...(problem === undefined ? [] : [`Problem: **${problem}**. It goes on by itself when the cause is gone.`]),
    ...(issuedCount === 0 ? [] : [`Credential requests answered: ${issuedCount}`]),
    ...(error === undefined ? [] : [`Authorization error: **${error}**`]),
    ...(outcome === undefined ? [] : [`Outcome: **${outcome}**`]),
  ].join('\n\n');
}
