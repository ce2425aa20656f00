import { jwtVerify, type JWTPayload } from 'jose';
import { fetchProtectedResource } from 'openid-client';
import { CLOCK_TOLERANCE_SECONDS, type KnownProvider } from './discover-provider.js';
import { asVerificationError, signatureAlgorithms } from './id-token.js';
import { ProviderAnswerError } from './provider-errors.js';

type Claims = Readonly<Record<string, unknown>>;

/**
 * Reads a holder's claims from the provider's userinfo endpoint (OpenID Connect Core 5.3), signed ones included.
 *
 * @throws {ProviderAnswerError} where the answer is none, or another subject's
 */
export async function readUserinfo({
  known,
  accessToken,
  subject,
}: {
  known: KnownProvider;
  accessToken: string;
  subject: string;
}): Promise<Claims> {
  const endpoint = known.metadata.userinfo_endpoint as string;
  const headers = new Headers({ accept: 'application/json, application/jwt' });
  const answer = await fetchProtectedResource(known.configuration, accessToken, new URL(endpoint), 'GET', undefined, headers);
  if (answer.status !== 200) throw fault(`the userinfo endpoint answered ${answer.status}`);
  const text = await answer.text();
  const isSigned = answer.headers.get('content-type') === 'application/jwt';
  const claims = isSigned ? await verified(known, text) : parsed(text);
  // Or an access token of somebody else's could bring in their claims (OpenID Connect Core 5.3.4).
  if (claims.sub !== subject) throw fault('the userinfo is of another subject');
  return claims;
}

async function verified({ configuration, metadata, keys }: KnownProvider, jwt: string): Promise<JWTPayload> {
  const { issuer, userinfo_signing_alg_values_supported: listed = ['RS256'] } = metadata;
  const { payload } = await jwtVerify(jwt, keys, {
    algorithms: signatureAlgorithms(listed),
    issuer,
    audience: configuration.clientMetadata().client_id,
    clockTolerance: CLOCK_TOLERANCE_SECONDS,
  }).catch((error: unknown) => {
    throw asVerificationError(error);
  });
  return payload;
}

function parsed(text: string): Claims {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's message would quote the answer.
    throw fault('the userinfo is not valid JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw fault('the userinfo is not a JSON object');
  return value as Claims;
}

function fault(message: string): ProviderAnswerError {
  return new ProviderAnswerError('userinfo', message);
}
