import { z } from 'zod';
import type { Exact } from '../validation.js';
import { claimMappings } from './claim-mappings.schema.js';
import { commonMembers, duration, statusPolicy } from './configuration-members.schema.js';
import { additionalTypes, contexts, holderBinding, includeId, vcdmVersion, w3cMembers, w3cType } from './w3c-members.schema.js';

const members = {
  type: w3cType,
  claimMappings: claimMappings.meta({ description: 'By claim path, into `credentialSubject`.' }),
  expiresIn: duration.optional(),
  ...commonMembers,
  ...w3cMembers,
  statusPolicy: statusPolicy.optional(),
};

/** What creates a JWT VC configuration, or replaces one in full. */
export const jwtRequestSchema = z
  .strictObject({
    ...members,
    additionalTypes: additionalTypes.default([]),
    contexts: contexts.default([]),
    vcdmVersion: vcdmVersion.default('1.1'),
    includeId: includeId.default(true),
    includeStatus: z.boolean().default(false).meta({ description: 'Whether credentials can be revoked. Default false.' }),
    holderBinding: holderBinding.default(true),
  })
  .meta({ id: 'JwtConfigurationRequest' });

export type JwtRequest = Exact<z.output<typeof jwtRequestSchema>>;

export const jwtSchema = z
  .strictObject({
    id: z.uuid().meta({ description: 'Also the `credential_configuration_id`.' }),
    ...members,
    additionalTypes,
    contexts,
    vcdmVersion,
    includeId,
    includeStatus: z.boolean(),
    holderBinding,
  })
  .meta({ id: 'JwtConfiguration' });
