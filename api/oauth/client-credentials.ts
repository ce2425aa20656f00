import type { Request } from 'express';
import { OAuthError } from '../http/errors.js';
import type { OAuthParameters } from './parameters.js';

/** How a client tries to authenticate, nothing of it checked yet. */
export type PresentedCredentials =
  | { readonly method: 'none' }
  | { readonly method: 'client_secret_basic'; readonly clientId: string; readonly secret: string }
  | { readonly method: 'private_key_jwt'; readonly assertion: string };

const BASIC = 'Basic realm="wallet clients"';
const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const LONGEST_SECRET = 512;

/** 401 `invalid_client` (RFC 6749 5.2), with a challenge for a client that tried Basic. */
export function invalidClient(description: string, method?: PresentedCredentials['method']): OAuthError {
  const challenge = method === 'client_secret_basic' ? { challenge: BASIC } : {};
  return new OAuthError('invalid_client', description, { status: 401, ...challenge });
}

/**
 * The one way in which a request authenticates its client (RFC 6749 2.3).
 *
 * Wallet attestation (OID4VCI E, the headers `OAuth-Client-Attestation` and `OAuth-Client-Attestation-PoP`) will be one
 * more; until then these headers are ignored.
 *
 * @throws {OAuthError} `invalid_client` for several ways at once, and for one that is not supported
 */
export function presentedCredentials(
  request: Pick<Request, 'headersDistinct'>,
  parameters: OAuthParameters,
): PresentedCredentials {
  const headers = request.headersDistinct.authorization ?? [];
  const assertion = parameters.get('client_assertion');
  const secret = parameters.get('client_secret');
  const ways = headers.length + (assertion === undefined ? 0 : 1) + (secret === undefined ? 0 : 1);
  if (ways > 1)
    throw invalidClient('authenticate the client in one way only', headers.length > 0 ? 'client_secret_basic' : 'none');
  if (secret !== undefined) throw invalidClient('client_secret is not taken from the body: use the Authorization header', 'none');
  if (headers[0] !== undefined) return basicCredentials(headers[0]);
  if (assertion === undefined) return { method: 'none' };
  if (parameters.get('client_assertion_type') !== ASSERTION_TYPE) {
    throw invalidClient(`client_assertion_type must be ${ASSERTION_TYPE}`, 'private_key_jwt');
  }
  return { method: 'private_key_jwt', assertion };
}

/** Both halves are form-encoded before they are joined (RFC 6749 2.3.1). */
function basicCredentials(header: string): PresentedCredentials {
  const [, encoded] = /^basic +([A-Za-z0-9+/]+={0,2})$/i.exec(header) ?? [];
  const text = encoded === undefined ? '' : Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  const clientId = formDecoded(text.slice(0, Math.max(colon, 0)));
  const secret = formDecoded(text.slice(colon + 1));
  if (clientId === undefined || secret === undefined || clientId === '' || secret === '' || secret.length > LONGEST_SECRET) {
    throw invalidClient(
      'the Authorization header must be Basic, with form-encoded client_id and client_secret',
      'client_secret_basic',
    );
  }
  return { method: 'client_secret_basic', clientId, secret };
}

function formDecoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}
