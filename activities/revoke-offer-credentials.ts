import { Context } from '@temporalio/activity';
import { revokeByPolicy } from '../store/revoke-by-policy.js';
import type { ActivityDependencies } from './dependencies.js';

const BATCH = 100;

/**
 * Revokes what was issued from a reusable offer, where the configuration says so. An attempt that comes again does it anew
 * from the start: what is revoked stays so.
 *
 * @param options.told the last session that was told of the withdrawal, for the heartbeat
 */
export async function revokeOfferCredentials(
  { db, statusPublications: publications, now }: ActivityDependencies,
  { issuerId, offerId, told }: { issuerId: string; offerId: string; told: string | undefined },
): Promise<void> {
  const context = Context.current();
  let after: string | undefined;
  for (;;) {
    context.cancellationSignal.throwIfAborted();
    const sessions = await db.issuances
      .find({ issuerId, offerId, ...(after === undefined ? {} : { _id: { $gt: after } }) }, { projection: { _id: 1 } })
      .sort({ _id: 1 })
      .limit(BATCH)
      .toArray();
    const sessionIds = sessions.map(({ _id }) => _id);
    const filter = { sessionId: { $in: sessionIds } };
    await revokeByPolicy({ db, publications, issuerId, now }, { filter, trigger: 'withdrawn' });
    after = sessionIds.at(-1);
    context.heartbeat(told);
    if (sessions.length < BATCH) return;
  }
}
