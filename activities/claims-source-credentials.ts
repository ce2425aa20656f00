import { ApplicationFailure } from '@temporalio/common';
import { openEnvelope } from '../keys/envelope.js';
import type { ClaimSourceAuthorization, ClaimSourceDocument } from '../store/documents.js';
import type { ActivityDependencies } from './dependencies.js';

type OAuthAuthorization = Extract<ClaimSourceAuthorization, { type: 'oauth-client-credentials' }>;

interface CachedToken {
  readonly header: string;
  /** Milliseconds since the epoch. */
  readonly useUntil: number;
}

const RENEW_BEFORE_MS = 30_000;
const DEFAULT_LIFETIME_SECONDS = 60;
const MOST_CACHED_TOKENS = 1000;

/** Gives the headers by which a request authenticates to a claims source. OAuth tokens are kept until shortly before their end. */
export class ClaimsSourceCredentials {
  readonly #tokens = new Map<string, CachedToken>();
  readonly #dependencies: ActivityDependencies;

  constructor(dependencies: ActivityDependencies) {
    this.#dependencies = dependencies;
  }

  /** @throws {OutboundError | ApplicationFailure} when the token endpoint gives no token */
  async headers(source: ClaimSourceDocument): Promise<Readonly<Record<string, string>>> {
    const { authorization } = source;
    if (authorization.type === 'api-key') return { 'x-api-key': this.#secret(source, authorization.value) };
    const id = `${source.issuerId}/${source._id}/${source.updatedAt.getTime()}`;
    const cached = this.#tokens.get(id);
    if (cached !== undefined && cached.useUntil > this.#dependencies.now()) return { authorization: cached.header };
    const token = await this.#requestToken(source, authorization);
    if (this.#tokens.size >= MOST_CACHED_TOKENS) this.#tokens.delete(this.#tokens.keys().next().value ?? '');
    this.#tokens.set(id, token);
    return { authorization: token.header };
  }

  /** Forgets a token the source no longer takes. */
  forget(source: ClaimSourceDocument): void {
    this.#tokens.delete(`${source.issuerId}/${source._id}/${source.updatedAt.getTime()}`);
  }

  async #requestToken(source: ClaimSourceDocument, authorization: OAuthAuthorization): Promise<CachedToken> {
    const { clientId, tokenEndpointAuthMethod, scope, audience, tokenEndpoint } = authorization;
    const secret = this.#secret(source, authorization.clientSecret);
    const form = new URLSearchParams({ grant_type: 'client_credentials' });
    if (scope !== undefined) form.set('scope', scope);
    if (audience !== undefined) form.set('audience', audience);
    const headers: Record<string, string> = { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' };
    if (tokenEndpointAuthMethod === 'client_secret_post') {
      form.set('client_id', clientId);
      form.set('client_secret', secret);
    } else {
      const credentials = `${encodeURIComponent(clientId)}:${encodeURIComponent(secret)}`;
      headers.authorization = `Basic ${Buffer.from(credentials).toString('base64')}`;
    }
    const answer = await this.#dependencies.fetch({
      url: tokenEndpoint,
      method: 'POST',
      headers,
      body: form.toString(),
      redirects: 'refuse',
    });
    const token = answer.status === 200 ? parseToken(answer.body) : undefined;
    if (token === undefined) {
      throw ApplicationFailure.retryable(
        `the claims source's token endpoint answered ${answer.status}`,
        'ClaimsSourceUnauthorized',
      );
    }
    const lifetime = (token.expires_in ?? DEFAULT_LIFETIME_SECONDS) * 1000 - RENEW_BEFORE_MS;
    return {
      header: `${token.token_type ?? 'Bearer'} ${token.access_token}`,
      useUntil: this.#dependencies.now() + Math.max(lifetime, 0),
    };
  }

  #secret(source: ClaimSourceDocument, envelope: Parameters<typeof openEnvelope>[0]['envelope']): string {
    return openEnvelope({ ring: this.#dependencies.ring, envelope, context: source._id }) as string;
  }
}

function parseToken(body: string): { access_token: string; token_type?: string; expires_in?: number } | undefined {
  try {
    const { access_token, token_type, expires_in } = JSON.parse(body) as Record<string, unknown>;
    if (typeof access_token !== 'string' || !/^[\x21-\x7e]+$/.test(access_token)) return undefined;
    return {
      access_token,
      ...(typeof token_type === 'string' && /^[A-Za-z]+$/.test(token_type) ? { token_type } : {}),
      ...(typeof expires_in === 'number' ? { expires_in } : {}),
    };
  } catch {
    return undefined;
  }
}
