import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { KeyEncryptionRing } from '../../../keys/key-encryption.js';
import { formToken } from '../../../api/http/form-token.js';
import {
  openAuthorizationRequest,
  sealAuthorizationRequest,
  type AuthorizationRequest,
} from '../../../api/oauth/authorization-request.js';
import { CodeIssuer } from '../../flows/authorization-server.js';
import type { CodeWallet } from '../../flows/code-wallet.js';
import { formOf, HolderBrowser, locationOf } from '../../flows/holder-browser.js';
import { exchange } from '../../flows/http-exchange.js';
import { logIn } from '../../flows/identity-provider.js';
import { ringOf } from '../../flows/issuer-secrets.js';
import { PlainWallet } from '../../flows/plain-wallet.js';
import { useOwnProcesses } from '../../harness/use-system.js';
import { ManagementClient } from '../management/management-client.js';
import { refusalOf } from '../wallet/refusal.js';
import { linksOf, pageOf, PAGES, redirectOf } from './holder-page.js';

const URI = 'https://wallet.example/callback?dummy1=lorem&dummy2=ipsum';
const PREFIX = 'urn:ietf:params:oauth:request_uri:';
const COOKIE = 'chancery-browser';

const system = useOwnProcesses({ env: { OUTBOUND_ALLOWED_HOSTS: 'localhost' } });
let issuer: CodeIssuer;
let api: ManagementClient;
let scope: string;
let configurationId: string;

beforeAll(async () => {
  issuer = await CodeIssuer.start(system());
  api = await ManagementClient.admin(system());
  ({ scope, id: configurationId } = await issuer.credential({ branding: { name: 'Staff Pass' } }));
});
afterAll(() => issuer.stop());

const authorizeUrl = (query: string) => `${system().url}/v1/oauth/authorize?${query}`;
const open = (query: string) => exchange(authorizeUrl(query));
const uriIn = (url: string) => new URL(url).searchParams.get('request_uri') ?? '';

async function registered(more: Readonly<Record<string, unknown>> = {}): Promise<CodeWallet> {
  const { clientId } = await api.create('/v1/oauth/clients', { name: 'Good Wallet', redirectUris: [URI], ...more });
  return issuer.wallet({ clientId: clientId as string, redirectUri: URI });
}

/** What a `request_uri` or a consent form holds. */
function opened(text: string): AuthorizationRequest {
  const request = openAuthorizationRequest({ ring: ringOf(system()), issuerId: 'default', text, now: Date.now() });
  if (request === undefined) throw new Error('this is no request of the issuer');
  return request;
}

const sessionOf = (url: string) => system().db.issuances.findOne({ _id: opened(uriIn(url).slice(PREFIX.length)).sessionId });
const outcomeOf = async (url: string) => (await sessionOf(url))?.outcome;

describe('a pushed request', () => {
  it('AUT-14 is not consumed by looking at it: HEAD, twice GET, and then a holder', async () => {
    const url = await issuer.wallet().authorizationUrl({ scope });
    expect(await exchange(url, { method: 'HEAD' })).toMatchObject({ status: 200, text: '' });
    for (const browser of [new HolderBrowser(), new HolderBrowser()]) expect(pageOf(await browser.get(url))).toBe(PAGES.consent);
    expect(await sessionOf(url)).toBeNull();
    expect(await issuer.agree(new HolderBrowser(), url)).toContain(issuer.provider.url);
    expect(await sessionOf(url)).toMatchObject({ grantType: 'authorization_code' });
  });

  it('AUT-14 is bound to its client_id, and nothing else beside it counts', async () => {
    const wallet = issuer.wallet();
    const uri = uriIn(await wallet.authorizationUrl({ scope }));
    const query = (more: Record<string, string>) => new URLSearchParams({ request_uri: uri, ...more }).toString();
    expect(pageOf(await open(query({})))).toBe(PAGES.invalidRequest);
    expect(pageOf(await open(query({ client_id: 'another' })))).toBe(PAGES.invalidRequest);
    const more = { client_id: wallet.clientId, redirect_uri: 'https://evil.example', state: 'other', scope: 'openid' };
    const browser = new HolderBrowser();
    const page = await browser.get(authorizeUrl(query(more)));
    expect([pageOf(page), page.text.includes('evil')]).toEqual([PAGES.consent, false]);
    const back = redirectOf(await browser.submit(page, system().url, 'cancel'));
    expect(wallet.answerIn(back.href).get('error')).toBe('access_denied');
  });

  it('AUT-14 that is expired, changed, made up, or made under the key of another issuer is refused by a page', async () => {
    const wallet = issuer.wallet();
    const uri = uriIn(await wallet.authorizationUrl({ scope }));
    const request = opened(uri.slice(PREFIX.length));
    const [ring, foreign] = [ringOf(system()), new KeyEncryptionRing([new Uint8Array(randomBytes(32))])];
    const seal = (with_: KeyEncryptionRing, issuerId: string, expiresAt = Date.now() + 60_000) =>
      PREFIX + sealAuthorizationRequest({ ring: with_, issuerId, request: { ...request, expiresAt } });
    const middle = Math.floor(uri.length / 2);
    const changed = uri.slice(0, middle) + (uri[middle] === 'A' ? 'B' : 'A') + uri.slice(middle + 1);
    const made = [seal(ring, 'default', Date.now() - 1), seal(foreign, 'default'), seal(ring, 'another'), changed];
    for (const bad of [...made, PREFIX, uri.slice(PREFIX.length), 'https://wallet.example/request', '']) {
      const query = new URLSearchParams({ client_id: wallet.clientId, request_uri: bad });
      expect(pageOf(await open(query.toString())), bad.slice(0, 60)).toBe(PAGES.invalidRequest);
    }
    const good = new URLSearchParams({ client_id: wallet.clientId, request_uri: seal(ring, 'default') });
    expect(pageOf(await open(good.toString()))).toBe(PAGES.consent);
  });

  it('AUT-14 is used up with its session, and belongs to the browser that began', async () => {
    const wallet = issuer.wallet();
    const url = await wallet.authorizationUrl({ scope });
    const [browser, other] = [new HolderBrowser(), new HolderBrowser()];
    const atProvider = await issuer.agree(browser, url);
    const page = await other.get(url);
    expect(pageOf(page)).toBe(PAGES.consent);
    expect(pageOf(await other.submit(page, url, 'continue'))).toBe(PAGES.otherBrowser);
    const denied = await browser.get(await logIn(atProvider, 'cancel'));
    expect(wallet.answerIn(redirectOf(denied).href).get('error')).toBe('access_denied');
    await expect.poll(() => outcomeOf(url)).toBe('authentication_failed');
    const again = redirectOf(await browser.submit(await browser.get(url), url, 'continue'));
    expect(wallet.answerIn(again.href).get('error')).toBe('access_denied');
  });
});

describe('the consent page', () => {
  it('AUT-15 SEC-07 names credentials and claims, and a wallet that the issuer does not know as such', async () => {
    const page = await new HolderBrowser().get(await issuer.wallet({ clientId: '<i>wallet</i>' }).authorizationUrl({ scope }));
    expect(pageOf(page)).toBe(PAGES.consent);
    for (const text of ['Staff Pass', 'given name', 'family name', 'department', '<code><bdi>wallet.example</bdi></code>'])
      expect(page.text).toContain(text);
    expect(page.text).toContain('does not know this wallet');
    expect(page.text).toContain('&lt;i&gt;wallet&lt;/i&gt;');
    expect(page.text).not.toContain('<i>');
  });

  it('AUT-15 and one that is registered by its name', async () => {
    const page = await new HolderBrowser().get(await (await registered()).authorizationUrl({ scope }));
    expect(page.text).toContain('Good Wallet');
    expect(page.text).not.toContain('does not know this wallet');
  });

  it('SEC-14 sets a cookie that no script and no form of another site has, and answers the form by 303', async () => {
    const browser = new HolderBrowser();
    const url = await issuer.wallet().authorizationUrl({ scope });
    const page = await browser.get(url);
    expect(page.headers.get('set-cookie')).toMatch(/HttpOnly; SameSite=Lax$/);
    expect(page.headers.get('content-security-policy')).toContain(`form-action 'self' ${issuer.provider.url} https:`);
    const sent = await browser.submit(page, url, 'continue');
    expect(redirectOf(sent).origin).toBe(issuer.provider.url);
    expect(sent.text).toBe('');
  });

  it('AUT-12 that is cancelled tells the wallet, and begins nothing', async () => {
    const wallet = issuer.wallet();
    const url = await wallet.authorizationUrl({ scope });
    const browser = new HolderBrowser();
    const back = redirectOf(await browser.submit(await browser.get(url), url, 'cancel'));
    expect(Object.fromEntries(wallet.answerIn(back.href))).toEqual({
      error: 'access_denied',
      state: wallet.state,
      iss: system().url,
    });
    expect(await sessionOf(url)).toBeNull();
  });

  it('SEC-14 is answered only with the form that this very browser was given, as it was', async () => {
    const url = await issuer.wallet().authorizationUrl({ scope });
    const [browser, other] = [new HolderBrowser(), new HolderBrowser()];
    const page = await browser.get(url);
    const id = new RegExp(`${COOKIE}=([^;]+)`).exec(page.headers.get('set-cookie') ?? '')?.[1] ?? '';
    const { fields } = formOf(page);
    const { fields: others } = formOf(await other.get(url));
    const token = (purpose: 'holder-form' | 'temporal-codec-form', now: number) =>
      formToken({ ring: ringOf(system()), purpose, browserId: id, now });
    const send = (by: HolderBrowser, more: Record<string, string>) =>
      by.post(`${system().url}/v1/oauth/authorize`, { ...fields, decision: 'continue', ...more });
    const bad = [
      await send(new HolderBrowser(), {}),
      await send(browser, { form_token: others.form_token! }),
      await send(browser, { form_token: `${fields.form_token!.slice(0, -2)}AA` }),
      await send(browser, { form_token: fields.form_token!.replace(/^\d/, (digit) => String((Number(digit) + 1) % 10)) }),
      await send(browser, { form_token: token('holder-form', Date.now() - 3_600_000) }),
      await send(browser, { form_token: token('temporal-codec-form', Date.now()) }),
      await send(browser, { form_token: '' }),
    ];
    expect(bad.map(pageOf)).toEqual(bad.map(() => PAGES.otherBrowser));
    for (const request of [`${fields.request!.slice(0, -2)}AA`, '', 'x'])
      expect(pageOf(await send(browser, { request }))).toBe(PAGES.sessionOver);
    expect(await sessionOf(url)).toBeNull();
    expect(redirectOf(await send(browser, { form_token: token('holder-form', Date.now()) })).origin).toBe(issuer.provider.url);
  });

  it('that is sent twice at once begins one session', async () => {
    const url = await issuer.wallet().authorizationUrl({ scope });
    const browser = new HolderBrowser();
    const page = await browser.get(url);
    const sent = await Promise.all(Array.from({ length: 4 }, () => browser.submit(page, url, 'continue')));
    expect(new Set(sent.map((answer) => redirectOf(answer).href)).size).toBe(1);
  });

  it('goes on from where the session is after the back button, and only one of the codes is worth a token', async () => {
    const wallet = issuer.wallet();
    const url = await wallet.authorizationUrl({ scope });
    const browser = new HolderBrowser();
    const page = await browser.get(url);
    const atProvider = locationOf(await browser.submit(page, url, 'continue'));
    expect(locationOf(await browser.submit(page, url, 'continue'))).toBe(atProvider);
    const first = wallet.answerIn(locationOf(await browser.get(await logIn(atProvider, 'ngaio')))).get('code')!;
    const second = wallet.answerIn(locationOf(await browser.submit(await browser.get(url), url, 'continue'))).get('code')!;
    expect(second).not.toBe(first);
    expect((await wallet.redeem(first)).status).toBe(200);
    expect(refusalOf(await wallet.redeem(second))).toBe('400 invalid_grant');
    expect(pageOf(await browser.submit(page, url, 'continue'))).toBe(PAGES.finished);
  });

  it('is not there for a body that is no form, is too large, or has a field twice', async () => {
    const send = (type: string, body: string) =>
      exchange(`${system().url}/v1/oauth/authorize`, { method: 'POST', headers: { 'content-type': type }, body });
    const form = 'application/x-www-form-urlencoded';
    const answers = await Promise.all([
      send('application/json', '{"decision":"continue"}'),
      send(form, `request=${'a'.repeat(70_000)}`),
      send(form, 'decision=continue&decision=cancel'),
    ]);
    const [, title] = /^\d+ (.*)$/.exec(PAGES.invalidRequest) ?? [];
    expect(answers.map(pageOf)).toEqual(['415', '413', '400'].map((status) => `${status} ${title}`));
  });
});

describe('a request that was not pushed', () => {
  it('AUT-12 whose client and redirect URI are registered is told of errors, with state and iss', async () => {
    const wallet = await registered();
    const errors: [Record<string, string>, string][] = [
      [{ response_type: 'token' }, 'unsupported_response_type'],
      [{ code_challenge: '' }, 'invalid_request'],
      [{ code_challenge_method: 'plain' }, 'invalid_request'],
      [{ scope: 'unheard-of' }, 'invalid_scope'],
      [
        { authorization_details: '[{"type":"openid_credential","credential_configuration_id":"x"}]' },
        'invalid_authorization_details',
      ],
      [{ resource: 'https://other.example' }, 'invalid_target'],
      [{ request: 'e30.e30.' }, 'request_not_supported'],
      [{ issuer_state: 'made-up' }, 'invalid_request'],
    ];
    for (const [more, error] of errors) {
      const back = redirectOf(await exchange(wallet.plainUrl({ scope, more })));
      expect(back.href.startsWith(`${URI}&error=`), 'AUT-17 keeps the query of the redirect URI').toBe(true);
      expect(wallet.answerIn(back.href).get('error'), JSON.stringify(more)).toBe(error);
    }
    const stateless = redirectOf(await exchange(wallet.plainUrl({ scope, more: { response_type: 'token', state: '' } })));
    expect([...stateless.searchParams.keys()]).toEqual(['dummy1', 'dummy2', 'error', 'error_description', 'iss']);
  });

  it('AUT-17 comes to a code behind the query that the redirect URI has of its own', async () => {
    const wallet = await registered();
    const browser = new HolderBrowser();
    const url = wallet.plainUrl({ scope });
    // As some wallets write it: a question mark needs no escape within a query (RFC 3986 3.4).
    const raw = url.replace(encodeURIComponent(URI), encodeURI(URI).replaceAll('&', '%26'));
    expect(raw.split('?')).toHaveLength(3);
    const back = locationOf(await browser.get(await logIn(await issuer.agree(browser, raw), 'ngaio')));
    expect(back.startsWith(`${URI}&code=`)).toBe(true);
    expect((await wallet.redeem(wallet.answerIn(back).get('code')!)).status).toBe(200);
  });

  it('AUT-16 sends nobody to a redirect URI that is not exactly a registered one', async () => {
    const wallet = await registered();
    const others = [
      'https://evil.example/callback',
      `${URI}&next=https://evil.example`,
      URI.replace('/callback', '/callback/'),
      URI.replace('/callback', '/callback/../evil'),
      URI.replace('/callback', '/callback%2e%2e'),
      URI.replace('?dummy1=lorem&dummy2=ipsum', ''),
      URI.replace('wallet.example', 'wallet.example.evil.example'),
      URI.replace('wallet.example', 'wallet.example@evil.example'),
      URI.replace('wallet.example', 'evil.example\\@wallet.example'),
      URI.replace('wallet.example', 'wallet.example:8443'),
      URI.replace('wallet', 'WALLET'),
      URI.replace('https:', 'http:'),
      `${URI}#x`,
      `${URI}\r\nset-cookie: a=b`,
      '//evil.example/callback',
      'javascript:alert(1)//',
      'data:text/html,<script>alert(1)</script>',
    ];
    for (const redirect_uri of others) {
      const answer = await exchange(wallet.plainUrl({ scope: 'unheard-of', more: { redirect_uri } }));
      expect(pageOf(answer), redirect_uri).toBe(PAGES.invalidRequest);
      expect(answer.text, redirect_uri).not.toContain('evil');
      expect(linksOf(answer)).toEqual({});
    }
    const twice = `${wallet.plainUrl({ scope })}&redirect_uri=${encodeURIComponent(URI)}`;
    expect(pageOf(await exchange(twice))).toBe(PAGES.invalidRequest);
  });

  it('AUT-16 shows the errors of a client that is not registered to its holder, and to nobody else', async () => {
    for (const more of [{ response_type: 'token' }, { scope: 'unheard-of' }, { client_id: '' }, { redirect_uri: '' }])
      expect(pageOf(await exchange(issuer.wallet().plainUrl({ scope, more })))).toBe(PAGES.invalidRequest);
  });

  it('that is huge or malformed is refused by a page', async () => {
    const { clientId } = issuer.wallet();
    const queries = [
      '',
      '%',
      '%00=%ff&&==&=%',
      'request_uri',
      `request_uri=${PREFIX}${'A'.repeat(12_000)}&client_id=a`,
      `client_id=${clientId}&${'a=b&'.repeat(500)}`,
      `client_id=${'a'.repeat(600)}&redirect_uri=https://a.example/`,
      `client_id=a%0d%0ab&redirect_uri=https://a.example/`,
      `client_id=${clientId}&redirect_uri=https://a.example/${'a'.repeat(3000)}`,
      `client_id=${clientId}&redirect_uri=https://a.example/&state=${'s'.repeat(3000)}`,
      `client_id[$ne]=x&redirect_uri[]=https://a.example/`,
      `client_id=a&client_id=b`,
      `a=${'b'.repeat(20_000)}`,
    ];
    for (const query of queries) expect(pageOf(await open(query)), query.slice(0, 80)).toBe(PAGES.invalidRequest);
    expect((await open(`a=${'b'.repeat(100_000)}`)).status).toBe(431);
  });
});

it('other methods are answered 405, with those there are', async () => {
  const tried = [
    ['PUT', '/v1/oauth/authorize', 'GET, POST, HEAD, OPTIONS'],
    ['DELETE', '/v1/oauth/authorize', 'GET, POST, HEAD, OPTIONS'],
    ['POST', '/v1/oauth/authentication/callback', 'GET, HEAD, OPTIONS'],
    ['POST', '/v1/openid/interaction/return', 'GET, HEAD, OPTIONS'],
    ['GET', '/v1/openid/interaction/result', 'POST, OPTIONS'],
    ['PATCH', '/v1/oauth/sessions/x', 'GET, POST, HEAD, OPTIONS'],
  ] as const;
  for (const [method, path, allow] of tried) {
    const { status, headers } = await exchange(system().url + path, { method });
    expect([method, path, status, headers.get('allow')]).toEqual([method, path, 405, allow]);
  }
});

describe('HAP-03 the issuer’s policy', () => {
  const policy = async (authorization: Readonly<Record<string, unknown>>) =>
    expect((await api.put('/v1/openid/configuration', { authorization })).status).toBe(200);
  afterEach(() => policy({}));

  it('requirePushedAuthorizationRequests: takes pushed requests only', async () => {
    await policy({ requirePushedAuthorizationRequests: true });
    const wallet = await registered();
    expect(pageOf(await exchange(wallet.plainUrl({ scope })))).toBe(PAGES.invalidRequest);
    expect(pageOf(await exchange(await wallet.authorizationUrl({ scope })))).toBe(PAGES.consent);
    const metadata = await exchange(`${system().url}/.well-known/oauth-authorization-server`);
    expect(metadata.json.require_pushed_authorization_requests).toBe(true);
  });

  it('requireClientAuthentication: serves authenticated clients only', async () => {
    const open_ = await registered();
    const pushed = await open_.authorizationUrl({ scope });
    const code = await issuer.code(open_, { scope });
    const name = 'Secret Wallet';
    const created = await api.create('/v1/oauth/clients', {
      name,
      redirectUris: [URI],
      tokenEndpointAuthMethod: 'client_secret_basic',
    });
    const secret = Buffer.from(`${String(created.clientId)}:${String(created.clientSecret)}`).toString('base64');
    const wallet = issuer.wallet({
      clientId: created.clientId as string,
      redirectUri: URI,
      headers: { authorization: `Basic ${secret}` },
    });
    await policy({ requireClientAuthentication: true });
    expect(refusalOf(await open_.push({ scope }))).toBe('401 invalid_client');
    expect(refusalOf(await issuer.wallet().push({ scope }))).toBe('401 invalid_client');
    expect(refusalOf(await open_.redeem(code))).toBe('401 invalid_client');
    for (const by of [open_, wallet]) expect(pageOf(await exchange(by.plainUrl({ scope })))).toBe(PAGES.invalidRequest);
    expect((await wallet.redeem(await issuer.code(wallet, { scope }))).status).toBe(200);
    // Pushed while it was allowed: a code that nobody can redeem does no harm.
    expect(pageOf(await exchange(pushed))).toBe(PAGES.consent);
  });

  it('unknownClients: refuse knows registered wallets only', async () => {
    await policy({ unknownClients: 'refuse' });
    expect(refusalOf(await issuer.wallet().push({ scope }))).toBe('401 invalid_client');
    expect(pageOf(await exchange(issuer.wallet().plainUrl({ scope })))).toBe(PAGES.invalidRequest);
    expect(pageOf(await exchange((await registered()).plainUrl({ scope })))).toBe(PAGES.consent);
  });

  it('consent: never begins at once, in each browser but once', async () => {
    await policy({ consent: 'never' });
    const url = await issuer.wallet().authorizationUrl({ scope });
    const browser = new HolderBrowser();
    const atProvider = redirectOf(await browser.get(url));
    expect(atProvider.origin).toBe(issuer.provider.url);
    expect(redirectOf(await browser.get(url)).href).toBe(atProvider.href);
    expect(pageOf(await new HolderBrowser().get(url))).toBe(PAGES.otherBrowser);
  });
});

describe('an offer that changes while a holder is on the way', () => {
  const offer = async (more: Readonly<Record<string, unknown>> = {}) => {
    const { id, uri } = await api.create('/v1/openid/offers', { credentials: [configurationId], ...more });
    const value = JSON.parse(new URL(uri as string).searchParams.get('credential_offer')!) as {
      grants: { authorization_code: { issuer_state: string } };
    };
    return { id, issuerState: value.grants.authorization_code.issuer_state };
  };
  const revoke = async (id: string) => expect((await api.delete(`/v1/openid/offers/${id}`)).status).toBe(204);
  const change = async (id: string, action: 'pause' | 'resume') =>
    expect((await api.post(`/v1/openid/offers/${id}/${action}`, {})).status).toBeLessThan(300);
  const consent = async (issuerState: string) => {
    const wallet = issuer.wallet();
    const url = await wallet.authorizationUrl({ issuerState });
    const browser = new HolderBrowser();
    const page = await browser.get(url);
    const submit = () => browser.submit(page, url, 'continue');
    return { wallet, url, browser, submit };
  };

  it('AUT-10 is over for one who reads the consent page when it is revoked, paused or expired', async () => {
    const [revoked, paused, expired] = [await offer(), await offer(), await offer()];
    const pages = [await consent(revoked.issuerState), await consent(paused.issuerState), await consent(expired.issuerState)];
    await Promise.all([revoke(revoked.id), change(paused.id, 'pause')]);
    await system().db.offers.updateOne({ _id: expired.id }, { $set: { expiresAt: new Date() } });
    for (const { wallet, submit } of pages) {
      const page = await submit();
      expect(pageOf(page)).toBe(PAGES.offerUnavailable);
      expect(wallet.answerIn(linksOf(page)['Return to the wallet']!).get('error')).toBe('access_denied');
    }
    for (const { issuerState } of [revoked, paused, expired])
      expect(refusalOf(await issuer.wallet().push({ issuerState }))).toBe('400 invalid_request');
    await change(paused.id, 'resume');
    expect(redirectOf(await pages[1]!.submit()).origin).toBe(issuer.provider.url);
  });

  it('does not stop a holder who began before it was paused or expired, back button included', async () => {
    const [paused, expired] = [await offer(), await offer()];
    for (const { id, issuerState } of [paused, expired]) {
      const { wallet, browser, submit } = await consent(issuerState);
      const atProvider = redirectOf(await submit()).href;
      if (id === paused.id) await change(id, 'pause');
      else await system().db.offers.updateOne({ _id: id }, { $set: { expiresAt: new Date() } });
      expect(redirectOf(await submit()).href).toBe(atProvider);
      const back = locationOf(await browser.get(await logIn(atProvider, 'ngaio')));
      expect((await wallet.redeem(wallet.answerIn(back).get('code')!)).status).toBe(200);
    }
  });

  it('that is revoked ends a holder at the login, a wallet with a code, and one with a token', async () => {
    const { id, issuerState } = await offer();
    const { browser, submit, url } = await consent(issuerState);
    const atProvider = redirectOf(await submit()).href;
    const coded = issuer.wallet();
    const code = await issuer.code(coded, { issuerState });
    const collecting = issuer.wallet();
    const token = await collecting.redeem(await issuer.code(collecting, { issuerState }));
    await revoke(id);
    await expect.poll(() => outcomeOf(url)).toBe('withdrawn');
    expect(pageOf(await browser.get(await logIn(atProvider, 'ngaio')))).toBe(PAGES.sessionOver);
    expect(pageOf(await submit())).toBe(PAGES.offerUnavailable);
    await expect.poll(async () => refusalOf(await coded.redeem(code))).toBe('400 invalid_grant');
    const plain = new PlainWallet(system().url);
    const ask = async () =>
      plain.requestCredential(token.json.access_token as string, await plain.credentialRequest(configurationId));
    await expect.poll(async () => refusalOf(await ask())).toBe('401 invalid_token');
  });

  it('that is for one holder is free again when that one gets nothing', async () => {
    const { issuerState } = await offer({ maximumClaims: 1 });
    const [first, second] = [await consent(issuerState), await consent(issuerState)];
    const atProvider = redirectOf(await first.submit()).href;
    expect(redirectOf(await first.submit()).href).toBe(atProvider);
    expect(pageOf(await second.submit())).toBe(PAGES.offerUnavailable);
    expect(await sessionOf(second.url)).toBeNull();
    await first.browser.get(await logIn(atProvider, 'cancel'));
    await expect.poll(() => outcomeOf(first.url)).toBe('authentication_failed');
    await expect.poll(async () => (await second.submit()).status).toBe(303);
    expect(pageOf(await (await consent(issuerState)).submit())).toBe(PAGES.offerUnavailable);
    expect(redirectOf(await first.submit()).searchParams.get('error')).toBe('access_denied');
  });
});
