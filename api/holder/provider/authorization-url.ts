import { buildAuthorizationUrl, calculatePKCECodeChallenge } from 'openid-client';
import type { KeyEncryptionRing } from '../../../keys/key-encryption.js';
import type { AuthenticationProviderDocument, IssuanceDocument } from '../../../store/documents.js';
import { sessionSecret, sessionState } from '../../oauth/session-state.js';
import type { WalletIssuer } from '../../wallet/wallet-issuer.js';
import type { ProviderDirectory } from './provider-directory.js';

/** What a login belongs to. */
export interface ProviderLogin {
  readonly providers: ProviderDirectory;
  readonly provider: AuthenticationProviderDocument;
  readonly issuer: Pick<WalletIssuer, 'urls'>;
  readonly ring: KeyEncryptionRing;
  readonly session: Pick<IssuanceDocument, '_id' | 'issuerId' | 'codeKey'>;
}

/** Parameters that make up the protocol: what an issuer or a wallet sets does not count. */
const OURS = new Set([
  'client_id',
  'client_secret',
  'code_challenge',
  'code_challenge_method',
  'nonce',
  'redirect_uri',
  'request',
  'request_uri',
  'response_mode',
  'response_type',
  'scope',
  'state',
]);

/**
 * The URL at which a holder logs in (OpenID Connect Core 3.1.2.1): with PKCE (S256), a nonce and a state that are all the
 * session's own, so that it is the same whenever it is made.
 *
 * @param options.parameters those of the wallet's authorization request; what the provider is configured for is passed on
 * @throws {ProviderUnavailableError}
 */
export async function providerAuthorizationUrl({
  parameters,
  ...login
}: ProviderLogin & { parameters: Readonly<Record<string, string>> }): Promise<string> {
  const { providers, provider } = login;
  const { configuration } = await providers.get(provider);
  const { state, nonce, codeVerifier } = loginSecrets(login);
  const url = buildAuthorizationUrl(configuration, {
    ...forwardedParameters(provider, parameters),
    ...staticParameters(provider),
    scope: provider.scope.join(' '),
    redirect_uri: callbackUrl(login).href,
    code_challenge: await calculatePKCECodeChallenge(codeVerifier),
    code_challenge_method: 'S256',
    nonce,
    state,
  });
  return url.href;
}

/** The state, nonce and PKCE verifier of a login. */
export function loginSecrets({ ring, session }: Pick<ProviderLogin, 'ring' | 'session'>) {
  const { _id: sessionId, issuerId, codeKey } = session;
  const common = { ring, issuerId, sessionId, codeKey };
  return {
    state: sessionState(sessionId, { ring, issuerId, kind: 'authentication' }),
    nonce: sessionSecret({ ...common, purpose: 'provider-nonce' }),
    codeVerifier: sessionSecret({ ...common, purpose: 'provider-code-verifier' }),
  };
}

/** Where the provider sends the holder back to; in the form that is also sent with the code. */
export function callbackUrl({ issuer }: Pick<ProviderLogin, 'issuer'>): URL {
  return new URL(issuer.urls.authenticationCallback);
}

function staticParameters({ staticRequestParameters }: AuthenticationProviderDocument): Record<string, string> {
  return Object.fromEntries(
    Object.entries(staticRequestParameters)
      .filter(([name, value]) => !OURS.has(name) && value !== undefined)
      .map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]),
  );
}

function forwardedParameters(
  { forwardedRequestParameters }: AuthenticationProviderDocument,
  parameters: Readonly<Record<string, string>>,
): Record<string, string> {
  return Object.fromEntries(
    forwardedRequestParameters.flatMap((name) => {
      const value = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
      return value === undefined || OURS.has(name) ? [] : [[name, value]];
    }),
  );
}
