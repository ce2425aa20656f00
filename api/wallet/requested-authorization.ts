import { timingSafeEqual } from 'node:crypto';
import { invalid, requestedConfigurations } from '../oauth/authorization-details.js';
import { parseRoutedCode, preAuthorizedCode } from '../oauth/pre-authorized-code.js';
import type { WalletServices } from './services.js';

/**
 * The configurations that the token is to cover where the wallet named some: a subset of those offered (OID4VCI 6.1.1).
 * `undefined` where it named none.
 *
 * Reads the offer only for a wallet that sends `authorization_details`, and tells what is in it only to one that holds
 * the code: for others the redemption that follows refuses the code.
 *
 * @throws {OAuthError} `invalid_authorization_details`
 */
export async function grantedConfigurations(
  { context, issuer }: WalletServices,
  { code, authorizationDetails }: { code: string; authorizationDetails: string | undefined },
): Promise<readonly string[] | undefined> {
  if (authorizationDetails === undefined) return undefined;
  const requested = requestedConfigurations(authorizationDetails, { issuerIdentifier: issuer.identifier });
  const sessionId = parseRoutedCode(code)?.sessionId;
  if (sessionId === undefined) return requested;
  const offer = await context.db.issuances.findOne(
    { _id: sessionId, issuerId: issuer.id },
    { projection: { configurationIds: 1, codeKey: 1 } },
  );
  if (offer === null) return requested;
  const expected = preAuthorizedCode({ ring: context.ring, issuerId: issuer.id, sessionId, codeKey: offer.codeKey });
  if (isEqual(code, expected) && !requested.every((id) => offer.configurationIds.includes(id))) {
    throw invalid('authorization_details names a credential configuration that was not offered');
  }
  return requested;
}

/**
 * Likewise for an authorization code or a refresh token: what the session's record says was granted. Whether the token is
 * good is the workflow's to say afterwards.
 *
 * @throws {OAuthError} `invalid_authorization_details`
 */
export async function sessionConfigurations(
  { context, issuer }: WalletServices,
  { text, authorizationDetails }: { text: string; authorizationDetails: string },
): Promise<readonly string[]> {
  const requested = requestedConfigurations(authorizationDetails, { issuerIdentifier: issuer.identifier });
  const sessionId = parseRoutedCode(text)?.sessionId;
  const session =
    sessionId === undefined
      ? null
      : await context.db.issuances.findOne({ _id: sessionId, issuerId: issuer.id }, { projection: { configurationIds: 1 } });
  if (session === null || requested.every((id) => session.configurationIds.includes(id))) return requested;
  throw invalid('authorization_details names a credential configuration that was not authorized');
}

function isEqual(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
