import type { Config } from '../../../config/config.js';
import { createGuardedFetch, OutboundError, type GuardedFetch } from '../../../outbound/guarded-fetch.js';
import { ManagementError } from '../../http/errors.js';
import { discoveryFaults } from './discovery-faults.js';

/** Which provider, and whether its userinfo endpoint is to be asked. */
interface Candidate {
  readonly url: string;
  readonly userinfo: boolean;
}

/** @throws {ManagementError} 400 with every fault at `url` */
export type DiscoveryCheck = (candidate: Candidate) => Promise<void>;

const WELL_KNOWN = '/.well-known/openid-configuration';

const UNREAD: Readonly<Record<OutboundError['reason'], string>> = {
  unreachable: 'could not be reached to read its discovery document',
  redirected: 'redirects, which it must not',
  timeout: 'did not give its discovery document in time',
  too_large: 'has a discovery document that is too large',
  too_many_redirects: 'redirects too often on the way to its discovery document',
  forbidden_url: 'redirects to a discovery document that is not on https',
  forbidden_address: 'does not lead to a host on the public internet',
};

/** Gives the check that a provider is there, is who its URL says, and has what a login needs (OpenID Connect Discovery 4). */
export function createDiscoveryCheck({
  OUTBOUND_ALLOWED_HOSTS: allowedHosts,
  PROVIDER_TIMEOUT_MS: timeoutMs,
  OUTBOUND_MAX_BYTES: maxBytes,
}: Pick<Config, 'OUTBOUND_ALLOWED_HOSTS' | 'PROVIDER_TIMEOUT_MS' | 'OUTBOUND_MAX_BYTES'>): DiscoveryCheck {
  const fetch = createGuardedFetch({ allowedHosts, timeoutMs, maxBytes });
  return async ({ url, userinfo }) => {
    const document = await readDiscovery(fetch, url);
    const faults = typeof document === 'string' ? [document] : discoveryFaults(document, { url, userinfo, allowedHosts });
    if (faults.length === 0) return;
    throw ManagementError.validation(faults.map((msg) => ({ msg, param: 'url', location: 'body' })));
  };
}

/** The document, or a sentence that says why there is none. */
async function readDiscovery(fetch: GuardedFetch, url: string): Promise<Readonly<Record<string, unknown>> | string> {
  try {
    const answer = await fetch({
      url: url.replace(/\/$/, '') + WELL_KNOWN,
      method: 'GET',
      headers: { accept: 'application/json' },
    });
    if (answer.status !== 200) return `has no discovery document: ${WELL_KNOWN} must answer with 200`;
    return parseObject(answer.body) ?? 'has a discovery document that is not a JSON object';
  } catch (error) {
    if (error instanceof OutboundError) return UNREAD[error.reason];
    throw error;
  }
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value = JSON.parse(text) as unknown;
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
