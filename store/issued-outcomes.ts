import type { IssuanceOutcome } from '../workflows/phases.js';

/** Ends of an issuance that gave its wallet a credential, whatever became of it. */
export const ISSUED_OUTCOMES: ReadonlySet<IssuanceOutcome | undefined> = new Set<IssuanceOutcome>([
  'accepted',
  'deleted',
  'failed_by_wallet',
  'issued_unacknowledged',
]);
