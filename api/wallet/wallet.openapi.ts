import type { OpenAPIRegistry, RouteConfig } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import { json, oauthErrorSchema } from '../http/openapi-operation.js';

const document = z.record(z.string(), z.unknown());
/** A credential offer; where it is served, api/management/reusable-offers says, whose path it shares. */
export const walletOfferSchema = z.object({
  credential_issuer: z.url(),
  credential_configuration_ids: z.array(z.string()).min(1),
  grants: document,
});

const pushedRequest = z.object({
  response_type: z.literal('code'),
  client_id: z.string(),
  redirect_uri: z.string(),
  code_challenge: z.string(),
  code_challenge_method: z.literal('S256'),
  scope: z.string().optional(),
  authorization_details: z.string().optional(),
  issuer_state: z.string().optional(),
  state: z.string().optional(),
  dpop_jkt: z.string().optional(),
});
const pushedResponse = z.object({ request_uri: z.string(), expires_in: z.int() });

const tokenRequest = z.object({
  grant_type: z.string(),
  'pre-authorized_code': z.string(),
  tx_code: z.string().optional(),
  client_id: z.string().optional(),
});
const tokenResponse = z.object({ access_token: z.string(), token_type: z.enum(['Bearer', 'DPoP']), expires_in: z.int() });

const credentialRequest = z.object({
  credential_configuration_id: z.string().optional(),
  credential_identifier: z.string().optional(),
  proofs: z.object({ jwt: z.array(z.string()) }).optional(),
});
const issued = z.object({ credentials: z.array(z.object({ credential: z.string() })), notification_id: z.string().optional() });
const pending = z.object({ transaction_id: z.string(), interval: z.number() });

/** Describes the wallet's endpoints coarsely: the standards they follow say the rest. */
export function registerWalletEndpoints(registry: OpenAPIRegistry): void {
  const registerDocument = (path: string, summary: string, schema: z.ZodType = document) =>
    register(registry, {
      method: 'get',
      path,
      summary,
      responses: { 200: { description: 'The document.', content: json(schema) } },
    });
  registerDocument('/.well-known/openid-credential-issuer', 'Credential Issuer metadata (OID4VCI 12.2)');
  registerDocument('/.well-known/oauth-authorization-server', 'Authorization server metadata (RFC 8414)');
  registerDocument('/.well-known/jwt-vc-issuer', 'JWT VC Issuer metadata (SD-JWT VC 5)');
  registerDocument('/v1/oauth/jwks', 'Keys of access tokens (RFC 7517)');
  registerDocument(
    '/.well-known/did.json',
    "Document of the issuer's did:web; below a path of its own it is at `<path>/did.json`",
  );
  registerDocument(
    '/.well-known/did-configuration.json',
    'Domain linkage credentials of its DIDs (DIF Well Known DID Configuration)',
  );
  register(registry, {
    method: 'post',
    path: '/v1/oauth/par',
    summary: 'Pushed authorization request endpoint (RFC 9126, OID4VCI 5.1.4)',
    request: { body: { required: true, content: { 'application/x-www-form-urlencoded': { schema: pushedRequest } } } },
    responses: {
      201: { description: 'Where a browser finds the request.', content: json(pushedResponse) },
      400: refusal,
      401: refusal,
    },
  });
  register(registry, {
    method: 'post',
    path: '/v1/oauth/token',
    summary: 'Token endpoint (OID4VCI 6)',
    request: { body: { required: true, content: { 'application/x-www-form-urlencoded': { schema: tokenRequest } } } },
    responses: { 200: { description: 'An access token.', content: json(tokenResponse) }, 400: refusal, 401: refusal },
  });
  register(registry, {
    method: 'post',
    path: '/v1/openid/nonce',
    summary: 'Nonce endpoint (OID4VCI 7)',
    responses: { 200: { description: 'A fresh nonce.', content: json(z.object({ c_nonce: z.string() })) } },
  });
  register(registry, {
    method: 'post',
    path: '/v1/openid/credential',
    summary: 'Credential endpoint (OID4VCI 8)',
    security: [{ walletToken: [] }],
    request: { body: { required: true, content: json(credentialRequest) } },
    responses: credentialResponses,
  });
  register(registry, {
    method: 'post',
    path: '/v1/openid/deferred-credential',
    summary: 'Deferred credential endpoint (OID4VCI 9)',
    security: [{ walletToken: [] }],
    request: { body: { required: true, content: json(z.object({ transaction_id: z.string() })) } },
    responses: credentialResponses,
  });
  register(registry, {
    method: 'post',
    path: '/v1/openid/notification',
    summary: 'Notification endpoint (OID4VCI 11)',
    security: [{ walletToken: [] }],
    request: {
      body: {
        required: true,
        content: json(z.object({ notification_id: z.string(), event: z.string(), event_description: z.string().optional() })),
      },
    },
    responses: { 204: { description: 'Taken.' }, 400: refusal, 401: refusal },
  });
}

const refusal = { description: 'Refused.', content: json(oauthErrorSchema) };
const credentialResponses = {
  200: { description: 'The credentials.', content: json(issued) },
  202: { description: 'Accepted; ask the deferred credential endpoint.', content: json(pending) },
  400: refusal,
  401: refusal,
  403: refusal,
};

const later = { description: 'Not at the moment; `Retry-After` says how long to wait.', content: json(oauthErrorSchema) };

function register(registry: OpenAPIRegistry, route: Omit<RouteConfig, 'tags' | 'operationId'>): void {
  const responses = {
    ...route.responses,
    ...(route.request?.body === undefined ? {} : { 413: refusal, 415: refusal }),
    429: later,
    500: refusal,
    503: later,
  };
  registry.registerPath({ security: [], ...route, responses, tags: ['Wallets'] });
}
