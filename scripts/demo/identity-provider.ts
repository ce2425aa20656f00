import type { IncomingMessage, ServerResponse } from 'node:http';
import type { JWK } from 'jose';
import type { Configuration, Interaction, KoaContextWithOIDC, Provider } from 'oidc-provider';
import { readForm, startDemoServer, type DemoServer } from './demo-server.js';
import { demoPage, escapeHtml, PAGE_HEADERS, sendPage } from './page.js';
import type { DemoAccount } from './people.js';
import { loadProvider, quietly } from './quiet-provider.js';

/** The one client that the demo provider knows. */
interface DemoClient {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly redirectUri: string;
  readonly tokenEndpointAuthMethod?: 'client_secret_basic' | 'client_secret_post';
}

interface IdentityProviderOptions {
  /** 0 for any that is free. */
  readonly port: number;
  readonly accounts: readonly DemoAccount[];
  readonly client: DemoClient;
  /** Private, with `kid`, for ES256. */
  readonly signingKey: JWK;
  readonly cookieKey: string;
  /** False: they come by userinfo only, as OpenID Connect has it for the code flow. Without it, both have them. */
  readonly claimsInIdToken?: boolean;
}

const NOTICE = 'Demo: no password. Choose who you are.';

/**
 * Starts an OpenID Connect provider for demonstrations and tests, where anybody logs in as anybody, on the loopback
 * address. Consent is skipped.
 */
export function startIdentityProvider({ port, ...options }: IdentityProviderOptions): Promise<DemoServer> {
  return startDemoServer({
    port,
    serve: async (url) => {
      const { Provider } = await loadProvider();
      const provider = await quietly(() => new Provider(url, configuration(options)));
      const handle = provider.callback();
      return (request, response) => {
        const interaction = /^\/login\/[\w-]{1,64}$/.test(request.url ?? '');
        if (interaction) void logIn({ provider, accounts: options.accounts, request, response });
        else void handle(request, response);
      };
    },
  });
}

function configuration({
  accounts,
  client,
  signingKey,
  cookieKey,
  claimsInIdToken = true,
}: Omit<IdentityProviderOptions, 'port'>): Configuration {
  const claims = [...new Set(accounts.flatMap((account) => ['sub', ...Object.keys(account.claims)]))];
  const scopes = ['openid', 'profile', 'email', 'address'];
  return {
    clients: [
      {
        client_id: client.clientId,
        client_secret: client.clientSecret,
        redirect_uris: [client.redirectUri],
        token_endpoint_auth_method: client.tokenEndpointAuthMethod ?? 'client_secret_basic',
        id_token_signed_response_alg: 'ES256',
        grant_types: ['authorization_code'],
        response_types: ['code'],
      },
    ],
    jwks: { keys: [{ ...signingKey, alg: 'ES256', use: 'sig' }] as NonNullable<Configuration['jwks']>['keys'] },
    cookies: {
      keys: [cookieKey],
      names: { session: 'demo_idp_session', interaction: 'demo_idp_login', resume: 'demo_idp_resume' },
    },
    scopes,
    // Whatever is asked for, all claims are given: a demo is to show them. Those of `openid` are always in the ID token.
    claims: { openid: claimsInIdToken ? claims : ['sub'], profile: claims, email: [], address: [] },
    conformIdTokenClaims: !claimsInIdToken,
    features: { devInteractions: { enabled: false }, rpInitiatedLogout: { enabled: false } },
    responseTypes: ['code'],
    pkce: { required: () => true },
    ttl: { Session: 3600, Interaction: 600, Grant: 3600, AccessToken: 300, IdToken: 300 },
    enabledJWA: { idTokenSigningAlgValues: ['ES256'] },
    interactions: { url: (_ctx, { uid }: Interaction) => `/login/${uid}` },
    findAccount: (_ctx, id) => {
      const account = accounts.find((known) => known.id === id);
      return account === undefined ? undefined : { accountId: id, claims: () => ({ ...account.claims, sub: id }) };
    },
    loadExistingGrant: grantEverything(scopes),
    renderError: (ctx, { error }) => {
      ctx.set(PAGE_HEADERS);
      ctx.body = demoPage({ title: 'The login failed', notice: 'Demo provider', content: `<p>${escapeHtml(error)}</p>` });
    },
  };
}

/** Consent, given by nobody. */
function grantEverything(scopes: readonly string[]): NonNullable<Configuration['loadExistingGrant']> {
  return async ({ oidc }: KoaContextWithOIDC) => {
    const { client, session, provider } = oidc;
    if (client === undefined || session?.accountId === undefined) return undefined;
    const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
    grant.addOIDCScope(scopes.join(' '));
    await grant.save();
    return grant;
  };
}

async function logIn({
  provider,
  accounts,
  request,
  response,
}: {
  provider: Provider;
  accounts: readonly DemoAccount[];
  request: IncomingMessage;
  response: ServerResponse;
}): Promise<void> {
  try {
    const { uid } = await provider.interactionDetails(request, response);
    const form = request.method === 'POST' ? await readForm(request) : new URLSearchParams();
    const account = accounts.find(({ id }) => id === form.get('account'));
    if (account !== undefined) {
      await provider.interactionFinished(request, response, { login: { accountId: account.id } });
    } else if (form.has('cancel')) {
      await provider.interactionFinished(request, response, { error: 'access_denied' });
    } else {
      sendPage(response, 200, { title: 'Log in', notice: NOTICE, content: choice(uid, accounts) });
    }
  } catch {
    const content = '<p>This login has ended, or was begun in another browser: begin again in your wallet.</p>';
    if (!response.headersSent) sendPage(response, 400, { title: 'No login here', notice: 'Demo provider', content });
  }
}

function choice(uid: string, accounts: readonly DemoAccount[]): string {
  const buttons = accounts.map(({ id, claims }) => {
    const name = escapeHtml(`${claims.given_name} ${claims.family_name}`);
    return `<button type="submit" name="account" value="${escapeHtml(id)}">${name}</button>`;
  });
  return `<form method="post" action="/login/${escapeHtml(uid)}">
${buttons.join('\n')}
<button type="submit" name="cancel" value="1">Cancel</button>
</form>`;
}
