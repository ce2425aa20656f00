import { OAuthError } from '../http/errors.js';
import type { OAuthParameters } from './parameters.js';

/** The unpadded base64url of a SHA-256. */
const S256 = /^[A-Za-z0-9_-]{43}$/;

/**
 * The `code_challenge` of an authorization request (RFC 7636 4.3): every client has to send one, and S256 is the only method.
 *
 * @throws {OAuthError} `invalid_request`
 */
export function requiredCodeChallenge(parameters: OAuthParameters): string {
  const challenge = parameters.get('code_challenge');
  if (challenge === undefined) throw new OAuthError('invalid_request', 'the parameter code_challenge is missing');
  // Left out it would mean plain.
  if (parameters.get('code_challenge_method') !== 'S256') {
    throw new OAuthError('invalid_request', 'code_challenge_method must be S256');
  }
  if (!S256.test(challenge)) {
    throw new OAuthError('invalid_request', 'code_challenge must be the base64url of a SHA-256: 43 characters');
  }
  return challenge;
}
