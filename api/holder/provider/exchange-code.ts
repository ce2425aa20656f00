import { authorizationCodeGrant } from 'openid-client';
import type { AuthenticationProviderDocument } from '../../../store/documents.js';
import type { AuthenticatedHolder } from '../../../store/holder-steps.js';
import { sessionOfState } from '../../oauth/session-state.js';
import { callbackUrl, loginSecrets, type ProviderLogin } from './authorization-url.js';
import type { KnownProvider } from './discover-provider.js';
import { asProviderError } from './exchange-failure.js';
import { holderClaims } from './holder-claims.js';
import { verifiedIdToken } from './id-token.js';
import { ProviderAnswerError } from './provider-errors.js';
import { readUserinfo } from './userinfo.js';

/**
 * Redeems the code that the provider's callback brought, and tells who logged in and what the provider says of them.
 *
 * @param options.callback the query of the callback, as it came; its `state` has to be the session's
 * @param options.now milliseconds since the epoch
 * @throws {ProviderUnavailableError} where the same callback may succeed later
 * @throws {ProviderRefusalError} where the provider or the holder there said no
 * @throws {ProviderAnswerError} where the answer does not hold
 */
export async function authenticateHolder({
  callback,
  now,
  ...login
}: ProviderLogin & { callback: URLSearchParams; now: () => number }): Promise<
  AuthenticatedHolder & { readonly providerId: string }
> {
  const { providers, provider } = login;
  const known = await providers.get(provider);
  try {
    const tokens = await redeem(known, callback, login);
    const idToken = await verifiedIdToken({ known, provider, idToken: tokens.id_token, now });
    const userinfo = provider.userinfo
      ? await readUserinfo({ known, accessToken: tokens.access_token, subject: idToken.sub })
      : {};
    const claims = holderClaims({ idToken, userinfo });
    return { providerId: provider._id, url: provider.url, subjectId: idToken.sub, claims };
  } catch (error) {
    throw asProviderError(error);
  }
}

function redeem({ configuration, metadata }: KnownProvider, callback: URLSearchParams, login: ProviderLogin) {
  const state = checkedState(callback, { login, issuer: metadata.issuer });
  const { nonce, codeVerifier } = loginSecrets(login);
  const maxAge = requestedMaxAge(login.provider);
  const url = callbackUrl(login);
  url.search = callback.toString();
  return authorizationCodeGrant(configuration, url, {
    expectedState: state,
    expectedNonce: nonce,
    pkceCodeVerifier: codeVerifier,
    idTokenExpected: true,
    ...(maxAge === undefined ? {} : { maxAge }),
  });
}

const ONCE = ['state', 'iss', 'code', 'error'];

/** The callback's state, if it can be an answer to this login at all, of the provider whom we asked (RFC 9207 2.4). */
function checkedState(callback: URLSearchParams, { login, issuer }: { login: ProviderLogin; issuer: string }): string {
  const fault = (message: string) => new ProviderAnswerError('callback', `the callback ${message}`);
  if (ONCE.some((name) => callback.getAll(name).length > 1)) throw fault('has a parameter twice');
  const state = callback.get('state') ?? '';
  const { ring, session } = login;
  // Not compared with a new one: it may have been made under a key that is an older one by now.
  const sessionId = sessionOfState(state, { ring, issuerId: session.issuerId, kind: 'authentication' });
  if (sessionId !== session._id) throw fault('is of another session');
  // Also an empty one, which the library takes for none.
  if (callback.has('iss') && callback.get('iss') !== issuer) throw fault('is of another provider');
  if (!callback.get('code') && !callback.get('error')) throw fault('has neither code nor error');
  return state;
}

/** Where a `max_age` was asked for, the ID token has to show that it was kept (OpenID Connect Core 3.1.2.1). */
function requestedMaxAge({ staticRequestParameters }: AuthenticationProviderDocument): number | undefined {
  const value = staticRequestParameters.max_age;
  if (typeof value !== 'number' && (typeof value !== 'string' || value.trim() === '')) return undefined;
  const seconds = Number(value);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds : undefined;
}
