import type { Request, Response } from 'express';
import type { ApiContext } from '../../context.js';
import { revokeByPolicy } from '../../../store/revoke-by-policy.js';
import { ManagementError } from '../../http/errors.js';
import type { EventLocals } from '../../http/recorded.js';
import { IssuanceNotFound, IssuanceRefusal, type IssuanceAddress, type IssuanceDescription } from '../../issuance-client.js';
import { closeUnstarted } from './close-unstarted.js';
import { requireOffer, type OfferRecord } from './offer-view.js';
import { describeIssuance } from './read-offer.js';

/**
 * `DELETE /v1/openid/offers/pre-authorized/{id}`: withdraws an offer that is not collected yet. As with MATTR, one that
 * cannot be withdrawn (collected, expired, withdrawn before) is not found, unless a credential was issued from it whose
 * configuration says that withdrawal revokes it.
 */
export async function withdrawOffer(context: ApiContext, request: Request, response: Response): Promise<void> {
  const record = await requireOffer(context, request);
  (response.locals as EventLocals).eventData = { offerId: record._id };
  const address = { issuerId: record.issuerId, sessionId: record._id };
  const isOver = record.closedAt !== undefined || record.withdrawnAt !== undefined || record.expiresAt.getTime() <= context.now();
  const description = isOver ? undefined : await describeIssuance(context, address);
  const isOpen = !isOver && isWithdrawable(description);
  if (isOpen && description === undefined) await closeUnstarted(context, record, 'withdrawn');
  else if (!(isOpen && (await isWithdrawn(context, record, address))) && !(await revokeIssued(context, record)))
    throw ManagementError.notFound('id', record._id);
  response.status(204).end();
}

/** Whether anything was issued from it that its configuration revokes on withdrawal; then it is revoked. */
async function revokeIssued(
  { db, statusPublications: publications, now }: ApiContext,
  { _id: sessionId, issuerId }: OfferRecord,
): Promise<boolean> {
  const scope = { db, publications, issuerId, now };
  return (await revokeByPolicy(scope, { filter: { sessionId }, trigger: 'withdrawn' })) > 0;
}

/** Until its token is used; an issuance that never started was given to nobody. */
function isWithdrawable(description: IssuanceDescription | undefined): boolean {
  if (description === undefined) return true;
  const { running, phase = 'OFFERED' } = description;
  return running && (phase === 'OFFERED' || phase === 'WAIT_REQUEST');
}

/** Withdraws it; false where it ended, or was collected, before the message came. */
async function isWithdrawn(context: ApiContext, record: OfferRecord, address: IssuanceAddress): Promise<boolean> {
  await context.reach('withdraw-offer.described');
  try {
    await context.issuances.withdraw(address);
  } catch (error) {
    if (error instanceof IssuanceNotFound || error instanceof IssuanceRefusal) return false;
    throw error;
  }
  await context.reach('withdraw-offer.signalled');
  await markWithdrawn(context, record);
  return true;
}

/** From now on the offer is not given out, even before the worker has closed the issuance. */
async function markWithdrawn({ db, now }: ApiContext, { _id, issuerId }: OfferRecord): Promise<void> {
  await db.issuances.updateOne({ _id, issuerId }, { $set: { withdrawnAt: new Date(now()) } });
}
