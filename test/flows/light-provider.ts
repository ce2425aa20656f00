import { createHash, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { newKeyPair, now, signedJwt } from './signed-jwt.js';

/** An OpenID provider at `localhost` without a login page: whoever `login_hint` names is logged in at once. */
export interface LightProvider {
  /** The issuer's identifier; for `OUTBOUND_ALLOWED_HOSTS` its host is `localhost`. */
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Codes, and tokens, that it gave out. */
  readonly secrets: readonly string[];
  stop(): Promise<void>;
}

interface Login {
  readonly account: string;
  readonly clientId: string;
  readonly redirectUri: string;
  readonly challenge: string;
  readonly nonce: string | null;
}

const SCOPE = 'openid profile email';

/**
 * Starts it on a free port. A code is good once, for the client, redirect URI and PKCE verifier it was made for.
 *
 * @param options.claimsOf what it says of an account; `undefined` where there is none
 */
export async function startLightProvider({
  claimsOf,
  clientSecret = randomBytes(32).toString('base64url'),
}: {
  claimsOf: (account: string) => Readonly<Record<string, unknown>> | undefined;
  clientSecret?: string;
}): Promise<LightProvider> {
  const key = newKeyPair();
  const clientId = 'issuer';
  const logins = new Map<string, Login>();
  const secrets: string[] = [];
  const newSecret = () => {
    const secret = randomBytes(24).toString('base64url');
    secrets.push(secret);
    return secret;
  };
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://provider.test');
    if (pathname === '/.well-known/openid-configuration') json(response, discoveryDocument(url));
    else if (pathname === '/keys') json(response, { keys: [{ ...key.publicJwk, kid: 'light', alg: 'ES256', use: 'sig' }] });
    else if (pathname === '/authorize') authorize(response, searchParams);
    else if (pathname === '/token') void readForm(request).then((form) => token(request, response, form));
    else json(response, { error: 'not_found' }, 404);
  });

  const authorize = (response: ServerResponse, query: URLSearchParams): void => {
    const code = newSecret();
    const account = query.get('login_hint') ?? '';
    const redirectUri = query.get('redirect_uri') ?? '';
    logins.set(code, {
      account,
      clientId: query.get('client_id') ?? '',
      redirectUri,
      challenge: query.get('code_challenge') ?? '',
      nonce: query.get('nonce'),
    });
    const answer = claimsOf(account) === undefined ? { error: 'access_denied' } : { code };
    const back = new URLSearchParams({ ...answer, state: query.get('state') ?? '', iss: url });
    response.writeHead(303, { location: `${redirectUri}?${back.toString()}` }).end();
  };

  const token = (request: IncomingMessage, response: ServerResponse, form: URLSearchParams): void => {
    const code = form.get('code') ?? '';
    const login = logins.get(code);
    logins.delete(code);
    if (basicCredentials(request).join(':') !== `${clientId}:${clientSecret}`) {
      json(response, { error: 'invalid_client' }, 401);
      return;
    }
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    const isFor = login?.clientId === clientId && login.redirectUri === form.get('redirect_uri') && login.challenge === challenge;
    if (login === undefined || !isFor) {
      json(response, { error: 'invalid_grant' }, 400);
      return;
    }
    const { account, nonce } = login;
    const payload = { iss: url, sub: account, aud: clientId, nonce, iat: now(), exp: now(300), ...claimsOf(account) };
    const idToken = signedJwt({ header: { alg: 'ES256', kid: 'light' }, payload, key });
    secrets.push(idToken.slice(idToken.lastIndexOf('.') + 1));
    json(response, { access_token: newSecret(), token_type: 'Bearer', expires_in: 300, id_token: idToken });
  };

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://localhost:${(server.address() as AddressInfo).port}`;
  return {
    url,
    clientId,
    clientSecret,
    secrets,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function discoveryDocument(url: string): Record<string, unknown> {
  return {
    issuer: url,
    authorization_endpoint: `${url}/authorize`,
    token_endpoint: `${url}/token`,
    jwks_uri: `${url}/keys`,
    scopes_supported: SCOPE.split(' '),
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    code_challenge_methods_supported: ['S256'],
    id_token_signing_alg_values_supported: ['ES256'],
    authorization_response_iss_parameter_supported: true,
  };
}

/** Form-encoded each (RFC 6749 2.3.1). */
function basicCredentials({ headers: { authorization = '' } }: IncomingMessage): readonly string[] {
  const text = Buffer.from(authorization.replace('Basic ', ''), 'base64').toString('utf8');
  return text.split(':').map(decodeURIComponent);
}

function json(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' }).end(JSON.stringify(body));
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
}
