import { jsonBoundsFault } from '../../management/json-bounds.js';
import { ProviderAnswerError } from './provider-errors.js';

type Claims = Readonly<Record<string, unknown>>;

/** Claims about the token and the login, which say nothing of the holder. */
const PROTOCOL_CLAIMS = new Set([
  'iss',
  'aud',
  'exp',
  'iat',
  'nonce',
  'at_hash',
  'c_hash',
  's_hash',
  'azp',
  'auth_time',
  'sid',
  'jti',
  'nbf',
]);

const BOUNDS = { depth: 8, bytes: 65_536 };

/**
 * What the provider says of the holder, `sub` included; where the ID token and userinfo differ, userinfo counts.
 *
 * @throws {ProviderAnswerError} where it is more than 64 kB or 8 levels deep
 */
export function holderClaims({ idToken, userinfo }: { idToken: Claims; userinfo: Claims }): Claims {
  const claims = Object.fromEntries(Object.entries({ ...idToken, ...userinfo }).filter(([name]) => !PROTOCOL_CLAIMS.has(name)));
  const fault = jsonBoundsFault(claims, BOUNDS);
  if (fault !== undefined) throw new ProviderAnswerError('claims', `the claims of the provider ${fault}`);
  return claims;
}
