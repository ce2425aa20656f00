import type { IssuanceDocument } from '../../../store/documents.js';
import { HOLDER_DATA } from '../../../store/holder-data.js';
import { DEFAULT_ISSUER_ID } from '../../../store/issuer-directory.js';
import { givePlaceBack } from '../../../store/offer-claims.js';
import type { ApiContext } from '../../context.js';
import { after } from '../pagination.js';
import { WITHOUT_CLAIMS, type OfferRecord } from './offer-view.js';
import { describeIssuance } from './read-offer.js';

/** By then the request that made the offer has ended, however it ended. */
const SETTLED_MS = 600_000;
const BATCH = 100;

type Tidied = Pick<ApiContext, 'db' | 'issuances' | 'now'>;

/**
 * Closes an offer, or a session of one, whose issuance never started: erases what it knows of its holder, and gives its place
 * among the offer's claims to others. There is no workflow that would.
 */
export async function closeUnstarted(
  { db, now }: Pick<ApiContext, 'db' | 'now'>,
  { _id, issuerId, offerId }: OfferRecord,
  outcome: 'withdrawn' | 'expired',
): Promise<void> {
  const at = new Date(now());
  // First, since nobody comes back to a closed session.
  if (offerId !== undefined) await givePlaceBack({ db, issuerId, offerId, sessionId: _id });
  await db.issuances.updateOne(
    { _id, issuerId, closedAt: { $exists: false } },
    {
      $set: { closedAt: at, outcome, ...(outcome === 'withdrawn' ? { withdrawnAt: at } : {}) },
      $unset: HOLDER_DATA,
    },
  );
}

/**
 * Closes the offers and sessions whose process died between storing them and starting their issuance. Call it now and then.
 *
 * @returns how many it closed
 */
export async function closeUnstartedOffers(context: Tidied): Promise<number> {
  let closed = 0;
  for (let last: OfferRecord | undefined; ;) {
    const records = await overdue(context, last);
    const known = await context.issuances.describeMany(
      DEFAULT_ISSUER_ID,
      records.map(({ _id }) => _id),
    );
    for (const record of records.filter(({ _id }) => !known.has(_id))) {
      // The list may lag behind; this does not.
      if ((await describeIssuance(context, { issuerId: record.issuerId, sessionId: record._id })) !== undefined) continue;
      await closeUnstarted(context, record, 'expired');
      closed += 1;
    }
    if (records.length < BATCH) return closed;
    last = records.at(-1);
  }
}

/** Those that should be over by now and are not closed, the oldest first: most of them wait for a notification. */
function overdue({ db, now }: Tidied, last: OfferRecord | undefined): Promise<OfferRecord[]> {
  const past = new Date(now() - SETTLED_MS);
  const position = last === undefined ? undefined : { at: last.createdAt, id: last._id };
  return db.issuances
    .find(
      {
        $and: [
          { issuerId: DEFAULT_ISSUER_ID, closedAt: { $exists: false }, createdAt: { $lt: past }, expiresAt: { $lt: past } },
          ...after<IssuanceDocument>(position, { field: 'createdAt', order: 'ascending' }),
        ],
      },
      WITHOUT_CLAIMS,
    )
    .sort({ createdAt: 1, _id: 1 })
    .limit(BATCH)
    .toArray();
}
