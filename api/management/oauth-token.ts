import type { Request, Response } from 'express';
import type { z } from 'zod';
import type { ApiContext } from '../context.js';
import { OAuthError } from '../http/errors.js';
import type { EventLocals } from '../http/recorded.js';
import { readFormBody, readJsonBody, RequestBodyError } from '../http/request-body.js';
import { ClientAuthentication, type ClientCredentials } from './client-authentication.js';
import { managementAudience, signManagementToken } from './management-token.js';
import { tokenRequestSchema } from './oauth-token.schema.js';

type TokenRequest = z.output<typeof tokenRequestSchema>;

const MAX_BODY_BYTES = 16_384;

/**
 * `POST /oauth/token`: access tokens for the management API by OAuth client credentials. Takes MATTR's JSON body as
 * well as OAuth's form, and the client's secret in the body or by HTTP Basic (RFC 6749 2.3.1).
 */
export function createOAuthToken(context: ApiContext): (request: Request, response: Response) => Promise<void> {
  const clients = new ClientAuthentication(context);
  return async (request, response) => {
    const parameters = await readParameters(request);
    requireClientCredentialsGrant(parameters);
    requireAudience(parameters, context);
    const client = await clients.authenticate(readCredentials(request, parameters));
    if (client === undefined) throw unauthorized(request);
    (response.locals as EventLocals).clientId = client._id;
    response.setHeader('Cache-Control', 'no-store');
    response.json({
      access_token: await signManagementToken(context, client),
      token_type: 'Bearer',
      expires_in: context.config.MANAGEMENT_TOKEN_SECONDS,
    });
  };
}

async function readParameters(request: Request): Promise<TokenRequest> {
  const result = tokenRequestSchema.safeParse(await readBody(request));
  if (result.success) return result.data;
  const names = [...new Set(result.error.issues.map(({ path }) => path.join('.')))].filter((name) => name !== '');
  throw new OAuthError(
    'invalid_request',
    names.length === 0 ? 'the body must be an object' : `missing or malformed: ${names.join(', ')}`,
  );
}

async function readBody(request: Request): Promise<unknown> {
  try {
    if (request.is('application/x-www-form-urlencoded') === false)
      return await readJsonBody(request, { maxBytes: MAX_BODY_BYTES });
    const form = await readFormBody(request, { maxBytes: MAX_BODY_BYTES });
    // RFC 6749 3.2: a parameter without a value counts as left out.
    return Object.fromEntries([...form].filter(([, value]) => value !== ''));
  } catch (error) {
    if (!(error instanceof RequestBodyError)) throw error;
    const description = error.status === 415 ? 'send application/json or application/x-www-form-urlencoded' : error.message;
    throw new OAuthError('invalid_request', description, { status: error.status, cause: error });
  }
}

function requireClientCredentialsGrant({ grant_type }: TokenRequest): void {
  if (grant_type === 'client_credentials') return;
  throw new OAuthError('unsupported_grant_type', 'only client_credentials is supported here; wallets use /v1/oauth/token');
}

function requireAudience({ audience }: TokenRequest, { config }: ApiContext): void {
  if (audience === undefined || audience === config.PUBLIC_URL || audience === managementAudience(config)) return;
  throw new OAuthError('invalid_target', `audience must be ${config.PUBLIC_URL}, or left out`);
}

function readCredentials(request: Request, { client_id, client_secret }: TokenRequest): ClientCredentials {
  const { authorization } = request.headers;
  if (authorization === undefined) {
    if (client_id === undefined || client_secret === undefined) throw unauthorized(request);
    return { clientId: client_id, clientSecret: client_secret };
  }
  if (client_secret !== undefined)
    throw new OAuthError('invalid_request', 'authenticate in one way only: by the header or in the body');
  const basic = parseBasic(authorization);
  if (basic === undefined || (client_id !== undefined && client_id !== basic.clientId)) throw unauthorized(request);
  return basic;
}

function parseBasic(header: string): ClientCredentials | undefined {
  const encoded = /^Basic +([A-Za-z0-9+/]{1,2048}={0,2})$/i.exec(header)?.[1];
  if (encoded === undefined) return undefined;
  const decoded = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = decoded.indexOf(':');
  if (colon < 1) return undefined;
  try {
    return { clientId: formDecode(decoded.slice(0, colon)), clientSecret: formDecode(decoded.slice(colon + 1)) };
  } catch {
    return undefined;
  }
}

/** RFC 6749 2.3.1 has both halves form-encoded before they are joined. */
function formDecode(text: string): string {
  return decodeURIComponent(text.replaceAll('+', ' '));
}

/** MATTR's answer, for an unknown client and a wrong secret alike. */
function unauthorized({ headers }: Request): OAuthError {
  const challenge = headers.authorization === undefined ? {} : { challenge: 'Basic realm="management"' };
  return new OAuthError('access_denied', 'Unauthorized', { status: 401, ...challenge });
}
