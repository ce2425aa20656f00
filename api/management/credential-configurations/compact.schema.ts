import { z } from 'zod';
import { didString } from '../did-string.schema.js';
import type { Exact } from '../validation.js';
import { claimMappings } from './claim-mappings.schema.js';
import { commonMembers, duration, statusPolicy, typeName } from './configuration-members.schema.js';

const { claimSourceId, display } = commonMembers;

/** Of compact configurations of both kinds, beside their type. */
export const compactMembers = {
  claimMappings,
  expiresIn: duration.optional(),
  claimSourceId,
  display,
  statusPolicy: statusPolicy.optional(),
  issuerDid: didString.optional().meta({ description: "The DID whose ES256 key signs. Default the issuer's own did:web." }),
};

export const compactRequestMembers = {
  ...compactMembers,
  revocable: z.boolean().default(true).meta({ description: 'Whether credentials can be revoked. Default true.' }),
  holderBinding: z
    .boolean()
    .default(false)
    .meta({ description: "Whether credentials carry the holder's key, by `cnf`. Default false, as MATTR's." }),
};

export const compactViewMembers = {
  id: z.uuid().meta({ description: 'Also the `credential_configuration_id`.' }),
  ...compactMembers,
  revocable: z.boolean(),
  holderBinding: z.boolean(),
};

const type = typeName.meta({
  description: 'Its claim `type`; unique among the compact and semantic compact configurations.',
  example: 'WorkPermit',
});

/** What creates a compact configuration, or replaces one in full. */
export const compactRequestSchema = z
  .strictObject({ type, ...compactRequestMembers })
  .meta({ id: 'CompactConfigurationRequest' });

export type CompactRequest = Exact<z.output<typeof compactRequestSchema>>;

export const compactSchema = z.strictObject({ ...compactViewMembers, type }).meta({ id: 'CompactConfiguration' });
