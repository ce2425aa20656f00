import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How the discovery document of one provider is answered. */
export type Behaviour = (response: ServerResponse) => void;

/** Other people's OpenID providers as one real HTTP server at `localhost`: each has a path of its own. */
export interface DiscoveryServer {
  readonly url: string;
  readonly host: string;
  /** A new provider; its issuer is the result. By default its discovery document has all it needs. */
  provider(behaviour?: (issuer: string) => Behaviour): string;
  /** Paths that were asked for, oldest first. */
  readonly requests: readonly string[];
  stop(): Promise<void>;
}

/** The discovery document of a provider. */
export function discoveryDocument(issuer: string): Readonly<Record<string, unknown>> {
  return {
    issuer,
    authorization_endpoint: `${issuer}/authorize?policy=a`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/jwks`,
    scopes_supported: ['openid', 'profile', 'email'],
  };
}

export function answering(body: unknown, status = 200): Behaviour {
  return (response) => {
    response
      .writeHead(status, { 'content-type': 'application/json' })
      .end(typeof body === 'string' ? body : JSON.stringify(body));
  };
}

/** Starts it on a free port of the loopback address. */
export async function startDiscoveryServer(): Promise<DiscoveryServer> {
  const behaviours = new Map<string, Behaviour>();
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    requests.push(path);
    (behaviours.get(path) ?? answering({}, 404))(response);
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const host = `localhost:${(server.address() as AddressInfo).port}`;
  return {
    url: `http://${host}`,
    host,
    provider: (behaviour = (issuer) => answering(discoveryDocument(issuer))) => {
      const path = `/provider-${behaviours.size + 1}`;
      const issuer = `http://${host}${path}`;
      behaviours.set(`${path}/.well-known/openid-configuration`, behaviour(issuer));
      return issuer;
    },
    requests,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
