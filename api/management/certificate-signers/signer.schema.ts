import { z } from 'zod';
import type { Exact } from '../validation.js';
import { certificatePem } from '../iacas/iaca.schema.js';

export const signerRequestSchema = z
  .strictObject({ iacaId: z.uuid().meta({ description: 'An unmanaged IACA, which is to certify it.' }) })
  .meta({ id: 'CertificateSignerRequest' });

export const signerUpdateSchema = z
  .strictObject({
    active: z.boolean(),
    certificatePem: certificatePem.optional().meta({
      description: 'The answer to the certificate request. Left out, the present one is kept.',
    }),
  })
  .meta({ id: 'CertificateSignerUpdate' });

export const revocationQuery = z.object({
  reason: z
    .enum(['keyCompromise', 'affiliationChanged', 'superseded', 'cessationOfOperation', 'privilegeWithdrawn'])
    .optional()
    .meta({ description: 'Told by the revocation list (RFC 5280 5.3.1).' }),
});

export const signerSchema = z
  .strictObject({
    id: z.uuid(),
    active: z.boolean().meta({ description: 'Of several, the one that ends last is used.' }),
    iacaId: z.uuid(),
    csrPem: z.string().optional().meta({ description: 'The certificate request (PKCS #10), under an unmanaged IACA.' }),
    certificatePem: z.string().optional().meta({ description: 'Absent as long as the request is not answered.' }),
    certificateData: z
      .strictObject({
        notBefore: z.iso.datetime(),
        notAfter: z.iso.datetime(),
        country: z.string(),
        commonName: z.string(),
        stateOrProvinceName: z.string().optional(),
      })
      .optional(),
    certificateFingerprint: z.string().optional().meta({ description: 'SHA-256 of the certificate, hex.' }),
    revokedAt: z.iso.datetime().optional(),
  })
  .meta({ id: 'CertificateSigner' });

export type SignerView = Exact<z.output<typeof signerSchema>>;
