import { z } from 'zod';
import { checkClaimMappings } from '../../../credentials/claim-mapping-faults.js';
import type { Exact } from '../validation.js';
import { description, locale, name, oneByLocale } from './configuration-members.schema.js';

const claimMappingSchema = z
  .strictObject({
    mapFrom: z.string().max(1024).optional().meta({
      description: "Path into the claims: `claims.address.formatted`, `claims['https://example.com/name']`.",
      example: 'claims.given_name',
    }),
    defaultValue: z
      .unknown()
      .optional()
      .meta({ description: 'Used where the path gives nothing; alone, a value of every credential.' }),
    required: z.boolean().optional().meta({ description: 'Without a value and default the issuance is refused. Default false.' }),
    selectiveDisclosure: z.boolean().optional().meta({ description: 'Whether the holder can withhold the claim. Default true.' }),
    selectiveDisclosureOfElements: z
      .boolean()
      .optional()
      .meta({ description: 'Likewise for each element of an array. Default false.' }),
    display: oneByLocale(z.strictObject({ name, locale: locale.optional(), description: description.optional() })).optional(),
  })
  .meta({ id: 'ClaimMapping' });

/** Claim mappings by claim path, all faults at once. */
export const claimMappings = z
  .record(z.string(), claimMappingSchema)
  .superRefine((mappings, context) => {
    for (const { claim, member, message } of checkClaimMappings(mappings as Exact<typeof mappings>)) {
      const path = [...(claim === '' ? [] : [claim]), ...(member === undefined ? [] : [member])];
      context.addIssue({ code: 'custom', message, path });
    }
  })
  .meta({ description: "By claim path: `given_name`, `address.locality`, `['https://example.com/x']`." });
