import { randomBytes, randomUUID } from 'node:crypto';
import { hashClientSecret } from '../../../store/client-secret.js';
import type { ClientDocument, Role } from '../../../store/documents.js';
import { DEFAULT_ISSUER_ID } from '../../../store/issuer-directory.js';
import { exchange } from '../../flows/http-exchange.js';
import type { Answer } from '../../flows/plain-wallet.js';
import type { Connections, SystemAddress } from '../../harness/connections.js';

type System = SystemAddress & Connections;

interface Sent {
  /** Sent as JSON; a string is sent as it is. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One HTTP request with a JSON body, where it has one. */
export function send(url: string, method: string, { body, headers = {} }: Sent = {}): Promise<Answer> {
  if (body === undefined) return exchange(url, { method, headers });
  return exchange(url, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

/** The record of a management client of its own, with its secret. */
export async function newClient(
  { db }: System,
  roles: readonly Role[],
): Promise<{ record: ClientDocument; clientId: string; clientSecret: string }> {
  const [clientId, clientSecret] = [randomUUID(), randomBytes(24).toString('base64url')];
  const secretHash = await hashClientSecret(clientSecret);
  const record = { _id: clientId, issuerId: DEFAULT_ISSUER_ID, name: 'test', secretHash, roles, createdAt: new Date() };
  await db.clients.insertOne(record);
  return { record, clientId, clientSecret };
}

/** A client of the management API as bare HTTP, so that tests see every status and byte. */
export class ManagementClient {
  private constructor(
    readonly url: string,
    readonly clientId: string,
    readonly token: string,
  ) {}

  /** Logs in as the administrator. */
  static admin({ url, admin }: SystemAddress): Promise<ManagementClient> {
    return ManagementClient.login(url, admin);
  }

  /** Makes a client with the roles, and logs in as it. */
  static async withRoles(system: System, ...roles: readonly Role[]): Promise<ManagementClient> {
    return ManagementClient.login(system.url, await newClient(system, roles));
  }

  private static async login(
    url: string,
    { clientId, clientSecret }: { clientId: string; clientSecret: string },
  ): Promise<ManagementClient> {
    const body = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret, audience: url };
    const answer = await send(`${url}/oauth/token`, 'POST', { body });
    if (answer.status !== 200) throw new Error(`the token endpoint answered ${answer.status}: ${answer.text}`);
    return new ManagementClient(url, clientId, answer.json.access_token as string);
  }

  call(method: string, path: string, { body, headers = {} }: Sent = {}): Promise<Answer> {
    return send(this.url + path, method, { body, headers: { authorization: `Bearer ${this.token}`, ...headers } });
  }

  get(path: string): Promise<Answer> {
    return this.call('GET', path);
  }

  post(path: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return this.call('POST', path, { body, headers });
  }

  put(path: string, body: unknown): Promise<Answer> {
    return this.call('PUT', path, { body });
  }

  delete(path: string): Promise<Answer> {
    return this.call('DELETE', path);
  }

  /** Creates a record, which must work, and gives it as the API answered. */
  async create(path: string, body: unknown): Promise<Readonly<Record<string, unknown>> & { readonly id: string }> {
    const answer = await this.post(path, body);
    if (answer.status !== 200 && answer.status !== 201) throw new Error(`${path} answered ${answer.status}: ${answer.text}`);
    return answer.json as Readonly<Record<string, unknown>> & { readonly id: string };
  }

  /** Reads a list to its end, page by page. */
  async pages<T>(path: string, query: Readonly<Record<string, string>>): Promise<T[][]> {
    const pages: T[][] = [];
    let cursor: string | undefined;
    do {
      const parameters = new URLSearchParams({ ...query, ...(cursor === undefined ? {} : { cursor }) });
      const answer = await this.get(`${path}?${parameters.toString()}`);
      if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}: ${answer.text}`);
      const page = answer.json as { data: T[]; nextCursor?: string };
      pages.push(page.data);
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    return pages;
  }
}

/** The faults of a 400 in MATTR's error shape, each as `<location> <param>: <msg>`. */
export function faultsOf({ status, json }: Answer): string[] {
  const {
    code,
    message,
    details = [],
  } = json as { code?: unknown; message?: unknown; details?: Readonly<Record<string, string>>[] };
  if (status !== 400 || code !== 'BadRequest' || message !== 'Validation Error')
    throw new Error(`this is no validation error: ${status} ${JSON.stringify(json).slice(0, 300)}`);
  return details.map(({ location = '', param = '', msg = '' }) => `${location} ${param}: ${msg}`);
}

/** The places of the faults alone, each once, in alphabetical order: `body type`. */
export function placesOf(answer: Answer): string[] {
  return [...new Set(faultsOf(answer).map((fault) => fault.slice(0, fault.indexOf(':'))))].sort();
}
