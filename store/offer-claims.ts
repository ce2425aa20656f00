import { randomInt } from 'node:crypto';
import { isDuplicateKey, type Database } from './database.js';
import type { OfferClaimDocument } from './documents.js';

interface Claim {
  readonly db: Database;
  readonly issuerId: string;
  readonly offerId: string;
  readonly sessionId: string;
}

/**
 * Takes one of an offer's places for a session; a session that has one keeps it. However many ask at once, no more than
 * `maximumClaims` have a place.
 *
 * @param claim.random gives a whole number from 0 up to, but not including, its argument
 * @returns false where every place is taken
 */
export async function takePlace({
  maximumClaims,
  random = randomInt,
  ...claim
}: Claim & { readonly maximumClaims: number; readonly random?: (below: number) => number }): Promise<boolean> {
  const { db, issuerId, offerId, sessionId } = claim;
  // Ends: each turn that is lost is one in which another session took a place.
  for (;;) {
    const taken = await readPlaces(claim);
    if (taken.some((place) => place.sessionId === sessionId)) return true;
    const free = freePlaces(new Set(taken.map(({ _id }) => _id)), { ...claim, maximumClaims });
    const _id = free[free.length === 0 ? 0 : random(free.length)];
    if (_id === undefined) return false;
    try {
      await db.offerClaims.insertOne({ _id, issuerId, offerId, sessionId });
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
      continue;
    }
    await keepOne(claim);
    return true;
  }
}

/** Gives a session's place to others; does nothing where it has none. */
export async function givePlaceBack({ db, issuerId, offerId, sessionId }: Claim): Promise<void> {
  await db.offerClaims.deleteMany({ issuerId, offerId, sessionId });
}

function readPlaces({ db, issuerId, offerId }: Claim): Promise<OfferClaimDocument[]> {
  return db.offerClaims.find({ issuerId, offerId }).toArray();
}

function freePlaces(
  taken: ReadonlySet<string>,
  { issuerId, offerId, maximumClaims }: Pick<Claim, 'issuerId' | 'offerId'> & { readonly maximumClaims: number },
): string[] {
  const places = Array.from({ length: maximumClaims }, (_, number) => `${issuerId}/${offerId}/${number}`);
  return places.filter((place) => !taken.has(place));
}

/** Two requests of one session may each have taken a place: both keep the same one of them. */
async function keepOne(claim: Claim): Promise<void> {
  const { db, issuerId, offerId, sessionId } = claim;
  const [, ...surplus] = (await db.offerClaims.find({ issuerId, offerId, sessionId }).toArray()).map(({ _id }) => _id).sort();
  if (surplus.length > 0) await db.offerClaims.deleteMany({ _id: { $in: surplus }, issuerId, sessionId });
}
