import type { OpenAPIRegistry } from '@asteasolutions/zod-to-openapi';
import { json, managementErrorSchema, oauthErrorSchema } from '../http/openapi-operation.js';
import { tokenRequestSchema, tokenResponseSchema } from './oauth-token.schema.js';

export function registerOAuthToken(registry: OpenAPIRegistry): void {
  const error = (description: string) => ({ description, content: json(oauthErrorSchema) });
  registry.registerPath({
    method: 'post',
    path: '/oauth/token',
    tags: ['Access'],
    operationId: 'postOauthToken',
    summary: 'Get an access token for the management API',
    description:
      'OAuth client credentials, in the body or by HTTP Basic.\n\nEvents: `MANAGEMENT_TOKEN_START`, `MANAGEMENT_TOKEN_SUCCESS`, `MANAGEMENT_TOKEN_FAIL`.',
    security: [],
    request: {
      body: {
        required: true,
        content: { ...json(tokenRequestSchema), 'application/x-www-form-urlencoded': { schema: tokenRequestSchema } },
      },
    },
    responses: {
      200: { description: 'A bearer token.', content: json(tokenResponseSchema) },
      400: error('The request is at fault.'),
      401: error('Unknown client or wrong secret.'),
      413: error('The body is too large.'),
      415: error('The body is neither JSON nor a form.'),
      429: { description: 'Too many requests; `Retry-After` says how long to wait.', content: json(managementErrorSchema) },
      500: { description: 'An unexpected fault.', content: json(managementErrorSchema) },
      503: { description: 'A dependency is away; try again after `Retry-After`.', content: json(managementErrorSchema) },
    },
  });
}
