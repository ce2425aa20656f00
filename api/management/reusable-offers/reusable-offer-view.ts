import type { Request, RequestHandler } from 'express';
import type { OfferDocument, OfferState } from '../../../store/documents.js';
import { DEFAULT_ISSUER_ID } from '../../../store/issuer-directory.js';
import type { ApiContext } from '../../context.js';
import { ManagementError } from '../../http/errors.js';
import { offerWorkflowIdOf } from '../../offer-client.js';
import { isOfferId } from '../offers/offer.schema.js';
import { temporalUiUrl } from '../offers/offer-view.js';
import { claimCounts } from './claim-counts.js';
import type { ReusableOfferView } from './reusable-offer.schema.js';

/** Leaves ids that no reusable offer has to the routes that follow: wallets read offers by reference at the same path. */
export const onlyOfferIds: RequestHandler = (request, _response, next) => {
  if (isOfferId(request.params.id)) next();
  else next('route');
};

/** @throws {ManagementError} 404 */
export async function requireReusableOffer({ db }: ApiContext, request: Request): Promise<OfferDocument> {
  const { id } = request.params;
  if (!isOfferId(id)) throw ManagementError.notFound();
  const offer = await db.offers.findOne({ _id: id, issuerId: DEFAULT_ISSUER_ID });
  if (offer === null) throw ManagementError.notFound('id', id);
  return offer;
}

/** How an offer stands: its time may be over before its workflow has said so. */
export function stateOf({ state, expiresAt }: OfferDocument, now: number): OfferState {
  if (state === 'revoked' || state === 'expired') return state;
  return expiresAt !== undefined && expiresAt.getTime() <= now ? 'expired' : state;
}

/** The offers as the API shows them, in the same order. */
export async function toViews(context: ApiContext, offers: readonly OfferDocument[]): Promise<ReusableOfferView[]> {
  const offerIds = offers.map(({ _id }) => _id);
  const counts = await claimCounts(context.db, { issuerId: DEFAULT_ISSUER_ID, offerIds });
  return offers.flatMap((offer) => {
    const claims = counts.get(offer._id);
    return claims === undefined ? [] : [toView(context, offer, claims)];
  });
}

function toView(context: ApiContext, offer: OfferDocument, claims: ReusableOfferView['claims']): ReusableOfferView {
  const { _id: id, issuerId, configurationIds, requestParameters, authenticationProviderId, expiresAt, maximumClaims } = offer;
  return {
    id,
    credentials: [...configurationIds],
    ...(requestParameters === undefined ? {} : { request_parameters: requestParameters }),
    ...(authenticationProviderId === undefined ? {} : { authenticationProviderId }),
    state: stateOf(offer, context.now()),
    createdAt: offer.createdAt.toISOString(),
    ...(expiresAt === undefined ? {} : { expiresAt: expiresAt.toISOString() }),
    ...(maximumClaims === undefined ? {} : { maximumClaims }),
    claims,
    temporalUi: temporalUiUrl(context, offerWorkflowIdOf({ issuerId, offerId: id })),
  };
}
