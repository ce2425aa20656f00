import { z } from 'zod';

const credential = z.string().min(1).max(512);

/** Parameters of the token request, from either body; unknown ones are ignored (RFC 6749 3.2). */
export const tokenRequestSchema = z
  .object({
    grant_type: z.string().max(128).meta({ description: 'Only `client_credentials`.', example: 'client_credentials' }),
    client_id: credential.optional(),
    client_secret: credential.optional(),
    audience: z.string().max(2048).optional().meta({ description: 'The public URL of the issuer; may be left out.' }),
  })
  .meta({ id: 'ManagementTokenRequest' });

export const tokenResponseSchema = z
  .strictObject({
    access_token: z.string(),
    token_type: z.literal('Bearer'),
    expires_in: z.int().positive().meta({ description: 'Seconds.' }),
  })
  .meta({ id: 'ManagementTokenResponse' });
