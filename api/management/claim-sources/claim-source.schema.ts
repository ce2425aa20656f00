import { z } from 'zod';
import { checkRequestParameters } from '../../../credentials/claims-source-request.js';
import { jsonBoundsFault } from '../json-bounds.js';
import type { Exact } from '../validation.js';
import { normalizedUrl, outboundUrlFault } from './outbound-url.js';

const MOST_PARAMETERS = 100;
const LARGEST_DEFAULT = 8192;

/** What an HTTP header or a Basic password can carry. */
const secret = z
  .string()
  .min(1)
  .max(4096)
  .regex(/^[\x21-\x7e]+$/, 'must be visible ASCII characters');

const requestParameter = z
  .strictObject({
    mapFrom: z.string().max(1024).optional().meta({
      description: 'Path below `claims` or `credentialConfiguration`. Alone, the parameter is left out where it finds nothing.',
      example: 'claims.email',
    }),
    defaultValue: z
      .unknown()
      .optional()
      .superRefine((value, context) => {
        const message = jsonBoundsFault(value, { depth: 8, bytes: LARGEST_DEFAULT });
        if (message !== undefined) context.addIssue({ code: 'custom', message });
      })
      .meta({ description: 'Used where `mapFrom` finds nothing; alone, sent always.' }),
  })
  .meta({ id: 'ClaimSourceRequestParameter' });

const requestParameters = z
  .record(z.string().min(1).max(255), requestParameter)
  .superRefine((parameters, context) => {
    if (Object.keys(parameters).length > MOST_PARAMETERS) {
      context.addIssue({ code: 'custom', message: `must be at most ${MOST_PARAMETERS} parameters` });
      return;
    }
    for (const { parameter, message } of checkRequestParameters(parameters as Exact<typeof parameters>)) {
      context.addIssue({ code: 'custom', message, path: [parameter] });
    }
  })
  .meta({ description: 'By parameter name: sent in the query for GET, as members of a JSON body for POST.' });

const nonSecret = {
  name: z.string().min(1).max(255),
  requestMethod: z.enum(['GET', 'POST']),
  onFailure: z.enum(['fail', 'continue']).meta({
    description: 'What a final refusal of the source means: the credential is refused, or made as if it had answered `{}`.',
  }),
};

const oauthMembers = {
  clientId: z.string().min(1).max(1024),
  scope: z.string().min(1).max(2048).optional(),
  audience: z.string().min(1).max(2048).optional(),
};
const tokenEndpointAuthMethod = z.enum(['client_secret_basic', 'client_secret_post']);

/** What creates a claims source, or replaces one in full. `allowedHosts` is the deployment's `OUTBOUND_ALLOWED_HOSTS`. */
export function claimSourceRequestSchema(allowedHosts: readonly string[]) {
  const url = z
    .string()
    .max(2048)
    .superRefine((value, context) => {
      const message = outboundUrlFault(value, allowedHosts);
      if (message !== undefined) context.addIssue({ code: 'custom', message });
    })
    .transform(normalizedUrl)
    .meta({ format: 'uri', description: 'https; no IP address, no query.' });
  const authorization = z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('api-key'), value: secret.meta({ description: 'Sent as `x-api-key`.' }) }),
    z.strictObject({
      type: z.literal('oauth-client-credentials'),
      tokenEndpoint: url,
      ...oauthMembers,
      clientSecret: secret,
      tokenEndpointAuthMethod: tokenEndpointAuthMethod.default('client_secret_basic'),
    }),
  ]);
  return z
    .strictObject({
      id: z.string().max(64).optional().meta({ description: 'Ignored; a record that was read may be written back.' }),
      name: nonSecret.name,
      url,
      requestMethod: nonSecret.requestMethod.default('GET'),
      requestParameters,
      authorization: authorization.meta({
        description: 'Writing back a masked secret keeps it, as long as it goes to the same host.',
      }),
      onFailure: nonSecret.onFailure.default('fail'),
    })
    .meta({ id: 'ClaimSourceRequest' });
}

export type ClaimSourceRequest = Exact<z.output<ReturnType<typeof claimSourceRequestSchema>>>;

const masked = z.string().meta({ description: 'Asterisks and the last characters of the secret.', example: '****61m1J' });

export const claimSourceSchema = z
  .strictObject({
    id: z.uuid(),
    ...nonSecret,
    url: z.url(),
    requestParameters: z.record(z.string(), requestParameter),
    authorization: z.discriminatedUnion('type', [
      z.strictObject({ type: z.literal('api-key'), value: masked }),
      z.strictObject({
        type: z.literal('oauth-client-credentials'),
        tokenEndpoint: z.url(),
        ...oauthMembers,
        clientSecret: masked,
        tokenEndpointAuthMethod,
      }),
    ]),
  })
  .meta({ id: 'ClaimSource' });

export type ClaimSourceView = Exact<z.output<typeof claimSourceSchema>>;
