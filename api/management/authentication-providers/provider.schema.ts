import { z } from 'zod';
import type { Exact } from '../validation.js';
import { forwardedRequestParameters, staticRequestParameters } from './request-parameters.schema.js';
import { providerUrlFault, storedProviderUrl } from './provider-url.js';
import { unique } from './unique-items.js';

const scopeToken = z
  .string()
  .max(255)
  .regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/, 'must be visible ASCII characters without quotes and backslashes');

const scope = unique(z.array(scopeToken).max(100)).refine((tokens) => tokens.includes('openid'), {
  message: 'must include openid',
});

const claimsToPersist = unique(z.array(z.string().min(1).max(256)).max(300)).meta({
  description: 'Claims of the provider that are kept with the user.',
});

const nonSecret = {
  clientId: z
    .string()
    .max(1024)
    .regex(/^[\x20-\x7e]+$/, 'must be one or more printable ASCII characters'),
  tokenEndpointAuthMethod: z.enum(['client_secret_basic', 'client_secret_post', 'none']),
  userinfo: z.boolean().meta({ description: 'Whether claims are read from the userinfo endpoint, too.' }),
};

/** What creates a provider, or replaces one in full. `allowedHosts` is the deployment's `OUTBOUND_ALLOWED_HOSTS`. */
export function authenticationProviderRequestSchema(allowedHosts: readonly string[]) {
  const url = z
    .string()
    .max(2048)
    .superRefine((value, context) => {
      const message = providerUrlFault(value, allowedHosts);
      if (message !== undefined) context.addIssue({ code: 'custom', message });
    })
    .transform((value) => storedProviderUrl(value, allowedHosts))
    .meta({ format: 'uri', description: "The provider's issuer: https, no query; port and fragment are dropped." });
  return z
    .strictObject({
      id: z.string().max(64).optional().meta({ description: 'Ignored; a record that was read may be written back.' }),
      redirectUrl: z.string().max(2048).optional().meta({ description: 'Ignored likewise.' }),
      url,
      clientId: nonSecret.clientId,
      clientSecret: z
        .string()
        .min(1)
        .max(4096)
        .regex(/^[\x21-\x7e]+$/, 'must be visible ASCII characters')
        .optional()
        .meta({
          description:
            'Absent with `none`, else required. Writing back a masked secret keeps it, as long as it goes to the same host.',
        }),
      scope: scope.default(['openid', 'profile', 'email']),
      tokenEndpointAuthMethod: nonSecret.tokenEndpointAuthMethod.default('client_secret_basic'),
      staticRequestParameters: staticRequestParameters.default({}),
      forwardedRequestParameters: forwardedRequestParameters.default([]),
      claimsToPersist: claimsToPersist.default([]),
      userinfo: nonSecret.userinfo.default(false),
      isDefault: z.boolean().optional().meta({
        description:
          'Makes it the provider of offers that name none, in place of the one before. The first provider is that by itself; absent, it stays as it is.',
      }),
    })
    .superRefine(({ clientSecret, tokenEndpointAuthMethod }, context) => {
      const isPublic = tokenEndpointAuthMethod === 'none';
      if (isPublic === (clientSecret === undefined)) return;
      const message = isPublic ? 'must be absent with tokenEndpointAuthMethod none' : 'is required';
      context.addIssue({ code: 'custom', message, path: ['clientSecret'] });
    })
    .meta({ id: 'AuthenticationProviderRequest' });
}

export type AuthenticationProviderRequest = Exact<z.output<ReturnType<typeof authenticationProviderRequestSchema>>>;

export const authenticationProviderSchema = z
  .strictObject({
    id: z.uuid(),
    url: z.url(),
    ...nonSecret,
    clientSecret: z
      .string()
      .optional()
      .meta({ description: 'Asterisks and the last characters of the secret.', example: '****61m1J' }),
    scope: z.array(z.string()),
    staticRequestParameters: z.record(z.string(), z.unknown()),
    forwardedRequestParameters: z.array(z.string()),
    claimsToPersist: z.array(z.string()),
    isDefault: z.boolean().meta({ description: 'True for exactly one, as long as there is any.' }),
    redirectUrl: z.url().meta({ description: 'Register it with the provider.' }),
  })
  .meta({ id: 'AuthenticationProvider' });

export type AuthenticationProviderView = Exact<z.output<typeof authenticationProviderSchema>>;
