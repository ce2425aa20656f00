import type { Client } from 'undici';

interface Exchange {
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object is sent as JSON, form parameters as such. */
  readonly body?: object | URLSearchParams;
}

/** POSTs and gives the JSON object answered, `{}` for no content. @throws {Error} for any other status than 2xx */
export async function post(client: Client, { path, headers = {}, body }: Exchange): Promise<Readonly<Record<string, unknown>>> {
  const form = body instanceof URLSearchParams;
  const answer = await client.request({
    path,
    method: 'POST',
    headers:
      body === undefined
        ? { ...headers, 'content-length': '0' }
        : { ...headers, 'content-type': form ? 'application/x-www-form-urlencoded' : 'application/json' },
    body: body === undefined ? null : form ? body.toString() : JSON.stringify(body),
  });
  const text = await answer.body.text();
  if (answer.statusCode < 200 || answer.statusCode > 299)
    throw new Error(`POST ${path} answered ${answer.statusCode}: ${text.slice(0, 300)}`);
  return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
}

/** A member that must be a string. @throws {Error} otherwise */
export function textOf(answer: Readonly<Record<string, unknown>>, name: string): string {
  const value = answer[name];
  if (typeof value !== 'string') throw new Error(`the answer has no ${name}`);
  return value;
}
