import type { Config } from '../../../config/config.js';
import { createGuardedFetch, type GuardedFetch } from '../../../outbound/guarded-fetch.js';
import { ProviderUnavailableError } from './provider-errors.js';

/** What openid-client and jose ask of a `fetch`; what else they pass (signals, redirect modes) the guard decides itself. */
interface FetchOptions {
  readonly method?: string;
  readonly headers?: Record<string, string> | Headers;
  readonly body?: unknown;
}

/** A `fetch` for the libraries that speak with providers. */
export type ProviderFetch = (url: string, options?: FetchOptions) => Promise<Response>;

/** The settings that outbound requests to providers obey. */
export type ProviderFetchConfig = Pick<Config, 'OUTBOUND_ALLOWED_HOSTS' | 'PROVIDER_TIMEOUT_MS' | 'OUTBOUND_MAX_BYTES'>;

/**
 * Gives the `fetch` through which providers are asked: guarded (SEC-11), bounded in time and size, and without following
 * redirects of a POST, whose body holds a code and perhaps a secret.
 *
 * It throws `OutboundError`, and `ProviderUnavailableError` for an answer that says no more than "not now".
 */
export function createProviderFetch(config: ProviderFetchConfig): ProviderFetch {
  const guarded = createGuardedFetch({
    allowedHosts: config.OUTBOUND_ALLOWED_HOSTS,
    timeoutMs: config.PROVIDER_TIMEOUT_MS,
    maxBytes: config.OUTBOUND_MAX_BYTES,
  });
  return (url, options = {}) => ask(guarded, url, options);
}

async function ask(guarded: GuardedFetch, url: string, { method, headers, body }: FetchOptions): Promise<Response> {
  const common = { url, headers: Object.fromEntries(new Headers(headers).entries()) };
  const { status, mediaType, retryAfter, ...answer } = await (method === 'POST'
    ? guarded({ ...common, method: 'POST', body: formOf(body), redirects: 'refuse' })
    : guarded({ ...common, method: 'GET' }));
  if (status === 429 || status >= 500) {
    const wanted = retryAfter === undefined ? {} : { retryAfter: Math.ceil(retryAfter) };
    throw new ProviderUnavailableError(`the provider answered ${status}`, wanted);
  }
  const hasBody = status !== 204 && status !== 205 && status !== 304;
  return new Response(hasBody ? answer.body : null, { status, headers: { 'content-type': mediaType } });
}

function formOf(body: unknown): string {
  if (typeof body === 'string') return body;
  if (body instanceof URLSearchParams) return body.toString();
  throw new TypeError('a provider is sent forms only');
}
