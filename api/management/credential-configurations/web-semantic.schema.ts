import { z } from 'zod';
import type { Exact } from '../validation.js';
import { claimMappings } from './claim-mappings.schema.js';
import { color, commonMembers, description, duration, name, statusPolicy } from './configuration-members.schema.js';
import {
  additionalTypes,
  contexts,
  holderBinding,
  httpsUrl,
  includeId,
  vcdmVersion,
  w3cMembers,
  w3cType,
} from './w3c-members.schema.js';

const proofType = z
  .enum(['Ed25519Signature2018', 'eddsa-rdfc-2022', 'ecdsa-rdfc-2019', 'ecdsa-sd-2023'])
  .meta({ description: "MATTR's suite (the default), or a cryptosuite of Data Integrity." });
const persist = z.boolean().meta({ description: 'Whether credentials stay readable here. Default false.' });

const members = {
  name: name.meta({ description: 'Wallets show some 18 characters.' }),
  description: description.optional().meta({ description: 'Wallets show some 38 characters.' }),
  type: w3cType,
  issuer: z
    .strictObject({ name, logoUrl: httpsUrl.optional(), iconUrl: httpsUrl.optional() })
    .meta({ description: 'As credentials name it, beside its DID.' }),
  credentialBranding: z.strictObject({ backgroundColor: color.optional(), watermarkImageUrl: httpsUrl.optional() }).optional(),
  claimMappings: claimMappings.meta({
    description:
      'By claim path, into `credentialSubject`. With `ecdsa-sd-2023` holders choose what they show, but for claims with `"selectiveDisclosure": false`.',
  }),
  claimSourceId: commonMembers.claimSourceId,
  display: commonMembers.display,
  expiresIn: duration.optional(),
  ...w3cMembers,
  statusPolicy: statusPolicy.optional(),
};

/** What creates a JSON-LD credential configuration, or replaces one in full (product.md 6.4). */
export const webSemanticRequestSchema = z
  .strictObject({
    ...members,
    additionalTypes: additionalTypes.default([]),
    contexts: contexts.default([]),
    proofType: proofType.default('Ed25519Signature2018'),
    vcdmVersion: vcdmVersion.default('1.1'),
    persist: persist.default(false),
    revocable: z.boolean().default(false).meta({ description: 'Whether credentials can be revoked. Default false.' }),
    includeId: includeId.default(true),
    holderBinding: holderBinding.default(true),
  })
  .meta({ id: 'WebSemanticConfigurationRequest' });

export type WebSemanticRequest = Exact<z.output<typeof webSemanticRequestSchema>>;

export const webSemanticSchema = z
  .strictObject({
    id: z.uuid().meta({ description: 'Also the `credential_configuration_id`.' }),
    ...members,
    additionalTypes,
    contexts,
    proofType,
    vcdmVersion,
    persist,
    revocable: z.boolean(),
    includeId,
    holderBinding,
  })
  .meta({ id: 'WebSemanticConfiguration' });
