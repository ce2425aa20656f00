interface SessionOptions {
  /** Base URL of the API. */
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly fetch?: typeof fetch;
}

/** Nothing answers at the URL, or something that is no issuer. */
export class IssuerNotRunning extends Error {
  override readonly name = 'IssuerNotRunning';
}

/** The management API refused. */
export class ManagementRefusal extends Error {
  override readonly name = 'ManagementRefusal';
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** A logged-in client of the management API. */
export class ManagementSession {
  readonly #url: string;
  readonly #fetch: typeof fetch;
  /** The access token it was given. */
  readonly token: string;

  private constructor(url: string, request: typeof fetch, token: string) {
    this.#url = url;
    this.#fetch = request;
    this.token = token;
  }

  /** @throws {IssuerNotRunning | ManagementRefusal} */
  static async open({ url, clientId, clientSecret, fetch: request = fetch }: SessionOptions): Promise<ManagementSession> {
    const answer = (await send(request, `${url}/oauth/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ client_id: clientId, client_secret: clientSecret, audience: url, grant_type: 'client_credentials' }),
    })) as { access_token: string };
    return new ManagementSession(url, request, answer.access_token);
  }

  get(path: string): Promise<unknown> {
    return send(this.#fetch, this.#url + path, { headers: { authorization: `Bearer ${this.token}` } });
  }

  post(path: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<unknown> {
    return this.#write('POST', path, body, headers);
  }

  put(path: string, body: unknown): Promise<unknown> {
    return this.#write('PUT', path, body);
  }

  #write(method: string, path: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<unknown> {
    return send(this.#fetch, this.#url + path, {
      method,
      headers: { authorization: `Bearer ${this.token}`, 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  }
}

async function send(request: typeof fetch, url: string, init: RequestInit): Promise<unknown> {
  const response = await request(url, { ...init, signal: AbortSignal.timeout(15_000) }).catch((cause: unknown) => {
    throw new IssuerNotRunning(`nothing answers at ${new URL(url).origin}`, { cause });
  });
  const text = await response.text();
  const body = parseJson(text, url);
  if (!response.ok) {
    throw new ManagementRefusal(
      response.status,
      `${init.method ?? 'GET'} ${new URL(url).pathname} answered ${response.status}: ${text.slice(0, 500)}`,
    );
  }
  return body;
}

function parseJson(text: string, url: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new IssuerNotRunning(`what answers at ${new URL(url).origin} is something else`, { cause });
  }
}
