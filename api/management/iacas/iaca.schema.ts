import { z } from 'zod';
import type { Exact } from '../validation.js';

const country = z
  .string()
  .regex(/^[A-Z]{2}$/, 'must be an ISO 3166-1 alpha-2 code in upper case')
  .meta({ example: 'NZ' });
const commonName = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[A-Za-z0-9 '()+,\-./:=?]*$/, "may hold letters, digits, spaces and ' ( ) + , - . / : = ? (PrintableString)")
  .regex(/\S/, 'must not be blank');
const stateOrProvinceName = z
  .string()
  .regex(/^[A-Z]{2}-[A-Z0-9]{1,3}$/, 'must be an ISO 3166-2 code in upper case, e.g. US-AL')
  .meta({ example: 'NZ-WGN' });
const time = z.iso.datetime({ offset: true, message: 'must be a date and time with its offset (ISO 8601)' });

/** A certificate in PEM. */
export const certificatePem = z.string().min(1).max(16_384);

/** What creates an IACA: the first members one that is managed here, the last one whose key is outside. */
export const iacaRequestSchema = z
  .strictObject({
    commonName: commonName.optional().meta({ description: 'Default: the host name, and `IACA`.' }),
    country: country.optional().meta({ description: "Default: the issuer's." }),
    stateOrProvinceName: stateOrProvinceName.optional(),
    notBefore: time.optional().meta({ description: 'Not in the past. Default: now.' }),
    notAfter: time.optional().meta({ description: 'At most 20 years after `notBefore`. Default: 10 years.' }),
    certificatePem: certificatePem.optional().meta({
      description: 'Alone: registers a root whose private key stays outside.',
    }),
  })
  .superRefine(({ certificatePem: pem, ...members }, context) => {
    if (pem === undefined) return;
    for (const [member, value] of Object.entries(members)) {
      const message = 'cannot be given with certificatePem, which says it already';
      if (value !== undefined) context.addIssue({ code: 'custom', message, path: [member] });
    }
  })
  .meta({ id: 'IacaRequest' });

export type IacaRequest = Exact<z.output<typeof iacaRequestSchema>>;

export const iacaUpdateSchema = z.strictObject({ active: z.boolean() }).meta({ id: 'IacaUpdate' });

export const iacaSchema = z
  .strictObject({
    id: z.uuid(),
    active: z.boolean().meta({ description: 'Only the signers of an active IACA sign.' }),
    certificatePem: z.string(),
    certificateData: z.strictObject({
      notBefore: z.iso.datetime(),
      notAfter: z.iso.datetime(),
      country: z.string(),
      commonName: z.string(),
      stateOrProvinceName: z.string().optional(),
    }),
    certificateFingerprint: z.string().meta({ description: 'SHA-256 of the certificate, hex.' }),
    isManaged: z.boolean().meta({ description: 'False where the private key is outside.' }),
  })
  .meta({ id: 'Iaca' });

export type IacaView = Exact<z.output<typeof iacaSchema>>;
