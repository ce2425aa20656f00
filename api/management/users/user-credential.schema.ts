import { z } from 'zod';
import type { Exact } from '../validation.js';

const claimOrigin = z.enum(['user', 'authenticationProvider', 'interactionHook', 'offer', 'claimSource']);

/** What was issued by one credential request. */
export const userCredentialSchema = z
  .strictObject({
    id: z.string(),
    type: z.string().optional().meta({ description: 'The `vct`; absent where the configuration was deleted.' }),
    profile: z.literal('sd-jwt'),
    sessionId: z.string().meta({ description: 'Also the id of the issuance in Temporal.' }),
    credentialConfigurationId: z.string(),
    count: z.int().min(1).meta({ description: 'Copies, each for a key of its own.' }),
    issuedDate: z.iso.datetime(),
    validUntil: z.iso.datetime().optional(),
    offerId: z.string().meta({ description: 'The offer it came from; without one, the session.' }),
    status: z.literal('valid').meta({ description: 'Not revoked. Its time may be over all the same: see `validUntil`.' }),
    claimOrigins: z
      .record(z.string(), claimOrigin)
      .optional()
      .meta({ description: 'Which source gave each top-level claim: names, never values.' }),
  })
  .meta({ id: 'UserCredential' });

export type UserCredentialView = Exact<z.output<typeof userCredentialSchema>>;
