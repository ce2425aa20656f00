import { setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow';
import type { OfferState } from './activity-types.js';
import { ISSUANCE_OUTCOME, ISSUANCE_PHASE, PHASE_SINCE } from './search-attributes.js';

/** What an operator can see of a reusable offer. */
export interface OfferNarrative {
  readonly state: OfferState;
  /** Milliseconds since the epoch. */
  readonly since: number;
  readonly expiresAt?: number;
}

const PHASES: Readonly<Record<OfferState, string>> = {
  active: 'OPEN',
  paused: 'PAUSED',
  revoked: 'CLOSED',
  expired: 'CLOSED',
};

const TELLS: Readonly<Record<OfferState, string>> = {
  active: 'Holders can begin an issuance; each runs as a workflow of its own.',
  paused: 'Nobody new can begin; issuances under way go on.',
  revoked: 'Over. Issuances under way are withdrawn as well.',
  expired: 'Over. Issuances under way go on.',
};

/** Tells Temporal UI how the offer stands; leaves nothing in the history. */
export function tellDetails({ state, since, expiresAt }: OfferNarrative): void {
  const end = expiresAt === undefined ? 'Without an end.' : `Expires at ${new Date(expiresAt).toISOString()}.`;
  setCurrentDetails(
    [
      `**${PHASES[state]}** since ${new Date(since).toISOString()}`,
      TELLS[state],
      ...(isOver(state) ? [`Outcome: **${state}**`] : [end]),
    ].join('\n\n'),
  );
}

/** Tells search attributes and Temporal UI of a new state: one event. */
export function tellState(narrative: OfferNarrative): void {
  const { state, since } = narrative;
  upsertSearchAttributes([
    { key: ISSUANCE_PHASE, value: PHASES[state] },
    { key: PHASE_SINCE, value: new Date(since) },
    ...(isOver(state) ? [{ key: ISSUANCE_OUTCOME, value: state }] : []),
  ]);
  tellDetails(narrative);
}

/** Whether an offer in this state stays so for good. */
export function isOver(state: OfferState): state is 'revoked' | 'expired' {
  return state === 'revoked' || state === 'expired';
}
