import { z } from 'zod';
import type { Exact } from '../validation.js';
import { claimMappings } from './claim-mappings.schema.js';
import { commonMembers, duration, statusPolicy, typeName } from './configuration-members.schema.js';

const members = {
  type: typeName.meta({
    description: 'The `vct`; unique among the SD-JWT configurations.',
    example: 'https://issuer.example/credentials/employee',
  }),
  claimMappings,
  expiresIn: duration.optional(),
  ...commonMembers,
  includeStatus: z.boolean().default(false).meta({ description: 'Whether credentials can be revoked. Default false.' }),
  statusPolicy: statusPolicy.optional(),
  decoyDigests: z
    .int()
    .min(1)
    .max(100)
    .optional()
    .meta({ description: 'Digests of nothing in each credential, so that the number of its claims cannot be told.' }),
  legacyFormat: z.literal(true).optional().meta({ description: 'Issue as `vc+sd-jwt`, for wallets of drafts 13 and 14.' }),
  vctIntegrity: z
    .literal(true)
    .optional()
    .meta({ description: 'Carry the hash of the type metadata, which then cannot be changed any more.' }),
};

/** What creates an SD-JWT configuration, or replaces one in full. */
export const sdJwtRequestSchema = z
  .strictObject({
    ...members,
    holderBinding: z.boolean().default(true).meta({ description: 'False for credentials bound to no holder key.' }),
  })
  .meta({ id: 'SdJwtConfigurationRequest' });

export type SdJwtRequest = Exact<z.output<typeof sdJwtRequestSchema>>;

export const sdJwtSchema = z
  .strictObject({
    id: z.uuid().meta({ description: 'Also the `credential_configuration_id`.' }),
    ...members,
    includeStatus: z.boolean(),
    holderBinding: z.boolean(),
  })
  .meta({ id: 'SdJwtConfiguration' });
