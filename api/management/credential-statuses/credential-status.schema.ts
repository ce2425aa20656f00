import { z } from 'zod';
import type { Exact } from '../validation.js';

const status = z.enum(['valid', 'invalid', 'suspended']);

export const statusRequestSchema = z
  .strictObject({
    status: status.meta({
      description: '`invalid` is for good. `suspended` needs a configuration whose `statusPolicy` is `suspendable`.',
    }),
  })
  .meta({ id: 'CredentialStatusRequest' });

export const statusSchema = z.strictObject({ status }).meta({ id: 'CredentialStatus' });

export const revocationSchema = z
  .strictObject({ isRevoked: z.boolean().meta({ description: 'May be taken back.' }) })
  .meta({ id: 'CredentialRevocation' });

/** A JSON-LD credential as it is kept: what it was and, only where its issuer wants it kept, what it says. */
export const webSemanticCredentialSchema = z
  .strictObject({
    id: z.uuid(),
    type: z.string(),
    tag: z.string().optional(),
    issuanceDate: z.iso.datetime(),
    credentialConfigurationId: z.string(),
    isRevoked: z.boolean().optional().meta({ description: 'Absent where it cannot be revoked.' }),
    credential: z.looseObject({}).optional().meta({ description: 'With `persist`, when read by its id.' }),
  })
  .meta({ id: 'WebSemanticCredential' });

export type WebSemanticCredentialView = Exact<z.output<typeof webSemanticCredentialSchema>>;
