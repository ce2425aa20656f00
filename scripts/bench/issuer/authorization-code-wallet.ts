import { createHash, randomBytes } from 'node:crypto';
import type { Client } from 'undici';
import { collectCredential } from './collect-credential.js';
import { getPage, post, redirectOf, textOf } from './http-exchange.js';
import type { MeasureStep } from './measured-step.js';
import { providerCode } from './provider-code.js';
import type { IssuerTarget } from './target.js';

const CLIENT_ID = 'bench-wallet';
const REDIRECT_URI = 'https://wallet.example/callback';

/**
 * One issuance by the authorization code flow to somebody who was never here before; the holder's browser is played as
 * well, and so is the login: the provider itself sees nothing but the issuer's requests.
 */
export async function issueByAuthorizationCode(
  client: Client,
  { target, step }: { target: IssuerTarget; step: MeasureStep },
): Promise<void> {
  const verifier = randomBytes(32).toString('base64url');
  const requestUri = await step('par', () => push(client, { target, verifier }));
  const page = await step('consent page', () => openConsent(client, requestUri));
  const atProvider = await step('consent', () => agree(client, page));
  const cookie = page.cookie;
  const back = await step('callback', () => redirectOf(client, 'GET', { path: callbackPath(atProvider), headers: { cookie } }));
  const accessToken = await step('token', () => redeemCode(client, { code: parameterOf(back, 'code'), verifier }));
  await collectCredential(client, { target, accessToken, step });
}

async function push(client: Client, { target, verifier }: { target: IssuerTarget; verifier: string }): Promise<string> {
  const body = new URLSearchParams({
    response_type: 'code',
    client_id: CLIENT_ID,
    redirect_uri: REDIRECT_URI,
    state: randomBytes(16).toString('base64url'),
    scope: target.scope,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  });
  return textOf(await post(client, { path: '/v1/oauth/par', body }), 'request_uri');
}

interface ConsentPage {
  readonly fields: Readonly<Record<string, string>>;
  readonly cookie: string;
}

/** In a browser that has no cookie yet. */
async function openConsent(client: Client, requestUri: string): Promise<ConsentPage> {
  const query = new URLSearchParams({ client_id: CLIENT_ID, request_uri: requestUri });
  const { headers, text } = await getPage(client, { path: `/v1/oauth/authorize?${query.toString()}` });
  const fields = [...text.matchAll(/<input type="hidden" name="([\w-]+)" value="([\w.-]+)">/g)];
  const [cookie = ''] = [headers['set-cookie'] ?? []].flat().map((line) => line.split(';', 1)[0] ?? '');
  return { fields: Object.fromEntries(fields.map(([, name = '', value = '']) => [name, value])), cookie };
}

/** Where the holder would log in. */
function agree(client: Client, { fields, cookie }: ConsentPage): Promise<URL> {
  const body = new URLSearchParams({ ...fields, decision: 'continue' });
  return redirectOf(client, 'POST', { path: '/v1/oauth/authorize', headers: { cookie }, body });
}

/** The issuer's callback, as the provider sends a browser to it. */
function callbackPath(atProvider: URL): string {
  const code = providerCode({ nonce: parameterOf(atProvider, 'nonce'), subject: randomBytes(12).toString('base64url') });
  const { pathname } = new URL(parameterOf(atProvider, 'redirect_uri'));
  return `${pathname}?${new URLSearchParams({ code, state: parameterOf(atProvider, 'state') }).toString()}`;
}

async function redeemCode(client: Client, { code, verifier }: { code: string; verifier: string }): Promise<string> {
  const body = new URLSearchParams({
    grant_type: 'authorization_code',
    client_id: CLIENT_ID,
    redirect_uri: REDIRECT_URI,
    code,
    code_verifier: verifier,
  });
  return textOf(await post(client, { path: '/v1/oauth/token', body }), 'access_token');
}

function parameterOf({ searchParams }: URL, name: string): string {
  const value = searchParams.get(name);
  if (value === null) throw new Error(`the browser was sent on without ${name} (${searchParams.get('error') ?? 'no error'})`);
  return value;
}
