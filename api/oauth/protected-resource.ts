import type { Request } from 'express';
import { issuerSigners } from '../../keys/issuer-signers.js';
import type { ApiContext } from '../context.js';
import { OAuthError } from '../http/errors.js';
import { AccessTokenError, type AccessToken, type AccessTokenVerifier } from './access-token.js';
import { requiredDpopNonces } from './dpop-nonce.js';
import { dpopHeader, spendDpopProof, verifyDpopProof } from './dpop.js';
import { WALLET_ALGORITHMS } from './jws.js';

type Scheme = 'Bearer' | 'DPoP';

/** What a protected resource checks tokens with. */
export interface ProtectedResource {
  readonly context: Pick<ApiContext, 'config' | 'db' | 'directory' | 'ring' | 'now'>;
  readonly issuerId: string;
  readonly tokens: AccessTokenVerifier;
  /** The endpoint's public URL. */
  readonly url: string;
}

/**
 * The access token of a request to a protected resource, checked with its sender constraint (RFC 6750 2.1, RFC 9449 7).
 *
 * @throws {OAuthError} 401 `invalid_token`, `invalid_dpop_proof` or `use_dpop_nonce` with `WWW-Authenticate`; 400 `invalid_request` for a
 *   token anywhere but in the Authorization header
 */
export async function authorizedToken(request: Request, resource: ProtectedResource): Promise<AccessToken> {
  const { scheme, text } = presentedToken(request);
  const token = await verifiedToken(text, scheme, resource);
  const bound: Scheme = token.dpopThumbprint === undefined ? 'Bearer' : 'DPoP';
  if (scheme !== bound) throw invalidToken(bound, `present this access token with the scheme ${bound}`);
  if (token.dpopThumbprint !== undefined) await checkPossession(request, resource, { text, thumbprint: token.dpopThumbprint });
  return token;
}

/** 401 `invalid_token` (RFC 6750 3.1). */
export function invalidToken(scheme: Scheme, description: string): OAuthError {
  return new OAuthError('invalid_token', description, { status: 401, challenge: challenge(scheme, 'invalid_token') });
}

/** 403 `insufficient_scope` (RFC 6750 3.1): the token does not cover what was asked. */
export function insufficientScope(token: AccessToken, description: string): OAuthError {
  const scheme = schemeOf(token);
  return new OAuthError('insufficient_scope', description, { status: 403, challenge: challenge(scheme, 'insufficient_scope') });
}

export function schemeOf(token: AccessToken): Scheme {
  return token.dpopThumbprint === undefined ? 'Bearer' : 'DPoP';
}

function presentedToken(request: Request): { scheme: Scheme; text: string } {
  if (request.query.access_token !== undefined) {
    throw new OAuthError('invalid_request', 'send the access token in the Authorization header, not in the URL');
  }
  const values = request.headersDistinct.authorization ?? [];
  if (values.length > 1) throw new OAuthError('invalid_request', 'send exactly one Authorization header');
  const [, scheme, text] = /^(bearer|dpop) +([^\s]+)$/i.exec(values[0] ?? '') ?? [];
  if (scheme === undefined || text === undefined) {
    // Without an error code: the request lacks any authentication information (RFC 6750 3.1).
    throw new OAuthError('invalid_token', 'send the access token in the Authorization header', {
      status: 401,
      challenge: `${challenge('DPoP')}, ${challenge('Bearer')}`,
    });
  }
  return { scheme: scheme.toLowerCase() === 'dpop' ? 'DPoP' : 'Bearer', text };
}

async function verifiedToken(
  text: string,
  scheme: Scheme,
  { context, issuerId, tokens }: ProtectedResource,
): Promise<AccessToken> {
  const { keys } = await context.directory.get(issuerId);
  const jwks = issuerSigners({ keys, access: context }).accessTokenJwks.keys;
  try {
    return tokens.verify(text, { jwks, now: context.now() });
  } catch (error) {
    throw error instanceof AccessTokenError ? invalidToken(scheme, `the access token ${error.message}`) : error;
  }
}

async function checkPossession(
  request: Request,
  { context, issuerId, url }: ProtectedResource,
  { text, thumbprint }: { text: string; thumbprint: string },
): Promise<void> {
  const now = context.now();
  try {
    const header = dpopHeader(request);
    if (header === undefined) throw new OAuthError('invalid_dpop_proof', 'send a DPoP proof in the DPoP header');
    const nonce = requiredDpopNonces({ config: context.config, ring: context.ring, issuerId, now });
    const expected = { method: request.method, url, accessToken: text, now };
    const proof = verifyDpopProof(header, nonce === undefined ? expected : { ...expected, nonce });
    if (proof.thumbprint !== thumbprint)
      throw invalidToken('DPoP', 'the access token is bound to another key than the DPoP proof shows');
    await spendDpopProof({ db: context.db, issuerId, proof, now });
  } catch (error) {
    if (!(error instanceof OAuthError) || error.status === 401) throw error;
    const { code, message, headers } = error;
    throw new OAuthError(code, message, { status: 401, challenge: challenge('DPoP', code), headers });
  }
}

function challenge(scheme: Scheme, error?: string): string {
  const parameters = [
    ...(error === undefined ? [] : [`error="${error}"`]),
    ...(scheme === 'DPoP' ? [`algs="${WALLET_ALGORITHMS.join(' ')}"`] : []),
  ];
  return parameters.length === 0 ? scheme : `${scheme} ${parameters.join(', ')}`;
}
