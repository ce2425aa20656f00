import type { Request, Response } from 'express';
import type { Filter } from 'mongodb';
import { z } from 'zod';
import type { OfferDocument, OfferState } from '../../../store/documents.js';
import { DEFAULT_ISSUER_ID } from '../../../store/issuer-directory.js';
import type { ApiContext } from '../../context.js';
import { after, pageOf, pageQuery } from '../pagination.js';
import { readQuery } from '../validation.js';
import { requireReusableOffer, toViews } from './reusable-offer-view.js';
import { OFFER_STATES } from './reusable-offer.schema.js';

export const reusableOfferListQuery = z.object({ ...pageQuery, state: z.enum(OFFER_STATES).optional() });

/** `GET /v1/openid/offers/{id}`: an offer, and what became of the issuances that came from it. */
export async function retrieveReusableOffer(context: ApiContext, request: Request, response: Response): Promise<void> {
  const [view] = await toViews(context, [await requireReusableOffer(context, request)]);
  response.json(view);
}

/** `GET /v1/openid/offers`: newest first. */
export async function listReusableOffers(context: ApiContext, request: Request, response: Response): Promise<void> {
  const { limit, cursor, state } = readQuery(request, reusableOfferListQuery);
  const found = await context.db.offers
    .find({
      $and: [
        { issuerId: DEFAULT_ISSUER_ID },
        ...(state === undefined ? [] : [inState(state, new Date(context.now()))]),
        ...after<OfferDocument>(cursor, { field: 'createdAt', order: 'descending' }),
      ],
    })
    .sort({ createdAt: -1, _id: -1 })
    .limit(limit + 1)
    .toArray();
  const page = pageOf(found, { limit, position: ({ createdAt, _id }) => ({ at: createdAt, id: _id }), view: (offer) => offer });
  response.json({ ...page, data: await toViews(context, page.data) });
}

/** Offers for which `stateOf` says the same. */
function inState(state: OfferState, now: Date): Filter<OfferDocument> {
  if (state === 'revoked') return { state };
  const open = { state: { $in: ['active', 'paused'] as OfferState[] }, expiresAt: { $lte: now } };
  if (state === 'expired') return { $or: [{ state }, open] };
  return { state, $or: [{ expiresAt: { $exists: false } }, { expiresAt: { $gt: now } }] };
}
