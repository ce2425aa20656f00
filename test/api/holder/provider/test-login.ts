import { randomBytes } from 'node:crypto';
import { authenticateHolder } from '../../../../api/holder/provider/exchange-code.js';
import { loginSecrets, providerAuthorizationUrl, type ProviderLogin } from '../../../../api/holder/provider/authorization-url.js';
import { ProviderDirectory } from '../../../../api/holder/provider/provider-directory.js';
import { walletIssuer } from '../../../../api/wallet/wallet-issuer.js';
import { sealEnvelope } from '../../../../keys/envelope.js';
import { KeyEncryptionRing } from '../../../../keys/key-encryption.js';
import type { AuthenticationProviderDocument } from '../../../../store/documents.js';

export const FIRST_KEY = new Uint8Array(32).map((_, index) => index);
export const RING = new KeyEncryptionRing([FIRST_KEY]);
export const ISSUER = walletIssuer({ PUBLIC_URL: 'https://issuer.example/t1' });
export const CALLBACK = 'https://issuer.example/t1/v1/oauth/authentication/callback';

/** A directory that may speak with the loopback address, and waits for half a second at most. */
export function newDirectory({
  allowedHosts = ['localhost'],
  timeoutMs = 500,
  now = Date.now,
}: { allowedHosts?: string[]; timeoutMs?: number; now?: () => number } = {}): ProviderDirectory {
  const config = { OUTBOUND_ALLOWED_HOSTS: allowedHosts, PROVIDER_TIMEOUT_MS: timeoutMs, OUTBOUND_MAX_BYTES: 1_048_576 };
  return new ProviderDirectory({ config, ring: RING, now });
}

/** The record of a provider. */
export function providerRecord({
  clientSecret,
  ...given
}: Partial<Omit<AuthenticationProviderDocument, 'clientSecret'>> & {
  url: string;
  clientSecret?: string;
}): AuthenticationProviderDocument {
  const _id = given._id ?? 'provider-1';
  return {
    _id,
    issuerId: 'default',
    clientId: 'issuer',
    scope: ['openid', 'profile'],
    tokenEndpointAuthMethod: clientSecret === undefined ? 'none' : 'client_secret_basic',
    staticRequestParameters: {},
    forwardedRequestParameters: [],
    claimsToPersist: [],
    userinfo: false,
    isDefault: true,
    createdAt: new Date(0),
    updatedAt: new Date(0),
    ...given,
    ...(clientSecret === undefined ? {} : { clientSecret: sealEnvelope({ ring: RING, value: clientSecret, context: _id }) }),
  };
}

/** A login of a new session. */
export function newLogin(provider: AuthenticationProviderDocument, providers = newDirectory()): ProviderLogin {
  const session = { _id: randomBytes(16).toString('base64url'), issuerId: 'default', codeKey: RING.keyNames[0]! };
  return { providers, provider, issuer: ISSUER, ring: RING, session };
}

export function authorizationUrl(login: ProviderLogin, parameters: Readonly<Record<string, string>> = {}): Promise<string> {
  return providerAuthorizationUrl({ ...login, parameters });
}

/** Authenticates with the query of a callback; without one, with what a provider would answer. */
export function authenticate(login: ProviderLogin, callback: string | Record<string, string> = {}) {
  const parameters =
    typeof callback === 'string'
      ? new URL(callback).searchParams
      : new URLSearchParams({ code: 'code', state: loginSecrets(login).state, ...callback });
  return authenticateHolder({ ...login, callback: parameters, now: Date.now });
}

/** What an error and its causes say, with all their members: nothing of the provider's may be in it. */
export function everythingIn(error: unknown): string {
  if (!(error instanceof Error)) return JSON.stringify(error);
  const members = JSON.stringify(
    Object.fromEntries(Object.getOwnPropertyNames(error).map((name) => [name, String(Reflect.get(error, name))])),
  );
  return `${error.name} ${members} ${error.cause === undefined ? '' : everythingIn(error.cause)}`;
}
