import { z } from 'zod';
import { DEFAULT_AUTHORIZATION_POLICY as POLICY } from '../../../store/openid-configuration.js';
import { unique } from '../authentication-providers/unique-items.js';
import type { Exact } from '../validation.js';
import { hookUrlFault, storedHookUrl } from './hook-url.js';

const LONGEST_OVERLAP_SECONDS = 604_800;
const DEFAULT_OVERLAP_SECONDS = 86_400;

const claims = unique(z.array(z.string().min(1).max(256)).max(300)).meta({
  description: "Names of the provider's claims that the token to the hook carries.",
});
const sessionTimeoutInSec = z
  .int()
  .min(10)
  .max(2_592_000)
  .optional()
  .meta({ description: 'How long the holder may take; absent, `INTERACTION_SECONDS` holds.' });
const disabled = z.boolean().meta({ description: 'Leaves the hook out without losing it.' });

const policy = {
  requirePushedAuthorizationRequests: z.boolean().meta({ description: 'RFC 9126 5.' }),
  unknownClients: z.enum(['allow', 'refuse']).meta({ description: 'What becomes of a client_id that is not registered.' }),
  requireClientAuthentication: z.boolean().meta({ description: 'At the PAR and token endpoints (HAIP 4.4.1).' }),
  consent: z.enum(['always', 'never']).meta({ description: 'Whether holders are asked before anything begins.' }),
  persistClaims: z.boolean().meta({ description: 'False keeps no claims with users, whatever `claimsToPersist` says.' }),
};

const authorizationRequest = z
  .strictObject({
    requirePushedAuthorizationRequests: policy.requirePushedAuthorizationRequests.default(
      POLICY.requirePushedAuthorizationRequests,
    ),
    unknownClients: policy.unknownClients.default(POLICY.unknownClients),
    requireClientAuthentication: policy.requireClientAuthentication.default(POLICY.requireClientAuthentication),
    consent: policy.consent.default(POLICY.consent),
    persistClaims: policy.persistClaims.default(POLICY.persistClaims),
  })
  .meta({ id: 'AuthorizationPolicyRequest' });

/** What replaces the configuration in full. `allowedHosts` is the deployment's `OUTBOUND_ALLOWED_HOSTS`. */
export function openIdConfigurationRequestSchema(allowedHosts: readonly string[]) {
  const url = z
    .string()
    .max(2048)
    .superRefine((value, context) => {
      const message = hookUrlFault(value, allowedHosts);
      if (message !== undefined) context.addIssue({ code: 'custom', message });
    })
    .transform(storedHookUrl)
    .meta({ format: 'uri', description: "https, no IP address, no query; or a native app's own scheme." });
  const interactionHook = z
    .strictObject({
      url,
      claims: claims.default([]),
      sessionTimeoutInSec,
      disabled: disabled.default(false),
      rotateSecret: z.boolean().default(false).meta({ description: 'Makes a new secret.' }),
      secretOverlapInSec: z
        .int()
        .min(0)
        .max(LONGEST_OVERLAP_SECONDS)
        .default(DEFAULT_OVERLAP_SECONDS)
        .meta({ description: 'With `rotateSecret`: how long the secret before is still accepted.' }),
      secret: z.string().max(64).optional().meta({ description: 'Ignored; what was read may be written back.' }),
      previousSecretValidUntil: z.string().max(64).optional().meta({ description: 'Ignored likewise.' }),
    })
    .meta({ id: 'InteractionHookRequest' });
  return z
    .strictObject({
      interactionHook: interactionHook.optional().meta({ description: 'Absent removes it, with its secret.' }),
      authorization: authorizationRequest.optional().meta({ description: 'What is absent gets its default.' }),
    })
    .transform(({ authorization, ...rest }) => ({ ...rest, authorization: authorization ?? POLICY }))
    .meta({ id: 'OpenIdConfigurationRequest' });
}

export type OpenIdConfigurationRequest = Exact<z.output<ReturnType<typeof openIdConfigurationRequestSchema>>>;

export const openIdConfigurationSchema = z
  .strictObject({
    interactionHook: z
      .strictObject({
        url: z.string(),
        claims: z.array(z.string()),
        sessionTimeoutInSec,
        disabled,
        secret: z.string().meta({ description: 'Key of the HMAC of tokens from and to the hook: 32 bytes in base64.' }),
        previousSecretValidUntil: z.iso
          .datetime()
          .optional()
          .meta({ description: 'Until then tokens under the secret before are accepted.' }),
      })
      .meta({ id: 'InteractionHook' })
      .optional(),
    authorization: z.strictObject(policy).meta({ id: 'AuthorizationPolicy' }),
  })
  .meta({ id: 'OpenIdConfiguration' });

export type OpenIdConfigurationView = Exact<z.output<typeof openIdConfigurationSchema>>;
