import type { SetOfferStateInput } from '../workflows/activity-types.js';
import type { ActivityDependencies } from './dependencies.js';

/** Notes how an offer stands. One that is over stays so, whatever comes late. */
export function createSetOfferState({ db, reach }: ActivityDependencies): (input: SetOfferStateInput) => Promise<void> {
  return async ({ issuerId, offerId, state }) => {
    await reach('set-offer-state.start');
    await db.offers.updateOne({ _id: offerId, issuerId, state: { $in: ['active', 'paused'] } }, { $set: { state } });
    await reach('set-offer-state.written');
  };
}
