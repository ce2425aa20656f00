import { exchange, type Exchange } from './http-exchange.js';
import type { Answer } from './plain-wallet.js';

/** A holder's browser without a screen: keeps cookies by origin, follows nothing by itself. */
export class HolderBrowser {
  readonly #jars = new Map<string, Map<string, string>>();

  get(url: string, headers: Exchange['headers'] = {}): Promise<Answer> {
    return this.#send(url, { headers });
  }

  post(url: string, fields: Readonly<Record<string, string>>): Promise<Answer> {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    return this.#send(url, { method: 'POST', headers, body: new URLSearchParams(fields).toString() });
  }

  /** Sends the form of a page, with the button of this value pressed. */
  submit(page: Answer, url: string, decision: string): Promise<Answer> {
    const { action, fields } = formOf(page);
    return this.post(new URL(action, url).href, { ...fields, decision });
  }

  async #send(url: string, { method, headers, body }: Exchange): Promise<Answer> {
    const { origin } = new URL(url);
    const jar = this.#jars.get(origin) ?? new Map<string, string>();
    this.#jars.set(origin, jar);
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await exchange(url, {
      ...(method === undefined ? {} : { method }),
      headers: { ...headers, ...(cookie === '' ? {} : { cookie }) },
      ...(body === undefined ? {} : { body }),
    });
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      jar.set(name, value);
    }
    return answer;
  }
}

/** Where an answer sends the browser. */
export function locationOf(answer: Answer): string {
  const location = answer.headers.get('location');
  if (location === null) throw new Error(`the browser is sent nowhere (${answer.status}): ${answer.text.slice(0, 2000)}`);
  return location;
}

/** The first form of a page: where it goes, and its hidden fields. */
export function formOf({ status, text }: Answer): { readonly action: string; readonly fields: Readonly<Record<string, string>> } {
  const [, action] = /<form[^>]* action="([^"]*)"/.exec(text) ?? [];
  if (action === undefined) throw new Error(`the page has no form (${status}): ${text.slice(0, 2000)}`);
  const fields = [...text.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)].map(([, name = '', value = '']) => [
    name,
    unescape(value),
  ]);
  return { action: unescape(action), fields: Object.fromEntries(fields) as Record<string, string> };
}

function unescape(text: string): string {
  return text
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}
