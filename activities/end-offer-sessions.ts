import { Context } from '@temporalio/activity';
import { WorkflowNotFoundError, WorkflowUpdateFailedError, type Client } from '@temporalio/client';
import type { EndOfferSessionsInput } from '../workflows/activity-types.js';
import type { withdraw as withdrawUpdate, withdrawal } from '../workflows/messages.js';
import type { ActivityDependencies } from './dependencies.js';
import { revokeOfferCredentials } from './revoke-offer-credentials.js';

const BATCH = 100;
const AT_ONCE = 10;
const SIGNAL_DEADLINE_MS = 5000;
const WITHDRAWAL: (typeof withdrawal)['name'] = 'withdrawal';
const WITHDRAW: (typeof withdrawUpdate)['name'] = 'withdraw';

/**
 * Tells the open sessions of an offer that they are withdrawn, by batches in the order of their ids. The heartbeat says how
 * far it got, so that another attempt goes on from there; a session that is told twice is withdrawn once. Credentials that
 * were issued from it before are revoked where their configurations say so.
 */
export function createEndOfferSessions(dependencies: ActivityDependencies): (input: EndOfferSessionsInput) => Promise<void> {
  const { db, reach } = dependencies;
  return async ({ issuerId, offerId, after }) => {
    const context = Context.current();
    let last = (context.info.heartbeatDetails as string | undefined) ?? after;
    for (;;) {
      context.cancellationSignal.throwIfAborted();
      const sessions = await db.issuances
        .find(
          { issuerId, offerId, closedAt: { $exists: false }, ...(last === undefined ? {} : { _id: { $gt: last } }) },
          { projection: { _id: 1 } },
        )
        .sort({ _id: 1 })
        .limit(BATCH)
        .toArray();
      for (let index = 0; index < sessions.length; index += AT_ONCE) {
        const some = sessions.slice(index, index + AT_ONCE);
        await Promise.all(some.map(({ _id }) => withdraw(context.client, `iss:${issuerId}:${_id}`)));
        last = some.at(-1)?._id;
        context.heartbeat(last);
      }
      await reach('end-offer-sessions.batch');
      if (sessions.length < BATCH) break;
    }
    await revokeOfferCredentials(dependencies, { issuerId, offerId, told: last });
  };
}

/** A session that is over, or never began, has nothing to end. */
async function withdraw(client: Client, workflowId: string): Promise<void> {
  try {
    const handle = client.workflow.getHandle(workflowId);
    await client.withDeadline(Date.now() + SIGNAL_DEADLINE_MS, async () => {
      await handle.signal(WITHDRAWAL);
      // A signal alone does not end the delay that sessions start with. Whether this is refused does not matter: the signal counts.
      await handle.startUpdate(WITHDRAW, { updateId: WITHDRAW, waitForStage: 'ACCEPTED' });
    });
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError || error instanceof WorkflowUpdateFailedError)) throw error;
  }
}
