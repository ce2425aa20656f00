import type { Database } from '../../../store/database.js';
import { ISSUED_OUTCOMES } from '../../../store/issued-outcomes.js';
import type { IssuanceOutcome } from '../../../workflows/phases.js';
import type { ClaimCounts } from './reusable-offer.schema.js';

interface Group {
  readonly _id: { readonly offerId: string; readonly outcome?: IssuanceOutcome | null; readonly closed: boolean };
  readonly count: number;
}

/** What became of the issuances of each offer, by one reading for all of them. */
export async function claimCounts(
  db: Database,
  { issuerId, offerIds }: { issuerId: string; offerIds: readonly string[] },
): Promise<ReadonlyMap<string, ClaimCounts>> {
  const counts = new Map(offerIds.map((id) => [id, noClaims()]));
  if (offerIds.length === 0) return counts;
  const groups = db.issuances.aggregate<Group>([
    { $match: { issuerId, offerId: { $in: [...offerIds] } } },
    {
      $group: {
        _id: { offerId: '$offerId', outcome: '$outcome', closed: { $gt: ['$closedAt', null] } },
        count: { $sum: 1 },
      },
    },
  ]);
  for await (const { _id, count } of groups) {
    const before = counts.get(_id.offerId);
    if (before !== undefined) counts.set(_id.offerId, withGroup(before, { ..._id, count }));
  }
  return counts;
}

function withGroup(counts: ClaimCounts, { outcome, closed, count }: Group['_id'] & Pick<Group, 'count'>): ClaimCounts {
  const known = outcome ?? undefined;
  return {
    started: counts.started + count,
    open: counts.open + (closed ? 0 : count),
    issued: counts.issued + (closed && ISSUED_OUTCOMES.has(known) ? count : 0),
    failed: counts.failed + (closed && known === undefined ? count : 0),
    outcomes: known === undefined ? counts.outcomes : { ...counts.outcomes, [known]: (counts.outcomes[known] ?? 0) + count },
  };
}

function noClaims(): ClaimCounts {
  return { started: 0, open: 0, issued: 0, failed: 0, outcomes: {} };
}
