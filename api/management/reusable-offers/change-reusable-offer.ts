import type { Request, Response } from 'express';
import type { OfferDocument } from '../../../store/documents.js';
import type { ApiContext } from '../../context.js';
import { ManagementError } from '../../http/errors.js';
import type { EventLocals } from '../../http/recorded.js';
import { IssuanceNotFound, IssuanceRefusal } from '../../issuance-client.js';
import type { OfferAddress } from '../../offer-client.js';
import { tellOffer } from './offer-workflow.js';
import { requireReusableOffer, stateOf, toViews } from './reusable-offer-view.js';

/** `POST /v1/openid/offers/{id}/pause`: nobody new can begin; issuances under way go on. */
export async function pauseReusableOffer(context: ApiContext, request: Request, response: Response): Promise<void> {
  await holdOffer(context, { request, response, tell: (address) => context.offers.pause(address) });
}

/** `POST /v1/openid/offers/{id}/resume` */
export async function resumeReusableOffer(context: ApiContext, request: Request, response: Response): Promise<void> {
  await holdOffer(context, { request, response, tell: (address) => context.offers.resume(address) });
}

/**
 * `DELETE /v1/openid/offers/{id}`: revokes an offer for good, and withdraws the issuances that are under way from it. As
 * with a pre-authorized offer, one that is over already is not found.
 */
export async function revokeReusableOffer(context: ApiContext, request: Request, response: Response): Promise<void> {
  const offer = await requireNoted(context, { request, response });
  if (isOver(context, offer)) throw ManagementError.notFound('id', offer._id);
  let gone = false;
  try {
    await tellOffer(context, offer, (address) => context.offers.revoke(address));
  } catch (error) {
    if (error instanceof IssuanceRefusal) throw ManagementError.notFound('id', offer._id);
    if (!(error instanceof IssuanceNotFound)) throw error;
    gone = true;
  }
  // Without a worker the workflow writes it later; from now on the offer is not given out.
  const isFirst = await markRevoked(context, offer);
  if (gone && !isFirst) throw ManagementError.notFound('id', offer._id);
  response.status(204).end();
}

interface Hold {
  readonly request: Request;
  readonly response: Response;
  readonly tell: (address: OfferAddress) => Promise<void>;
}

/** @throws {ManagementError} 404, or 409 where the offer is over */
async function holdOffer(context: ApiContext, { request, response, tell }: Hold): Promise<void> {
  const offer = await requireNoted(context, { request, response });
  if (isOver(context, offer)) throw conflict();
  try {
    await tellOffer(context, offer, tell);
  } catch (error) {
    // It ended before the message came.
    throw error instanceof IssuanceNotFound || error instanceof IssuanceRefusal ? conflict() : error;
  }
  const [view] = await toViews(context, [await requireReusableOffer(context, request)]);
  response.json(view);
}

async function requireNoted(
  context: ApiContext,
  { request, response }: Pick<Hold, 'request' | 'response'>,
): Promise<OfferDocument> {
  const offer = await requireReusableOffer(context, request);
  (response.locals as EventLocals).eventData = { offerId: offer._id };
  return offer;
}

function isOver({ now }: ApiContext, offer: OfferDocument): boolean {
  return ['revoked', 'expired'].includes(stateOf(offer, now()));
}

function conflict(): ManagementError {
  return new ManagementError('Conflict', 'The offer is revoked or expired', { status: 409 });
}

/** Whether this made it revoked. */
async function markRevoked({ db }: ApiContext, { _id, issuerId }: OfferDocument): Promise<boolean> {
  const { matchedCount } = await db.offers.updateOne(
    { _id, issuerId, state: { $in: ['active', 'paused'] } },
    { $set: { state: 'revoked' } },
  );
  return matchedCount === 1;
}
