import type { Request, Response } from 'express';
import type { ApiContext } from '../../context.js';
import { ManagementError } from '../../http/errors.js';
import type { EventLocals } from '../../http/recorded.js';
import { IssuanceNotFound, IssuanceRefusal, type IssuanceAddress, type IssuanceDescription } from '../../issuance-client.js';
import { closeUnstarted } from './close-unstarted.js';
import { requireOffer, type OfferRecord } from './offer-view.js';
import { describeIssuance } from './read-offer.js';

/**
 * `DELETE /v1/openid/offers/pre-authorized/{id}`: withdraws an offer that is not collected yet. As with MATTR, one that
 * cannot be withdrawn (collected, expired, withdrawn before) is not found.
 */
export async function withdrawOffer(context: ApiContext, request: Request, response: Response): Promise<void> {
  const record = await requireOffer(context, request);
  (response.locals as EventLocals).eventData = { offerId: record._id };
  const address = { issuerId: record.issuerId, sessionId: record._id };
  const isOver = record.closedAt !== undefined || record.withdrawnAt !== undefined || record.expiresAt.getTime() <= context.now();
  const description = isOver ? undefined : await describeIssuance(context, address);
  if (isOver || !isWithdrawable(description)) throw ManagementError.notFound('id', record._id);
  if (description === undefined) await closeUnstarted(context, record, 'withdrawn');
  else {
    await context.reach('withdraw-offer.described');
    await requestWithdrawal(context, address);
    await context.reach('withdraw-offer.signalled');
    await markWithdrawn(context, record);
  }
  response.status(204).end();
}

/** Until its token is used; an issuance that never started was given to nobody. */
function isWithdrawable(description: IssuanceDescription | undefined): boolean {
  if (description === undefined) return true;
  const { running, phase = 'OFFERED' } = description;
  return running && (phase === 'OFFERED' || phase === 'WAIT_REQUEST');
}

async function requestWithdrawal({ issuances }: ApiContext, address: IssuanceAddress): Promise<void> {
  try {
    await issuances.withdraw(address);
  } catch (error) {
    // It ended, or was collected, before the message came.
    throw error instanceof IssuanceNotFound || error instanceof IssuanceRefusal
      ? ManagementError.notFound('id', address.sessionId)
      : error;
  }
}

/** From now on the offer is not given out, even before the worker has closed the issuance. */
async function markWithdrawn({ db, now }: ApiContext, { _id, issuerId }: OfferRecord): Promise<void> {
  await db.issuances.updateOne({ _id, issuerId }, { $set: { withdrawnAt: new Date(now()) } });
}
