import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { DemoServer } from '../../../scripts/demo/demo-server.js';
import { startIdentityProvider } from '../../../scripts/demo/identity-provider.js';
import { DEMO_PEOPLE } from '../../../scripts/demo/people.js';
import { exchange, postForm } from '../../flows/http-exchange.js';

const VERIFIER = 'v'.repeat(43);
const CLIENT = {
  clientId: 'chancery',
  clientSecret: 's'.repeat(43),
  redirectUri: 'http://localhost:3000/v1/oauth/authentication/callback',
};

let signingKey: JWK;
beforeAll(async () => {
  signingKey = { ...(await exportJWK((await generateKeyPair('ES256', { extractable: true })).privateKey)), kid: 'demo-key' };
});

let server: DemoServer | undefined;
afterEach(() => server?.stop());

async function start(): Promise<DemoServer> {
  server = await startIdentityProvider({ port: 0, accounts: DEMO_PEOPLE, client: CLIENT, signingKey, cookieKey: 'c'.repeat(43) });
  return server;
}

function authorizationUrl(url: string): string {
  const parameters = new URLSearchParams({
    client_id: CLIENT.clientId,
    response_type: 'code',
    scope: 'openid profile email',
    redirect_uri: CLIENT.redirectUri,
    code_challenge: VERIFIER,
    code_challenge_method: 'S256',
    state: 'state',
  });
  return `${url}/auth?${parameters.toString()}`;
}

describe('the demo provider', () => {
  it('publishes what a provider has to, and its one public key', async () => {
    const { url } = await start();
    const { json } = await exchange(`${url}/.well-known/openid-configuration`);
    expect(json).toMatchObject({ issuer: url, id_token_signing_alg_values_supported: ['ES256'] });
    for (const name of ['authorization_endpoint', 'token_endpoint', 'jwks_uri', 'scopes_supported'])
      expect(json).toHaveProperty(name);
    const { keys } = (await exchange(json.jwks_uri as string)).json as { keys: Record<string, unknown>[] };
    expect(keys).toEqual([
      { kty: 'EC', crv: 'P-256', alg: 'ES256', use: 'sig', kid: 'demo-key', x: signingKey.x, y: signingKey.y },
    ]);
  });

  it('shows everybody as a button, and says that this is a demo', async () => {
    const { url } = await start();
    const redirect = await exchange(authorizationUrl(url));
    const cookie = redirect.headers
      .getSetCookie()
      .map((line) => line.split(';', 1)[0])
      .join('; ');
    const page = await exchange(new URL(redirect.headers.get('location')!, url).href, { headers: { cookie } });
    expect(page.status).toBe(200);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(page.text).toContain('Demo: no password');
    expect([...page.text.matchAll(/<button[^>]+name="account"[^>]*>([^<]+)</g)].map(([, name]) => name)).toEqual([
      'Aroha Example',
      'Bruno Beispiel',
    ]);
  });

  it('lets nobody in without a login begun in the same browser', async () => {
    const { url } = await start();
    const redirect = await exchange(authorizationUrl(url));
    const login = new URL(redirect.headers.get('location')!, url).href;
    expect((await postForm(login, { account: 'demo-aroha' })).status).toBe(400);
    expect((await postForm(`${url}/login/nothing`, { account: 'demo-aroha' })).status).toBe(400);
  });

  it('sends nobody to a redirect URI that is not the issuer’s', async () => {
    const { url } = await start();
    const answer = await exchange(authorizationUrl(url).replace('localhost%3A3000', 'evil.example'));
    expect(answer.status).toBe(400);
    expect(answer.headers.get('location')).toBeNull();
    expect(answer.text).toContain('invalid_redirect_uri');
  });
});
