import type { OfferDocument } from '../../../store/documents.js';
import { DEFAULT_ISSUER_ID } from '../../../store/issuer-directory.js';
import type { ApiContext } from '../../context.js';
import { IssuanceNotFound } from '../../issuance-client.js';
import type { OfferAddress } from '../../offer-client.js';
import { summaryOf } from '../../issuance-input.js';
import { stateOf } from './reusable-offer-view.js';

/** Starts the workflow of an offer; does nothing where it runs already, or the offer is over. */
export async function startOffer(context: ApiContext, offer: OfferDocument): Promise<void> {
  const state = stateOf(offer, context.now());
  if (state !== 'active' && state !== 'paused') return;
  const { _id: offerId, issuerId, configurationIds, expiresAt, correlationId } = offer;
  const snapshot = await context.directory.get(DEFAULT_ISSUER_ID);
  await context.offers.start(
    {
      issuerId,
      offerId,
      state,
      configurationIds,
      ...(expiresAt === undefined ? {} : { expiresAt: expiresAt.getTime() }),
      correlationId,
    },
    summaryOf(offer, snapshot),
  );
}

/**
 * Tells the workflow of an offer something. One that was never started, since a process died in between, is started first.
 *
 * @throws {IssuanceNotFound} where it has run to its end
 */
export async function tellOffer(
  context: ApiContext,
  offer: OfferDocument,
  tell: (address: OfferAddress) => Promise<void>,
): Promise<void> {
  const address = { issuerId: offer.issuerId, offerId: offer._id };
  try {
    await tell(address);
  } catch (error) {
    if (!(error instanceof IssuanceNotFound)) throw error;
    await startOffer(context, offer);
    await tell(address);
  }
}
