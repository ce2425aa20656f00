import { z } from 'zod';
import { redirectUriFault } from '../../oauth/redirect-uri.js';
import type { Exact } from '../validation.js';
import { publicJwkSchema, signatureKey } from './wallet-client-keys.js';

const MOST_REDIRECT_URIS = 20;
const MOST_KEYS = 10;

const PRE_AUTHORIZED = 'urn:ietf:params:oauth:grant-type:pre-authorized_code';

const clientId = z
  .string()
  .min(1)
  .max(512)
  .regex(/^[\x20-\x7e]+$/, 'must be printable ASCII characters')
  .meta({ description: 'The `client_id` of the wallet. It never changes.' });
const name = z.string().min(1).max(255);
const authMethod = z.enum(['none', 'client_secret_basic', 'private_key_jwt']);
const grant = z.enum(['authorization_code', PRE_AUTHORIZED, 'refresh_token']);

const redirectUri = z.string().superRefine((value, context) => {
  const message = redirectUriFault(value);
  if (message !== undefined) context.addIssue({ code: 'custom', message });
});

const jwks = z.strictObject({
  keys: z
    .array(signatureKey)
    .min(1)
    .max(MOST_KEYS)
    .superRefine((keys, context) => {
      const kids = keys.map(({ kid }) => kid);
      for (const index of repeats(kids)) context.addIssue({ code: 'custom', message: 'is there twice', path: [index, 'kid'] });
    }),
});

const members = {
  name,
  redirectUris: z
    .array(redirectUri)
    .max(MOST_REDIRECT_URIS)
    .superRefine((uris, context) => {
      for (const index of repeats(uris)) context.addIssue({ code: 'custom', message: 'is there twice', path: [index] });
    })
    .default([])
    .meta({
      description:
        "https, http on a loopback host (whose port is free), or an app's own scheme. Needed for the grant `authorization_code`.",
    }),
  tokenEndpointAuthMethod: authMethod.default('none'),
  jwks: jwks.optional().meta({ description: 'Public P-256, P-384 or Ed25519 keys; for `private_key_jwt`, and only for it.' }),
  grantTypes: z
    .array(grant)
    .min(1)
    .max(grant.options.length)
    .superRefine((grants, context) => {
      for (const index of repeats(grants)) context.addIssue({ code: 'custom', message: 'is there twice', path: [index] });
    })
    .default(['authorization_code', 'refresh_token']),
};

/** What registers a wallet. */
export const walletClientRequestSchema = z
  .strictObject({ clientId: clientId.optional().meta({ description: 'By default a new UUID.' }), ...members })
  .superRefine(checkTogether)
  .meta({ id: 'WalletClientRequest' });

/** A replacement may be what was read: the `id` in it is that of the path, whatever it says. */
export const walletClientReplacementSchema = z
  .strictObject({
    id: z.string().max(64).optional(),
    clientId: clientId.optional().meta({ description: 'Where given, that which the client has.' }),
    ...members,
    rotateSecret: z.boolean().default(false).meta({
      description: 'Makes a new secret, and ends the old one at once. A change to `client_secret_basic` makes one anyway.',
    }),
  })
  .superRefine((request, context) => {
    checkTogether(request, context);
    if (request.rotateSecret && request.tokenEndpointAuthMethod !== 'client_secret_basic')
      context.addIssue({ code: 'custom', message: 'is only for client_secret_basic', path: ['rotateSecret'] });
  })
  .meta({ id: 'WalletClientReplacement' });

export type WalletClientRequest = Exact<z.output<typeof walletClientRequestSchema>>;
export type WalletClientReplacement = Exact<z.output<typeof walletClientReplacementSchema>>;

const viewMembers = {
  id: z.uuid(),
  clientId,
  name,
  redirectUris: z.array(z.string()),
  tokenEndpointAuthMethod: authMethod,
  jwks: z.strictObject({ keys: z.array(publicJwkSchema) }).optional(),
  grantTypes: z.array(grant),
};

export const walletClientSchema = z.strictObject(viewMembers).meta({ id: 'WalletClient' });

/** The answer to what made a secret. */
export const writtenWalletClientSchema = z
  .strictObject({
    ...viewMembers,
    clientSecret: z.string().optional().meta({ description: 'A secret made just now. It is in no other answer.' }),
  })
  .meta({ id: 'WrittenWalletClient' });

export type WalletClientView = Exact<z.output<typeof walletClientSchema>>;

interface Together {
  readonly redirectUris: readonly string[];
  readonly tokenEndpointAuthMethod: z.output<typeof authMethod>;
  readonly jwks?: unknown;
  readonly grantTypes: readonly z.output<typeof grant>[];
}

function checkTogether(
  { redirectUris, tokenEndpointAuthMethod, jwks: given, grantTypes }: Together,
  context: z.RefinementCtx,
): void {
  const fault = (member: string, message: string) => context.addIssue({ code: 'custom', message, path: [member] });
  if (redirectUris.length === 0 && grantTypes.includes('authorization_code'))
    fault('redirectUris', 'must hold at least one for the grant authorization_code');
  const needsKeys = tokenEndpointAuthMethod === 'private_key_jwt';
  if (needsKeys && given === undefined) fault('jwks', 'is required for private_key_jwt');
  if (!needsKeys && given !== undefined) fault('jwks', 'is only for private_key_jwt');
}

/** Indices of values that an earlier index has. */
function repeats(values: readonly string[]): number[] {
  const seen = new Set<string>();
  return [...values.entries()].flatMap(([index, value]) => {
    const isRepeat = seen.has(value);
    seen.add(value);
    return isRepeat ? [index] : [];
  });
}
