import { errors, jwtVerify, type JWTPayload } from 'jose';
import { OutboundError } from '../../../outbound/guarded-fetch.js';
import type { AuthenticationProviderDocument } from '../../../store/documents.js';
import { CLOCK_TOLERANCE_SECONDS, type KnownProvider } from './discover-provider.js';
import { ProviderAnswerError, ProviderUnavailableError } from './provider-errors.js';

/** OpenID Connect Core 2. */
const LONGEST_SUBJECT = 255;
/** What a provider signs with that says nothing of it (OpenID Connect Discovery 3). */
const DEFAULT_ALGORITHMS = ['RS256'];

/**
 * Checks the signature of an ID token against the provider's keys, whose and for whom it is, and its times (OpenID Connect
 * Core 3.1.3.7). Only asymmetric algorithms are accepted, of those the provider lists.
 *
 * @throws {ProviderAnswerError} where it does not hold
 * @throws {ProviderUnavailableError} where the provider's keys cannot be had
 */
export async function verifiedIdToken({
  known: { metadata, keys },
  provider,
  idToken,
  now,
}: {
  known: KnownProvider;
  provider: Pick<AuthenticationProviderDocument, 'clientId'>;
  idToken: string | undefined;
  now: () => number;
}): Promise<JWTPayload & { readonly sub: string }> {
  if (idToken === undefined) throw new ProviderAnswerError('id_token', 'the token answer has no ID token');
  const { issuer, id_token_signing_alg_values_supported: listed = DEFAULT_ALGORITHMS } = metadata;
  const { payload } = await jwtVerify(idToken, keys, {
    algorithms: signatureAlgorithms(listed),
    issuer,
    audience: provider.clientId,
    clockTolerance: CLOCK_TOLERANCE_SECONDS,
    currentDate: new Date(now()),
    requiredClaims: ['sub', 'exp', 'iat'],
  }).catch((error: unknown) => {
    throw asVerificationError(error);
  });
  if ((payload.iat ?? 0) > now() / 1000 + CLOCK_TOLERANCE_SECONDS)
    throw new ProviderAnswerError('id_token', 'the ID token is from the future');
  const { sub } = payload;
  if (typeof sub !== 'string' || sub === '' || sub.length > LONGEST_SUBJECT)
    throw new ProviderAnswerError('id_token', `the ID token's sub is not a text of 1 to ${LONGEST_SUBJECT} characters`);
  return { ...payload, sub };
}

/** Without `none` and the algorithms whose key would be the client secret. */
export function signatureAlgorithms(listed: readonly string[]): string[] {
  return listed.filter((algorithm) => algorithm !== 'none' && !algorithm.startsWith('HS'));
}

/** Gives jose's errors a name of ours; what the `fetch` throws stays as it is. */
export function asVerificationError(error: unknown): unknown {
  if (error instanceof OutboundError || error instanceof ProviderUnavailableError) return error;
  if (error instanceof errors.JWSSignatureVerificationFailed || error instanceof errors.JWKSNoMatchingKey)
    return new ProviderAnswerError('signature', "the signature is by none of the provider's keys");
  if (error instanceof errors.JOSEAlgNotAllowed) return new ProviderAnswerError('signature', 'the algorithm is not allowed');
  if (error instanceof errors.JWKSMultipleMatchingKeys)
    return new ProviderAnswerError('signature', 'the signature names no key, and the provider has several');
  if (error instanceof errors.JWTClaimValidationFailed || error instanceof errors.JWTExpired)
    return new ProviderAnswerError('id_token', 'a claim of the token does not hold');
  if (error instanceof errors.JWSInvalid || error instanceof errors.JWTInvalid || error instanceof errors.JOSENotSupported)
    return new ProviderAnswerError('signature', 'it is not a signed JWT');
  // Left are the keys: no answer, no JSON, no set, or a key that cannot be used.
  return new ProviderUnavailableError("the provider's keys cannot be read");
}
