import { createRemoteJWKSet, customFetch as joseFetch, type JWTVerifyGetKey } from 'jose';
import {
  allowInsecureRequests,
  clockTolerance,
  ClientSecretBasic,
  ClientSecretPost,
  customFetch,
  discovery,
  None,
  type ClientAuth,
  type Configuration,
  type ServerMetadata,
} from 'openid-client';
import { openEnvelope } from '../../../keys/envelope.js';
import type { KeyEncryptionRing } from '../../../keys/key-encryption.js';
import { OutboundError } from '../../../outbound/guarded-fetch.js';
import type { AuthenticationProviderDocument } from '../../../store/documents.js';
import { causeOf } from './cause-of.js';
import { ProviderUnavailableError } from './provider-errors.js';
import type { ProviderFetch } from './provider-fetch.js';

/** Seconds that a provider's clock may be off. */
export const CLOCK_TOLERANCE_SECONDS = 60;

/** After a key that is not among those known, at most one more reading a second: rotation works, flooding does not. */
const KEYS_COOLDOWN_MS = 1000;
const KEYS_MAX_AGE_MS = 600_000;

/** A provider as its discovery document describes it. */
export interface KnownProvider {
  readonly configuration: Configuration;
  readonly metadata: Readonly<ServerMetadata>;
  /** Finds the key of an ID token; reads the provider's keys again when it does not know one. */
  readonly keys: JWTVerifyGetKey;
  readonly keysUrl: string;
}

interface DiscoverOptions {
  readonly provider: AuthenticationProviderDocument;
  readonly ring: KeyEncryptionRing;
  readonly fetch: ProviderFetch;
  readonly allowedHosts: readonly string[];
  /** What was known before: its keys are kept where their address is the same. */
  readonly before: KnownProvider | undefined;
}

/**
 * Reads a provider's discovery document (OpenID Connect Discovery 4).
 *
 * @throws {ProviderUnavailableError} where it cannot be had, or is none that a login can go by
 */
export async function discoverProvider({ provider, ring, fetch, allowedHosts, before }: DiscoverOptions): Promise<KnownProvider> {
  const configuration = await readDocument({ provider, ring, fetch });
  const metadata = configuration.serverMetadata();
  for (const endpoint of ['authorization_endpoint', 'token_endpoint', 'jwks_uri'] as const) {
    checkEndpoint(endpoint, metadata[endpoint], allowedHosts);
  }
  if (provider.userinfo) checkEndpoint('userinfo_endpoint', metadata.userinfo_endpoint, allowedHosts);
  const keysUrl = metadata.jwks_uri as string;
  if (before?.keysUrl === keysUrl) return { ...before, configuration, metadata };
  const keys = createRemoteJWKSet(new URL(keysUrl), {
    cooldownDuration: KEYS_COOLDOWN_MS,
    cacheMaxAge: KEYS_MAX_AGE_MS,
    [joseFetch]: fetch,
  });
  return { configuration, metadata, keys, keysUrl };
}

async function readDocument({
  provider,
  ring,
  fetch,
}: Pick<DiscoverOptions, 'provider' | 'ring' | 'fetch'>): Promise<Configuration> {
  const url = new URL(provider.url);
  // Given the document's own address, the library would not compare whose document it is.
  if (url.href.includes('/.well-known/')) throw new ProviderUnavailableError("the provider's URL is not that of an issuer");
  const authentication = clientAuthentication(provider, ring);
  try {
    return await discovery(url, provider.clientId, { [clockTolerance]: CLOCK_TOLERANCE_SECONDS }, authentication, {
      [customFetch]: (address, options) => fetch(address, options),
      // Whether http may be used at all, and with whom, the guard decides.
      // eslint-disable-next-line @typescript-eslint/no-deprecated -- marked so only to stand out
      execute: url.protocol === 'http:' ? [allowInsecureRequests] : [],
    });
  } catch (error) {
    throw unavailable(error);
  }
}

function clientAuthentication(
  { _id, clientSecret, tokenEndpointAuthMethod }: AuthenticationProviderDocument,
  ring: KeyEncryptionRing,
): ClientAuth {
  if (clientSecret === undefined || tokenEndpointAuthMethod === 'none') return None();
  const secret = openEnvelope({ ring, envelope: clientSecret, context: _id }) as string;
  return tokenEndpointAuthMethod === 'client_secret_post' ? ClientSecretPost(secret) : ClientSecretBasic(secret);
}

/** Browsers are sent to one of them, where the guard does not see it. */
function checkEndpoint(name: string, value: unknown, allowedHosts: readonly string[]): void {
  const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : undefined;
  const isSecure = url?.protocol === 'https:';
  const isAllowed = url?.protocol === 'http:' && (allowedHosts.includes(url.hostname) || allowedHosts.includes(url.host));
  if (!isSecure && !isAllowed) throw new ProviderUnavailableError(`the provider's discovery document has no usable ${name}`);
}

function unavailable(error: unknown): ProviderUnavailableError {
  const known = causeOf(error, ProviderUnavailableError);
  if (known !== undefined) return known;
  const outbound = causeOf(error, OutboundError);
  return new ProviderUnavailableError(
    outbound === undefined
      ? "the provider's discovery document is not valid, or is another issuer's"
      : `the provider's discovery document cannot be read: ${outbound.message}`,
  );
}
