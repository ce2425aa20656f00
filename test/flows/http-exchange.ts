import { request } from 'node:http';
import type { Answer } from './plain-wallet.js';

export interface Exchange {
  readonly method?: string;
  /** An array sends the header once for each value; `Host` may be any. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Uint8Array;
}

/** Sends exactly this request, without the headers and the caching that `fetch` adds of its own, and reads the answer whole. */
export function exchange(url: string, { method = 'GET', headers = {}, body }: Exchange = {}): Promise<Answer> {
  // Node leaves the length out where a method usually has no body.
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  const allHeaders = { ...length, ...headers } as Record<string, string | string[]>;
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers: allHeaders, timeout: 40_000 }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk)).once('error', reject);
      incoming.once('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        const pairs = Object.entries(incoming.headersDistinct).flatMap(([name, values = []]) =>
          values.map((value): [string, string] => [name, value]),
        );
        resolve({ status: incoming.statusCode ?? 0, headers: new Headers(pairs), text, json: objectIn(text) });
      });
    });
    sent.once('timeout', () => sent.destroy(new Error(`${method} ${url} was not answered`)));
    sent.once('error', reject).end(body);
  });
}

/** POSTs JSON; a string goes as it is. */
export function postJson(url: string, body: unknown, headers: Exchange['headers'] = {}): Promise<Answer> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return exchange(url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: text });
}

/** POSTs a form. */
export function postForm(
  url: string,
  parameters: Readonly<Record<string, string>> | readonly (readonly [string, string])[],
  headers: Exchange['headers'] = {},
): Promise<Answer> {
  const body = new URLSearchParams(parameters as Record<string, string> | [string, string][]).toString();
  return exchange(url, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body,
  });
}

function objectIn(text: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(text) as Readonly<Record<string, unknown>>;
  } catch {
    return {};
  }
}
