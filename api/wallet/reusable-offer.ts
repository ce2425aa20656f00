import type { OfferDocument } from '../../store/documents.js';
import { DEFAULT_ISSUER_ID } from '../../store/issuer-directory.js';
import type { ApiContext } from '../context.js';
import { mintAuthenticId, readAuthenticId } from '../oauth/authentic-id.js';
import { issuerState } from '../oauth/issuer-state.js';

/** A Credential Offer object with the authorization code grant (OID4VCI 4.1.1). */
export interface ReusableCredentialOffer {
  readonly credential_issuer: string;
  /** For wallets of older drafts. */
  readonly credentials: readonly string[];
  readonly credential_configuration_ids: readonly string[];
  /** MATTR's: what the wallet is to send with its authorization request. */
  readonly request_parameters?: Readonly<Record<string, unknown>>;
  readonly grants: { readonly authorization_code: { readonly issuer_state: string } };
}

/** The offer as wallets get it. */
export function buildReusableOffer({ config, ring }: ApiContext, offer: OfferDocument): ReusableCredentialOffer {
  const { _id: offerId, issuerId, configurationIds, requestParameters } = offer;
  return {
    credential_issuer: config.PUBLIC_URL,
    credentials: configurationIds,
    credential_configuration_ids: configurationIds,
    ...(requestParameters === undefined ? {} : { request_parameters: requestParameters }),
    grants: { authorization_code: { issuer_state: issuerState({ ring, issuerId, offerId }) } },
  };
}

/**
 * The URI that hands the offer to a wallet, with exactly one of the two parameters (OID4VCI 4.1).
 *
 * @param endpoint custom scheme or https URL that invokes the wallet, without a query (OID4VCI 12.1.1)
 */
export function reusableOfferUri(
  context: ApiContext,
  { offer, mode, endpoint }: { offer: OfferDocument; mode: 'value' | 'reference'; endpoint: string },
): string {
  if (mode === 'value')
    return `${endpoint}?credential_offer=${encodeURIComponent(JSON.stringify(buildReusableOffer(context, offer)))}`;
  const reference = reusableOfferReference(context, offer);
  return `${endpoint}?credential_offer_uri=${encodeURIComponent(`${context.config.PUBLIC_URL}/v1/openid/offers/${reference}`)}`;
}

/** The id in the URL of an offer by reference, and of its page: an unguessable one. */
export function reusableOfferReference(context: ApiContext, { _id, issuerId }: OfferDocument): string {
  return mintAuthenticId(_id, scopeOf(context, issuerId));
}

/** The offer that a reference was given out for, unless it is revoked or expired. */
export async function findReusableOffer(context: ApiContext, reference: string): Promise<OfferDocument | undefined> {
  const offer = await findReferencedOffer(context, reference);
  if (offer === undefined || !['active', 'paused'].includes(offer.state)) return undefined;
  return offer.expiresAt !== undefined && offer.expiresAt.getTime() <= context.now() ? undefined : offer;
}

/** The offer that a reference was given out for, whatever has become of it; nothing is read for what is no such reference. */
export async function findReferencedOffer(context: ApiContext, reference: string): Promise<OfferDocument | undefined> {
  const offerId = readAuthenticId(reference, scopeOf(context, DEFAULT_ISSUER_ID));
  if (offerId === undefined) return undefined;
  return (await context.db.offers.findOne({ _id: offerId, issuerId: DEFAULT_ISSUER_ID })) ?? undefined;
}

function scopeOf({ ring }: ApiContext, issuerId: string) {
  return { ring, issuerId, purpose: 'reusable-offer-reference' };
}
