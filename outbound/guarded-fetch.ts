import { lookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { Agent, fetch, type Dispatcher } from 'undici';
import { isPublicAddress } from './public-address.js';

/** Why an outbound request gave no usable answer. Its message names no URL: those may carry personal data. */
export class OutboundError extends Error {
  override readonly name = 'OutboundError';
  constructor(
    readonly reason:
      'forbidden_address' | 'forbidden_url' | 'unreachable' | 'timeout' | 'redirected' | 'too_many_redirects' | 'too_large',
    message: string,
    options: { cause?: unknown } = {},
  ) {
    super(message, options);
  }
}

export interface OutboundRequest {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** `refuse` where the body is for this very URL, such as a code with its secrets. */
  readonly redirects?: 'follow' | 'refuse';
}

export interface OutboundAnswer {
  readonly status: number;
  /** Media type in lower case, without parameters. */
  readonly mediaType: string;
  /** Seconds, where the answer carries a `Retry-After` in seconds. */
  readonly retryAfter?: number;
  readonly body: string;
}

/** Makes one outbound request, redirects included. */
export type GuardedFetch = (request: OutboundRequest) => Promise<OutboundAnswer>;

export interface GuardOptions {
  /** `host` or `host:port` that may be private, an address, or plain http. */
  readonly allowedHosts: readonly string[];
  /** Milliseconds for the whole exchange. */
  readonly timeoutMs: number;
  readonly maxBytes: number;
  readonly maxRedirects?: number;
}

/**
 * Gives a fetch for other people's URLs: https only, public addresses only (checked on the address connected to, so a
 * name that changes its answer gains nothing), redirects followed under the same rules, time and size bounded (SEC-11).
 */
export function createGuardedFetch({ allowedHosts, timeoutMs, maxBytes, maxRedirects = 3 }: GuardOptions): GuardedFetch {
  const limits = { connect: { timeout: timeoutMs }, headersTimeout: timeoutMs, bodyTimeout: timeoutMs, connections: 32 };
  const publicOnly = new Agent({ ...limits, connect: { ...limits.connect, lookup: publicLookup } });
  const anywhere = new Agent(limits);
  return async (request) => {
    const signal = AbortSignal.timeout(timeoutMs);
    let { url, method, headers = {}, body } = request;
    const origin = parseUrl(url).origin;
    for (let redirects = 0; ; redirects += 1) {
      const target = parseUrl(url);
      const dispatcher = admit(target, allowedHosts) ? anywhere : publicOnly;
      const answer = await exchange({ url, method, headers, ...(body === undefined ? {} : { body }) }, { dispatcher, signal });
      const location = answer.headers.get('location');
      if (answer.status < 300 || answer.status > 399 || answer.status === 304 || location === null) {
        return { ...(await readAnswer(answer, maxBytes)) };
      }
      await answer.body?.cancel();
      if (request.redirects === 'refuse')
        throw new OutboundError('redirected', 'the answer is a redirect, which is not followed');
      if (redirects === maxRedirects) throw new OutboundError('too_many_redirects', `more than ${maxRedirects} redirects`);
      url = parseUrl(location, target).href;
      if (answer.status === 303 || (method === 'POST' && answer.status < 303))
        ({ method, body } = { method: 'GET', body: undefined });
      // Credentials are for the configured origin only.
      if (parseUrl(url).origin !== origin) headers = {};
    }
  };
}

function parseUrl(url: string, base?: URL): URL {
  try {
    return new URL(url, base);
  } catch (cause) {
    throw new OutboundError('forbidden_url', 'the URL is not valid', { cause });
  }
}

/** True where the host is allowed by configuration, false where it is subject to the rules. */
function admit(url: URL, allowedHosts: readonly string[]): boolean {
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw new OutboundError('forbidden_url', 'only https is allowed');
  if (allowedHosts.includes(url.hostname) || allowedHosts.includes(url.host)) return true;
  if (url.protocol !== 'https:') throw new OutboundError('forbidden_url', 'only https is allowed');
  if (isIP(url.hostname.replace(/^\[|\]$/g, '')) !== 0)
    throw new OutboundError('forbidden_address', 'an IP address is not allowed');
  return false;
}

const publicLookup: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error !== null) return callback(error, '', 0);
    const first = addresses[0];
    if (first === undefined || !addresses.every(({ address }) => isPublicAddress(address))) {
      return callback(new OutboundError('forbidden_address', 'the host has a private address'), '', 0);
    }
    if (options.all === true) return (callback as (e: null, a: typeof addresses) => void)(null, addresses);
    callback(null, first.address, first.family);
  });
};

async function exchange(request: OutboundRequest, { dispatcher, signal }: { dispatcher: Dispatcher; signal: AbortSignal }) {
  try {
    return await fetch(request.url, {
      method: request.method,
      headers: { ...request.headers },
      ...(request.body === undefined ? {} : { body: request.body }),
      redirect: 'manual',
      dispatcher,
      signal,
    });
  } catch (cause) {
    throw asOutboundError(cause);
  }
}

async function readAnswer(answer: Awaited<ReturnType<typeof fetch>>, maxBytes: number): Promise<OutboundAnswer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of answer.body ?? []) {
      size += (chunk as Uint8Array).length;
      if (size > maxBytes) throw new OutboundError('too_large', `the answer is larger than ${maxBytes} bytes`);
      chunks.push(chunk as Uint8Array);
    }
  } catch (cause) {
    throw asOutboundError(cause);
  }
  const retryAfter = Number(answer.headers.get('retry-after') ?? Number.NaN);
  return {
    status: answer.status,
    mediaType: (answer.headers.get('content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '',
    ...(Number.isFinite(retryAfter) && retryAfter >= 0 ? { retryAfter } : {}),
    body: Buffer.concat(chunks).toString('utf8'),
  };
}

function asOutboundError(error: unknown): OutboundError {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof OutboundError) return cause;
    if (cause.name === 'TimeoutError' || cause.name.endsWith('TimeoutError')) {
      return new OutboundError('timeout', 'the answer took too long', { cause: error });
    }
  }
  return new OutboundError('unreachable', 'the host could not be reached', { cause: error });
}
