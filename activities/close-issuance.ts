import type { CloseIssuanceInput } from '../workflows/activity-types.js';
import { HOLDER_DATA } from '../store/holder-data.js';
import { ISSUED_OUTCOMES } from '../store/issued-outcomes.js';
import { givePlaceBack } from '../store/offer-claims.js';
import type { ActivityDependencies } from './dependencies.js';
import { revokeAsClosed } from './revoke-as-closed.js';

/**
 * Erases the session's claims and undelivered credentials (their keys go with them), and notes how it ended. Credentials
 * that by their configuration do not outlive it are revoked.
 */
export function createCloseIssuance(dependencies: ActivityDependencies): (input: CloseIssuanceInput) => Promise<void> {
  const { db, events, meter, now, reach } = dependencies;
  return async (input) => {
    const { issuerId, sessionId, outcome, ledgerIds } = input;
    await reach('close-issuance.start');
    await revokeAsClosed(dependencies, input);
    const closed = { closedAt: new Date(now()), ...(outcome === undefined ? {} : { outcome }) };
    await Promise.all([
      ...ledgerIds.map((_id) =>
        db.issuedCredentials.updateOne({ _id, issuerId, persist: { $exists: false } }, { $unset: { sealed: '' } }),
      ),
      db.issuances.updateOne({ _id: sessionId, issuerId }, { $set: closed, $unset: HOLDER_DATA }),
    ]);
    // The holder of an offer for so many got nothing: somebody else may have the place.
    if (input.offerId !== undefined && !ISSUED_OUTCOMES.has(outcome)) {
      await givePlaceBack({ db, issuerId, offerId: input.offerId, sessionId });
    }
    await reach('close-issuance.erased');
    meter.closed(outcome ?? 'fault');
    events.record({
      id: `${issuerId}/${sessionId}/closed`,
      issuerId,
      type: outcome === undefined ? 'OPENID_ISSUANCE_FAIL' : 'OPENID_ISSUANCE_CLOSED',
      category: 'OPENID',
      requestId: '',
      data: { offerId: sessionId, outcome: outcome ?? 'fault' },
    });
  };
}
