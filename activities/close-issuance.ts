import type { CloseIssuanceInput } from '../workflows/activity-types.js';
import type { ActivityDependencies } from './dependencies.js';

/** Erases the session's claims and undelivered credentials (their keys go with them), and notes how it ended. */
export function createCloseIssuance(dependencies: ActivityDependencies): (input: CloseIssuanceInput) => Promise<void> {
  const { db, events, meter, now, reach } = dependencies;
  return async ({ issuerId, sessionId, outcome, ledgerIds }) => {
    await reach('close-issuance.start');
    const closed = { closedAt: new Date(now()), ...(outcome === undefined ? {} : { outcome }) };
    await Promise.all([
      ...ledgerIds.map((_id) => db.issuedCredentials.updateOne({ _id, issuerId }, { $unset: { sealed: '' } })),
      db.issuances.updateOne({ _id: sessionId, issuerId }, { $set: closed, $unset: { claims: '', collected: '' } }),
    ]);
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
