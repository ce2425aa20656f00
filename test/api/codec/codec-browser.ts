import type { SystemAddress } from '../../harness/connections.js';

/** A payload as the codec endpoint takes and gives it. */
export interface PayloadJson {
  readonly metadata: Readonly<Record<string, string>>;
  readonly data: string;
}

/** What a browser does at the codec server, over plain HTTP: it keeps cookies and fills in forms. */
export class CodecBrowser {
  readonly cookies = new Map<string, string>();
  readonly #system: SystemAddress;

  constructor(system: SystemAddress) {
    this.#system = system;
  }

  /** The cookie that carries the login. */
  get login(): string | undefined {
    return this.cookies.get('chancery-codec');
  }

  get(path: string): Promise<Response> {
    return this.#send(path, {});
  }

  /** Opens the page, fills in its form and sends it. */
  async submit(path: string, fields: Readonly<Record<string, string>>): Promise<Response> {
    return this.post(path, { form_token: formTokenOf(await (await this.get('/login')).text()), ...fields });
  }

  post(path: string, fields: Readonly<Record<string, string>>): Promise<Response> {
    return this.#send(path, { method: 'POST', body: new URLSearchParams(fields) });
  }

  logIn(clientId: string, clientSecret: string): Promise<Response> {
    return this.submit('/login', { client_id: clientId, client_secret: clientSecret });
  }

  /** Sends payloads as Temporal UI does; `origin` is the origin of the page whose script asks. */
  decode(
    payloads: readonly unknown[],
    { origin = this.#system.temporalUiUrl, headers = {} }: { origin?: string; headers?: Readonly<Record<string, string>> } = {},
  ): Promise<Response> {
    return this.#send('/decode', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-namespace': this.#system.namespace, origin, ...headers },
      body: JSON.stringify({ payloads }),
    });
  }

  async #send(path: string, init: RequestInit): Promise<Response> {
    const headers = new Headers(init.headers);
    if (this.cookies.size > 0) headers.set('cookie', [...this.cookies].map((pair) => pair.join('=')).join('; '));
    const response = await fetch(`${this.#system.url}/v1/temporal/codec${path}`, { ...init, headers, redirect: 'manual' });
    for (const cookie of response.headers.getSetCookie()) this.#keep(cookie);
    return response;
  }

  #keep(cookie: string): void {
    const [pair = ''] = cookie.split(';');
    const name = pair.slice(0, pair.indexOf('='));
    if (/expires=Thu, 01 Jan 1970/i.test(cookie)) this.cookies.delete(name);
    else this.cookies.set(name, pair.slice(name.length + 1));
  }
}

/** The hidden field of a page's form. */
export function formTokenOf(html: string): string {
  return /name="form_token" value="([^"]*)"/.exec(html)?.[1] ?? '';
}

/** The values of decoded payloads; that of a result without one is `undefined`. */
export async function valuesOf(response: Response): Promise<readonly unknown[]> {
  const { payloads } = (await response.json()) as { payloads: readonly PayloadJson[] };
  return payloads.map(({ data }) =>
    data === '' ? undefined : (JSON.parse(Buffer.from(data, 'base64').toString('utf8')) as unknown),
  );
}
