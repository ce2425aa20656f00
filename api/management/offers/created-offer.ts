import type { z } from 'zod';
import type { IssuanceDocument } from '../../../store/documents.js';
import type { ApiContext } from '../../context.js';
import { offerReference, transactionCode } from '../../oauth/pre-authorized-code.js';
import { credentialOfferUri } from '../../wallet/credential-offer.js';
import { offerPageUrl } from '../../wallet/wallet-issuer.js';
import type { Exact } from '../validation.js';
import { drawQrCode } from '../../http/qr-code.js';
import { DEFAULT_OFFER_ENDPOINT, type createdOfferSchema, type OfferRequest } from './offer.schema.js';

/**
 * The answer to a creation: it follows from record and request alone, so a repeat gives it byte for byte.
 *
 * @throws {ManagementError} 400 for a QR code that cannot hold the offer
 */
export async function createdOffer(
  context: ApiContext,
  { record, body }: { record: IssuanceDocument; body: OfferRequest },
): Promise<Exact<z.output<typeof createdOfferSchema>>> {
  const { ring } = context;
  const uri = offerUri(context, { session: record, body });
  const session = { ring, issuerId: record.issuerId, sessionId: record._id, codeKey: record.codeKey };
  return {
    id: record._id,
    userId: record.userId,
    uri,
    pageUrl: offerPageUrl(context.config, offerReference(session)),
    expiresAt: record.expiresAt.toISOString(),
    ...(record.transactionCode === undefined ? {} : { transactionCode: transactionCode(session, record.transactionCode) }),
    ...(body.qrCode === undefined ? {} : { qrCode: await drawQrCode(uri, body.qrCode) }),
  };
}

/** The URI that hands a session's offer to a wallet as the request asks for it. */
export function offerUri(context: ApiContext, { session, body }: { session: IssuanceDocument; body: OfferRequest }): string {
  const endpoint = body.credentialOfferEndpoint ?? DEFAULT_OFFER_ENDPOINT;
  return credentialOfferUri(context, { session, mode: body.credentialOfferMode, endpoint });
}
