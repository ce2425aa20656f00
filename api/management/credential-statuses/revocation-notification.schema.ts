import { z } from 'zod';
import { didString } from '../did-string.schema.js';
import type { Exact } from '../validation.js';

const MOST_RECIPIENTS = 100;

export const revocationNotificationRequestSchema = z
  .strictObject({
    from: didString.optional().meta({ description: "A DID of the issuer's, or one of its keys. Default its own did:web." }),
    to: z.array(didString).min(1).max(MOST_RECIPIENTS).meta({ description: 'The DIDs of whom the credential is about.' }),
  })
  .meta({ id: 'RevocationNotificationRequest' });

export const revocationNotificationSchema = z
  .strictObject({
    id: z.uuid(),
    type: z.url(),
    to: z.array(z.string()),
    from: z.string(),
    created_time: z.int().meta({ description: 'Milliseconds since the epoch.' }),
    body: z.strictObject({
      revocationListCredential: z.url().meta({ description: 'Where the list is served that says so.' }),
      revocationListIndex: z.string(),
      isRevoked: z.boolean(),
    }),
  })
  .meta({ id: 'RevocationNotification' });

export type RevocationNotification = Exact<z.output<typeof revocationNotificationSchema>>;
