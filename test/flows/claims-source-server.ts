import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request the claims source was sent. */
export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** How the claims source answers. */
export type Behaviour = (response: ServerResponse, request: ReceivedRequest) => void;

/** An issuer's claims API as a real HTTP server at `localhost`, whose behaviour a test sets; it has a token endpoint, too. */
export interface ClaimsSourceServer {
  readonly url: string;
  readonly tokenEndpoint: string;
  readonly port: number;
  /** Requests for claims, oldest first. */
  readonly requests: readonly ReceivedRequest[];
  readonly tokenRequests: readonly ReceivedRequest[];
  behave(behaviour: Behaviour): void;
  /** The token its token endpoint gives out, and which it then asks for. */
  readonly token: string;
  forget(): void;
  /** Stops listening: connections are refused until `listen`. */
  stop(): Promise<void>;
  listen(): Promise<void>;
}

/** Answers with JSON claims. */
export function answering(
  claims: unknown,
  { status = 200, headers = {} }: { status?: number; headers?: Record<string, string> } = {},
): Behaviour {
  return (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(claims));
  };
}

/** Behaves one way for the first requests and another way from then on. */
export function first(count: number, behaviour: Behaviour, then: Behaviour): Behaviour {
  let seen = 0;
  return (response, request) => {
    seen += 1;
    (seen <= count ? behaviour : then)(response, request);
  };
}

/** Never answers. */
export const silent: Behaviour = () => undefined;

/** Is overloaded, and says that it will not be in a second. */
export const notYet: Behaviour = answering({}, { status: 503, headers: { 'retry-after': '1' } });

/** Sends the caller elsewhere. */
export function redirecting(location: string, status = 302): Behaviour {
  return (response) => {
    response.writeHead(status, { location }).end();
  };
}

/** Starts it on a free port of the loopback address. */
export async function startClaimsSource(): Promise<ClaimsSourceServer> {
  const requests: ReceivedRequest[] = [];
  const tokenRequests: ReceivedRequest[] = [];
  const token = 'claims-source-token';
  let behaviour: Behaviour = answering({});
  let port = 0;
  let server: Server;

  const serve = (): Promise<void> => {
    server = createServer((incoming, response) => {
      void receive(incoming).then((request) => {
        if (request.path === '/token') {
          tokenRequests.push(request);
          answering({ access_token: token, token_type: 'Bearer', expires_in: 3600 })(response, request);
        } else {
          requests.push(request);
          behaviour(response, request);
        }
      });
    });
    return new Promise((resolve, reject) => {
      server.once('error', reject).listen(port, '127.0.0.1', () => {
        port = (server.address() as AddressInfo).port;
        resolve();
      });
    });
  };

  await serve();
  return {
    url: `http://localhost:${port}/claims`,
    port,
    tokenEndpoint: `http://localhost:${port}/token`,
    requests,
    tokenRequests,
    token,
    behave: (next) => {
      behaviour = next;
    },
    forget: () => {
      requests.length = 0;
      tokenRequests.length = 0;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
    listen: serve,
  };
}

async function receive(incoming: IncomingMessage): Promise<ReceivedRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const url = new URL(incoming.url ?? '/', 'http://claims.test');
  return {
    method: incoming.method ?? '',
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers: incoming.headers,
    body: Buffer.concat(chunks).toString('utf8'),
  };
}
