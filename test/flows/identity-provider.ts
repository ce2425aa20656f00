import { randomBytes } from 'node:crypto';
import { exportJWK, generateKeyPair } from 'jose';
import { startIdentityProvider } from '../../scripts/demo/identity-provider.js';
import type { DemoAccount } from '../../scripts/demo/people.js';
import { exchange } from './http-exchange.js';
import type { Answer } from './plain-wallet.js';

/** An OpenID Connect provider (oidc-provider) at `localhost` where tests log in, with one client. */
export interface TestIdentityProvider {
  /** The issuer's identifier; for `OUTBOUND_ALLOWED_HOSTS` its host is `localhost`. */
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
  stop(): Promise<void>;
  /** Starts it again after `stop`, at the same URL; it knows no login of before. */
  startAgain(): Promise<void>;
}

/** Starts it on a free port. */
export async function startTestIdentityProvider({
  accounts,
  redirectUri,
  tokenEndpointAuthMethod = 'client_secret_basic',
  claimsInIdToken = true,
}: {
  accounts: readonly DemoAccount[];
  /** The issuer's callback. */
  redirectUri: string;
  tokenEndpointAuthMethod?: 'client_secret_basic' | 'client_secret_post';
  claimsInIdToken?: boolean;
}): Promise<TestIdentityProvider> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const clientId = 'issuer';
  const clientSecret = randomBytes(32).toString('base64url');
  const options = {
    accounts,
    client: { clientId, clientSecret, redirectUri, tokenEndpointAuthMethod },
    signingKey: { ...(await exportJWK(privateKey)), kid: 'test' },
    cookieKey: randomBytes(32).toString('base64url'),
    claimsInIdToken,
  };
  let server = await startIdentityProvider({ port: 0, ...options });
  const { url, port } = server;
  return {
    url,
    clientId,
    clientSecret,
    stop: () => server.stop(),
    startAgain: async () => {
      server = await startIdentityProvider({ port, ...options });
    },
  };
}

/** Cookies of one browser at the provider. */
type Cookies = Map<string, string>;

const MOST_STEPS = 10;

/**
 * Logs in without a browser: follows the provider's redirects, and chooses an account where its page asks for one.
 *
 * @param account the id of one of the accounts, or `cancel`
 * @param cookies of an earlier login, where the browser is to be the same
 * @returns the URL of the issuer's callback that a browser would now be sent to
 */
export async function logIn(authorizationUrl: string, account: string, cookies: Cookies = new Map()): Promise<string> {
  const { origin } = new URL(authorizationUrl);
  let url = authorizationUrl;
  let choice: string | undefined;
  for (let step = 0; step < MOST_STEPS; step += 1) {
    const answer = await visit(url, cookies, choice);
    choice = undefined;
    const location = answer.headers.get('location');
    if (location !== null) {
      url = new URL(location, url).href;
      if (new URL(url).origin !== origin) return url;
    } else {
      const [, action] = /<form method="post" action="([^"]+)"/.exec(answer.text) ?? [];
      if (action === undefined) throw new Error(`the provider answered ${answer.status} ${answer.text}`);
      url = new URL(action, url).href;
      choice = account === 'cancel' ? 'cancel=1' : new URLSearchParams({ account }).toString();
    }
  }
  throw new Error('the provider never came to an end');
}

async function visit(url: string, cookies: Cookies, form: string | undefined): Promise<Answer> {
  const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const answer = await exchange(url, {
    method: form === undefined ? 'GET' : 'POST',
    headers: { cookie, ...(form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }) },
    ...(form === undefined ? {} : { body: form }),
  });
  for (const line of answer.headers.getSetCookie()) {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
    cookies.set(name, value);
  }
  return answer;
}
