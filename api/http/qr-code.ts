import { toBuffer, toString as toText } from 'qrcode';
import { ManagementError } from './errors.js';

/** Of the QR code's largest version at its lowest error correction. */
const LARGEST_QR_BYTES = 2900;
const QR_OPTIONS = { errorCorrectionLevel: 'L', margin: 4 } as const;

/**
 * Refuses, before anything is made, a QR code that could not hold the offer.
 *
 * @throws {ManagementError} 400
 */
export function requireFittingQrCode(uri: string): void {
  if (uri.length <= LARGEST_QR_BYTES) return;
  const msg = 'cannot hold so large an offer; set credentialOfferMode to reference';
  throw ManagementError.validation([{ msg, param: 'qrCode', location: 'body' }]);
}

/** The text as a QR code, in a `data:` URI. */
export async function drawQrCode(text: string, format: 'png' | 'svg'): Promise<string> {
  if (format === 'png')
    return `data:image/png;base64,${(await toBuffer(text, { ...QR_OPTIONS, type: 'png', scale: 6 })).toString('base64')}`;
  return `data:image/svg+xml;base64,${Buffer.from(await toText(text, { ...QR_OPTIONS, type: 'svg' })).toString('base64')}`;
}
