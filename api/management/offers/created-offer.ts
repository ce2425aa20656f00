import { toBuffer, toString as toText } from 'qrcode';
import type { z } from 'zod';
import type { IssuanceDocument } from '../../../store/documents.js';
import type { ApiContext } from '../../context.js';
import { ManagementError } from '../../http/errors.js';
import { transactionCode } from '../../oauth/pre-authorized-code.js';
import { credentialOfferUri } from '../../wallet/credential-offer.js';
import type { Exact } from '../validation.js';
import { DEFAULT_OFFER_ENDPOINT, type createdOfferSchema, type OfferRequest } from './offer.schema.js';

/** Of the QR code's largest version at its lowest error correction. */
const LARGEST_QR_BYTES = 2900;
const QR_OPTIONS = { errorCorrectionLevel: 'L', margin: 4 } as const;

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
    expiresAt: record.expiresAt.toISOString(),
    ...(record.transactionCode === undefined ? {} : { transactionCode: transactionCode(session, record.transactionCode) }),
    ...(body.qrCode === undefined ? {} : { qrCode: await drawQrCode(uri, body.qrCode) }),
  };
}

/**
 * Refuses, before anything is made, a QR code that could not hold the offer.
 *
 * @throws {ManagementError} 400
 */
export function requireFittingQrCode(
  context: ApiContext,
  { record, body }: { record: IssuanceDocument; body: OfferRequest },
): void {
  if (body.qrCode === undefined || offerUri(context, { session: record, body }).length <= LARGEST_QR_BYTES) return;
  const msg = 'cannot hold so large an offer; set credentialOfferMode to reference';
  throw ManagementError.validation([{ msg, param: 'qrCode', location: 'body' }]);
}

function offerUri(context: ApiContext, { session, body }: { session: IssuanceDocument; body: OfferRequest }): string {
  const endpoint = body.credentialOfferEndpoint ?? DEFAULT_OFFER_ENDPOINT;
  return credentialOfferUri(context, { session, mode: body.credentialOfferMode, endpoint });
}

async function drawQrCode(text: string, format: 'png' | 'svg'): Promise<string> {
  if (format === 'png')
    return `data:image/png;base64,${(await toBuffer(text, { ...QR_OPTIONS, type: 'png', scale: 6 })).toString('base64')}`;
  return `data:image/svg+xml;base64,${Buffer.from(await toText(text, { ...QR_OPTIONS, type: 'svg' })).toString('base64')}`;
}
