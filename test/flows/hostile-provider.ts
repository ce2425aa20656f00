import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { now, newKeyPair, signedJwt, type WalletKeyPair } from './signed-jwt.js';

/** A request that the provider was sent. */
export interface ProviderRequest {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | undefined;
  readonly form: Readonly<Record<string, string>>;
}

/** What the provider answers where a test wants something else than what is right. */
type Endpoint = (response: ServerResponse, request: ProviderRequest) => void;

/** An OpenID Connect provider written by hand, which answers wrongly where a test says so, and rightly elsewhere. */
export interface HostileProvider {
  /** Its issuer identifier. */
  readonly url: string;
  readonly host: string;
  readonly requests: readonly ProviderRequest[];
  /** What is in the next ID tokens: over the claims and header of a right one; `undefined` takes one away. */
  idToken: {
    nonce?: string;
    payload?: Readonly<Record<string, unknown>>;
    header?: Readonly<Record<string, unknown>>;
    signWith?: Pick<WalletKeyPair, 'algorithm' | 'privateKey'>;
  };
  /** The keys it publishes, each under its `kid`. */
  keys: readonly (WalletKeyPair & { readonly kid: string })[];
  /** Over its discovery document. */
  metadata: Readonly<Record<string, unknown>>;
  userinfo: unknown;
  /** By path, e.g. `/token`. */
  readonly endpoints: Map<string, Endpoint>;
  stop(): Promise<void>;
}

const DISCOVERY = '/.well-known/openid-configuration';
export const SUBJECT = 'subject-1';
export const CLIENT_ID = 'issuer';

/** Answers with JSON. */
export function json(body: unknown, status = 200): Endpoint {
  return (response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
}

/** A key of the provider's. */
export function providerKey(kid: string, algorithm: 'ES256' | 'PS256' = 'ES256'): WalletKeyPair & { readonly kid: string } {
  return { ...newKeyPair(algorithm), kid };
}

/** Starts it on a free port of the loopback address. */
export async function startHostileProvider(): Promise<HostileProvider> {
  const requests: ProviderRequest[] = [];
  const endpoints = new Map<string, Endpoint>();
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming
      .on('data', (chunk: Buffer) => chunks.push(chunk))
      .on('end', () => {
        const request: ProviderRequest = {
          method: incoming.method ?? '',
          path: new URL(incoming.url ?? '/', 'http://provider.test').pathname,
          authorization: incoming.headers.authorization,
          form: Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString('utf8'))),
        };
        requests.push(request);
        (endpoints.get(request.path) ?? right(provider, request.path))(response, request);
      });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `localhost:${(server.address() as AddressInfo).port}`;
  const provider: HostileProvider = {
    url: `http://${host}`,
    host,
    requests,
    idToken: {},
    keys: [providerKey('first')],
    metadata: {},
    userinfo: { sub: SUBJECT },
    endpoints,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return provider;
}

function right(provider: HostileProvider, path: string): Endpoint {
  switch (path) {
    case DISCOVERY:
      return json({ ...discoveryDocument(provider.url), ...provider.metadata });
    case '/keys':
      return json({
        keys: provider.keys.map(({ publicJwk, kid, algorithm }) => ({ ...publicJwk, kid, alg: algorithm, use: 'sig' })),
      });
    case '/token':
      return json({ access_token: 'access-token', token_type: 'Bearer', expires_in: 60, id_token: newIdToken(provider) });
    case '/userinfo':
      return json(provider.userinfo);
    default:
      return json({ error: 'not_found' }, 404);
  }
}

function discoveryDocument(url: string): Record<string, unknown> {
  return {
    issuer: url,
    authorization_endpoint: `${url}/authorize`,
    token_endpoint: `${url}/token`,
    jwks_uri: `${url}/keys`,
    userinfo_endpoint: `${url}/userinfo`,
    scopes_supported: ['openid'],
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['ES256'],
  };
}

function newIdToken({ idToken: { nonce, payload, header, signWith }, keys, url }: HostileProvider): string {
  const key = keys[0]!;
  return signedJwt({
    header: { alg: key.algorithm, kid: key.kid, ...header },
    payload: { iss: url, sub: SUBJECT, aud: CLIENT_ID, nonce, iat: now(), exp: now(300), ...payload },
    key: signWith ?? key,
  });
}
