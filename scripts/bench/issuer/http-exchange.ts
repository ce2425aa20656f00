import type { Client } from 'undici';

interface Exchange {
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object is sent as JSON, form parameters as such. */
  readonly body?: object | URLSearchParams;
}

interface PlainAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** POSTs and gives the JSON object answered, `{}` for no content. @throws {Error} for any other status than 2xx */
export async function post(client: Client, exchange: Exchange): Promise<Readonly<Record<string, unknown>>> {
  const { text } = requireStatus(await send(client, 'POST', exchange), { from: 200, to: 299, path: exchange.path });
  return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
}

/** GETs a page as a browser does. @throws {Error} for any other status than 200 */
export async function getPage(client: Client, exchange: Exchange): Promise<PlainAnswer> {
  return requireStatus(await send(client, 'GET', exchange), { from: 200, to: 200, path: exchange.path });
}

/** Where a browser is sent on to. @throws {Error} for any other status than 303 */
export async function redirectOf(client: Client, method: 'GET' | 'POST', exchange: Exchange): Promise<URL> {
  const path = exchange.path.split('?', 1)[0] ?? '';
  const { headers } = requireStatus(await send(client, method, exchange), { from: 303, to: 303, path });
  return new URL(String(headers.location));
}

/** A member that must be a string. @throws {Error} otherwise */
export function textOf(answer: Readonly<Record<string, unknown>>, name: string): string {
  const value = answer[name];
  if (typeof value !== 'string') throw new Error(`the answer has no ${name}`);
  return value;
}

async function send(client: Client, method: 'GET' | 'POST', { path, headers = {}, body }: Exchange): Promise<PlainAnswer> {
  const form = body instanceof URLSearchParams;
  const type = form ? 'application/x-www-form-urlencoded' : 'application/json';
  const more: Record<string, string> =
    body !== undefined ? { 'content-type': type } : method === 'POST' ? { 'content-length': '0' } : {};
  const answer = await client.request({
    path,
    method,
    headers: { ...headers, ...more },
    body: body === undefined ? null : form ? body.toString() : JSON.stringify(body),
  });
  return { status: answer.statusCode, headers: answer.headers, text: await answer.body.text() };
}

function requireStatus(answer: PlainAnswer, { from, to, path }: { from: number; to: number; path: string }): PlainAnswer {
  if (answer.status < from || answer.status > to)
    throw new Error(`${path} answered ${answer.status}: ${readable(answer.text).slice(0, 300)}`);
  return answer;
}

/** Without the markup of a page. */
function readable(text: string): string {
  return text.replace(/<style>[^]*?<\/style>|<[^>]*>/g, ' ').replace(/\s+/g, ' ');
}
