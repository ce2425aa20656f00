import type { OfferDocument } from '../../store/documents.js';
import { OAuthError } from '../http/errors.js';
import { offerOfIssuerState } from '../oauth/issuer-state.js';
import type { WalletServices } from './services.js';

/**
 * The reusable offer that `issuer_state` names (OID4VCI 5.1.3). That somebody knows it proves nothing of them: offers hang
 * on walls.
 *
 * @throws {OAuthError} `invalid_request` where there is no such offer, or it is not to be had at the moment
 */
export async function offerOfRequest(
  issuerState: string,
  { context: { db, ring, now }, issuer }: WalletServices,
): Promise<OfferDocument> {
  const offerId = offerOfIssuerState({ ring, issuerId: issuer.id, issuerState });
  const offer = offerId === undefined ? null : await db.offers.findOne({ _id: offerId, issuerId: issuer.id });
  if (offer === null) throw refused('issuer_state is not one of an offer: leave it out, or take it from the offer as it is');
  if (offer.state === 'paused') throw refused('the offer is paused: try again later');
  const isOver = offer.expiresAt !== undefined && offer.expiresAt.getTime() <= now();
  if (isOver || offer.state !== 'active') throw refused('the offer is over: ask the issuer for another');
  return offer;
}

function refused(description: string): OAuthError {
  return new OAuthError('invalid_request', description);
}
