import { OAuthError } from '../http/errors.js';
import type { OAuthParameters } from './parameters.js';

const THUMBPRINT = /^[A-Za-z0-9_-]{43}$/;

/**
 * The key that a code is to be bound to: it may be named (`dpop_jkt`), or shown by a DPoP proof, or both if it is the same
 * (RFC 9449 10). Its thumbprint, base64url.
 *
 * @param shown thumbprint of the proof's key
 * @throws {OAuthError} `invalid_request`
 */
export function boundKey(parameters: OAuthParameters, shown: string | undefined): string | undefined {
  const named = parameters.get('dpop_jkt');
  if (named !== undefined && !THUMBPRINT.test(named)) {
    throw refused('dpop_jkt must be the base64url of a SHA-256 thumbprint: 43 characters');
  }
  if (named !== undefined && shown !== undefined && named !== shown) {
    throw refused('dpop_jkt is of another key than the DPoP proof shows');
  }
  return shown ?? named;
}

function refused(description: string): OAuthError {
  return new OAuthError('invalid_request', description);
}
