import { z } from 'zod';

/** What a QR code holds of digits, capitals and `:/`, at its lowest error correction. */
const LONGEST_IN_QR_CODE = 4296;
const WIDEST = 1000;

/** `POST /v2/credentials/compact/qrcode` and its semantic twin */
export const compactQrCodeRequestSchema = z
  .strictObject({
    payload: z
      .string()
      .max(LONGEST_IN_QR_CODE, `is longer than the ${LONGEST_IN_QR_CODE} characters that a QR code holds`)
      .meta({ description: 'The credential, as `encoded` has it.', example: 'CSC:/1/2KCE3IQEJB5DCMSL...' }),
    width: z
      .int()
      .min(1)
      .max(WIDEST)
      .optional()
      .meta({ description: 'Of the picture, in pixels. Default four pixels to each module of the code.' }),
  })
  .meta({ id: 'CompactCredentialQrCodeRequest' });
