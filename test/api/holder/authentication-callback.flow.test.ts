import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sessionState } from '../../../api/oauth/session-state.js';
import { CodeIssuer } from '../../flows/authorization-server.js';
import type { CodeWallet } from '../../flows/code-wallet.js';
import { claimsIn } from '../../flows/credential-claims.js';
import { HolderBrowser, locationOf } from '../../flows/holder-browser.js';
import { CLIENT_ID, json, startHostileProvider, type HostileProvider } from '../../flows/hostile-provider.js';
import { logIn } from '../../flows/identity-provider.js';
import { ringOf } from '../../flows/issuer-secrets.js';
import { credentialsOf, PlainWallet } from '../../flows/plain-wallet.js';
import { now } from '../../flows/signed-jwt.js';
import { useSharedSystem } from '../../harness/use-system.js';
import { ManagementClient } from '../management/management-client.js';
import { linksOf, pageOf, PAGES, redirectOf } from './holder-page.js';

const DISCOVERY = '/.well-known/openid-configuration';

const system = useSharedSystem();
let issuer: CodeIssuer;
let api: ManagementClient;
let hostile: HostileProvider;
let configurationId: string;
let offered: string;

beforeAll(async () => {
  issuer = await CodeIssuer.start(system());
  api = await ManagementClient.admin(system());
  hostile = await startHostileProvider();
  ({ id: configurationId } = await issuer.credential({
    claimMappings: { given_name: { mapFrom: 'claims.given_name' }, email: { mapFrom: 'claims.email' } },
  }));
  offered = await offerBy(await register(hostile));
});
afterAll(() => Promise.all([issuer.stop(), hostile.stop()]));
beforeEach(() => {
  hostile.endpoints.clear();
  Object.assign(hostile, { idToken: {} });
});

async function register({ url }: HostileProvider, more: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const body = { url, clientId: CLIENT_ID, clientSecret: 'x'.repeat(32), ...more };
  return (await api.create('/v1/users/authentication-providers', body)).id;
}

/** The `issuer_state` of an offer whose holders log in at the provider. */
async function offerBy(authenticationProviderId: string): Promise<string> {
  const { uri } = await api.create('/v1/openid/offers', { credentials: [configurationId], authenticationProviderId });
  const value = JSON.parse(new URL(uri as string).searchParams.get('credential_offer')!) as {
    grants: { authorization_code: { issuer_state: string } };
  };
  return value.grants.authorization_code.issuer_state;
}

/** A session whose holder is sent to log in. */
interface Begun {
  readonly wallet: CodeWallet;
  readonly browser: HolderBrowser;
  readonly atProvider: string;
  readonly state: string;
  readonly id: string;
}

/** At the hostile provider, or at the well-behaved one. */
async function begin(issuerState?: string): Promise<Begun> {
  const wallet = issuer.wallet();
  const browser = new HolderBrowser();
  const request = issuerState === undefined ? { configurationIds: [configurationId] } : { issuerState };
  const atProvider = await issuer.agree(browser, await wallet.authorizationUrl(request));
  const state = new URL(atProvider).searchParams.get('state') ?? '';
  return { wallet, browser, atProvider, state, id: state.split('.')[0] ?? '' };
}

const callback = (query: Readonly<Record<string, string>> | string) =>
  `${system().url}/v1/oauth/authentication/callback?${new URLSearchParams(query).toString()}`;
const sessionBy = (id: string) => system().db.issuances.findOne({ _id: id });
/** What the hostile provider's next ID token says, for this session. */
const answerFor = ({ atProvider }: Begun, payload: Readonly<Record<string, unknown>> = {}) => {
  hostile.idToken = { nonce: new URL(atProvider).searchParams.get('nonce')!, payload };
};
const newCode = () => randomBytes(8).toString('hex');
const codeIn = ({ wallet }: Begun, location: string) => wallet.answerIn(location).get('code') ?? '';
const tokenRequests = () => hostile.requests.filter(({ path }) => path === '/token').length;

async function claimsOf({ wallet }: Begun, code: string): Promise<Readonly<Record<string, unknown>>> {
  const token = await wallet.redeem(code);
  const plain = new PlainWallet(system().url);
  const named = token.json.authorization_details === undefined ? {} : { identifier: `${configurationId}:1` };
  const body = JSON.parse(await plain.credentialRequest(configurationId)) as Record<string, unknown>;
  const selected = named.identifier === undefined ? body : { credential_identifier: named.identifier, proofs: body.proofs };
  return claimsIn(credentialsOf(await plain.requestCredential(token.json.access_token as string, JSON.stringify(selected)))[0]!);
}

describe('the state of the callback', () => {
  it('is refused where it is missing, twice, forged, of another purpose, or of no session', async () => {
    const session = await begin();
    const ring = ringOf(system());
    const scope = { ring, issuerId: 'default' } as const;
    const other = sessionState(session.id, { ...scope, issuerId: 'other', kind: 'authentication' });
    const forged = [
      `${session.state.slice(0, -2)}AA`,
      `${randomBytes(16).toString('base64url')}.${session.state.split('.')[1]!}`,
      session.id,
      sessionState(session.id, { ...scope, kind: 'interaction' }),
      sessionState(session.id, { ...scope, kind: 'browser' }),
      other,
      'x'.repeat(5000),
      '',
    ];
    for (const state of forged)
      expect(pageOf(await session.browser.get(callback({ code: 'x', state })))).toBe(PAGES.invalidAnswer);
    const twice = `state=${session.state}&state=${session.state}&code=x`;
    for (const query of ['code=x', twice, ''])
      expect(pageOf(await session.browser.get(callback(query)))).toBe(PAGES.invalidAnswer);
    const nobody = sessionState(randomBytes(16).toString('base64url'), { ...scope, kind: 'authentication' });
    expect(pageOf(await session.browser.get(callback({ code: 'x', state: nobody })))).toBe(PAGES.sessionOver);
    expect(locationOf(await session.browser.get(await logIn(session.atProvider, 'ngaio')))).toContain('code=');
  });

  it('is worth nothing in another browser: nobody is logged in to somebody else’s session', async () => {
    const [attacker, victim] = [await begin(), await begin()];
    const url = await logIn(attacker.atProvider, 'bruno');
    for (const browser of [victim.browser, new HolderBrowser()]) expect(pageOf(await browser.get(url))).toBe(PAGES.otherBrowser);
    expect(await sessionBy(attacker.id)).not.toHaveProperty('authentication');
    expect(await sessionBy(victim.id)).not.toHaveProperty('authentication');
    expect(codeIn(attacker, locationOf(await attacker.browser.get(url)))).not.toBe('');
  });

  it('with neither code nor error, or with either twice, leaves the session as it was', async () => {
    const session = await begin(offered);
    const { state } = session;
    const base = `state=${encodeURIComponent(state)}`;
    const before = tokenRequests();
    for (const query of [base, `${base}&code=`, `${base}&code=a&code=b`, `${base}&code=a&iss=x&iss=x`, `${base}&code=a&iss=`]) {
      const page = await session.browser.get(callback(query));
      expect(pageOf(page), query).toBe(PAGES.invalidAnswer);
      expect(redirectOf(await session.browser.get(linksOf(page)['Try again']!)).href).toBe(session.atProvider);
    }
    expect(tokenRequests()).toBe(before);
  });
});

describe('the provider’s answer', () => {
  it('of another provider (mix-up) is refused before any code is sent', async () => {
    const session = await begin(offered);
    const { state } = session;
    const before = tokenRequests();
    const page = await session.browser.get(callback({ state, code: newCode(), iss: issuer.provider.url }));
    expect([pageOf(page), tokenRequests()]).toEqual([PAGES.invalidAnswer, before]);
    answerFor(session);
    const back = locationOf(await session.browser.get(callback({ state, code: newCode(), iss: hostile.url })));
    expect(codeIn(session, back)).not.toBe('');
  });

  it('of another session is stopped by PKCE, and the session goes on with a login of its own', async () => {
    const [theirs, mine] = [await begin(), await begin()];
    const stolen = new URL(await logIn(theirs.atProvider, 'bruno'));
    stolen.searchParams.set('state', mine.state);
    const page = await mine.browser.get(stolen.href);
    expect(pageOf(page)).toBe(PAGES.invalidAnswer);
    expect(await sessionBy(mine.id)).not.toHaveProperty('authentication');
    const again = redirectOf(await mine.browser.get(linksOf(page)['Try again']!)).href;
    const code = codeIn(mine, locationOf(await mine.browser.get(await logIn(again, 'ngaio'))));
    expect(await claimsOf(mine, code)).toMatchObject({ given_name: 'Ngaio' });
  });

  it('of another session is stopped by the nonce, where the provider knows no PKCE', async () => {
    const [theirs, mine] = [await begin(offered), await begin(offered)];
    answerFor(theirs);
    expect(pageOf(await mine.browser.get(callback({ state: mine.state, code: newCode() })))).toBe(PAGES.invalidAnswer);
    hostile.idToken = { payload: {} };
    expect(pageOf(await mine.browser.get(callback({ state: mine.state, code: newCode() })))).toBe(PAGES.invalidAnswer);
    expect(await sessionBy(mine.id)).not.toHaveProperty('authentication');
  });

  it('is taken with a clock that is a minute off, and no more', async () => {
    const session = await begin(offered);
    const { browser, state } = session;
    for (const payload of [
      { iat: now(90), exp: now(400) },
      { iat: now(-900), exp: now(-90) },
    ]) {
      answerFor(session, payload);
      expect(pageOf(await browser.get(callback({ state, code: newCode() })))).toBe(PAGES.invalidAnswer);
    }
    answerFor(session, { iat: now(30), exp: now(330) });
    expect(codeIn(session, locationOf(await browser.get(callback({ state, code: newCode() }))))).not.toBe('');
    const slow = await begin(offered);
    answerFor(slow, { iat: now(-330), exp: now(-30) });
    expect(codeIn(slow, locationOf(await slow.browser.get(callback({ state: slow.state, code: newCode() }))))).not.toBe('');
  });

  it.each([
    ['access_denied', 'access_denied'],
    ['login_required', 'access_denied'],
    ['server_error', 'server_error'],
    ['invalid_scope', 'server_error'],
    ['<script>', 'server_error'],
  ])('AUT-12 error %s ends the session, and the wallet is told %s, however often it is loaded', async (error, told) => {
    const session = await begin(offered);
    const { browser, state, wallet, id } = session;
    const url = callback({ state, error, error_description: 'Ngaio is locked out' });
    const first = redirectOf(await browser.get(url));
    expect(Object.fromEntries(wallet.answerIn(first.href))).toEqual({ error: told, state: wallet.state, iss: system().url });
    await expect.poll(async () => (await sessionBy(id))?.outcome).toBe('authentication_failed');
    expect(redirectOf(await browser.get(url)).searchParams.get('error')).toBe('access_denied');
    const late = callback({ state, code: newCode() });
    expect(redirectOf(await browser.get(late)).searchParams.get('error')).toBe('access_denied');
    expect(await sessionBy(id)).not.toHaveProperty('authentication');
  });

  it('error temporarily_unavailable is no end: the holder tries again', async () => {
    const session = await begin(offered);
    const { browser, state } = session;
    const page = await browser.get(callback({ state, error: 'temporarily_unavailable' }));
    expect(pageOf(page)).toBe(PAGES.providerAway);
    expect(page.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(redirectOf(await browser.get(linksOf(page)['Try again']!)).href).toBe(session.atProvider);
    answerFor(session);
    expect(codeIn(session, locationOf(await browser.get(callback({ state, code: newCode() }))))).not.toBe('');
  });

  it('error that comes after a login does not tell the wallet what is not so', async () => {
    const session = await begin(offered);
    const { browser, state, wallet } = session;
    answerFor(session);
    await browser.get(callback({ state, code: newCode() }));
    const code = codeIn(session, locationOf(await browser.get(callback({ state, error: 'access_denied' }))));
    expect((await wallet.redeem(code)).status).toBe(200);
  });
});

describe('a provider that is away', () => {
  it('when the holder is to be sent there: 503 with a way to try again, and the session goes on when it is back', async () => {
    const away = await startHostileProvider();
    try {
      const issuerState = await offerBy(await register(away));
      away.endpoints.set(DISCOVERY, json({ error: 'unavailable' }, 503));
      const wallet = issuer.wallet();
      const browser = new HolderBrowser();
      const url = await wallet.authorizationUrl({ issuerState });
      const page = await browser.submit(await browser.get(url), url, 'continue');
      expect([pageOf(page), page.headers.get('retry-after')]).toEqual([PAGES.providerAway, expect.stringMatching(/^\d+$/)]);
      const retry = linksOf(page)['Try again']!;
      expect(pageOf(await new HolderBrowser().get(retry))).toBe(PAGES.otherBrowser);
      expect(pageOf(await browser.get(retry))).toBe(PAGES.providerAway);
      expect(pageOf(await browser.submit(await browser.get(url), url, 'continue'))).toBe(PAGES.providerAway);
      away.endpoints.clear();
      expect(redirectOf(await browser.get(retry)).origin).toBe(away.url);
    } finally {
      await away.stop();
    }
  });

  it.each([
    ['answers 503', json({ error: 'x' }, 503)],
    ['answers 429', json({ error: 'x' }, 429)],
    ['says that it cannot answer', json({ error: 'temporarily_unavailable' }, 400)],
    ['hangs up', (response: Parameters<ReturnType<typeof json>>[0]) => void response.destroy()],
  ])('when the code is to be redeemed (it %s): likewise', async (_how, endpoint) => {
    const session = await begin(offered);
    const { browser, state } = session;
    answerFor(session);
    hostile.endpoints.set('/token', endpoint);
    const url = callback({ state, code: newCode() });
    const page = await browser.get(url);
    expect(pageOf(page)).toBe(PAGES.providerAway);
    expect(redirectOf(await browser.get(linksOf(page)['Try again']!)).href).toBe(session.atProvider);
    hostile.endpoints.clear();
    // The very same callback may be loaded again as well.
    expect(codeIn(session, locationOf(await browser.get(url)))).not.toBe('');
  });

  it('that refuses the code, as one that was used: a page, and another login does', async () => {
    const session = await begin(offered);
    const { browser, state } = session;
    hostile.endpoints.set('/token', json({ error: 'invalid_grant', error_description: 'Ngaio' }, 400));
    const page = await browser.get(callback({ state, code: newCode() }));
    expect([pageOf(page), page.text.includes('Ngaio')]).toEqual([PAGES.invalidAnswer, false]);
    expect(redirectOf(await browser.get(linksOf(page)['Try again']!)).href).toBe(session.atProvider);
  });
});

describe('the callback that is loaded again', () => {
  it('comes to the same next step, and the wallet may use either code', async () => {
    const session = await begin();
    const { browser, wallet } = session;
    const url = await logIn(session.atProvider, 'ngaio');
    const [first, ...more] = await Promise.all([browser.get(url), browser.get(url)]);
    const codes = [first, ...more, await browser.get(url)].filter(({ status }) => status === 303);
    expect(codes.length).toBeGreaterThanOrEqual(2);
    const used = codeIn(session, locationOf(codes[0]!));
    expect((await wallet.redeem(used)).status).toBe(200);
    expect(pageOf(await browser.get(url))).toBe(PAGES.finished);
  });

  it('for another login as somebody else is refused; the first one counts', async () => {
    const session = await begin();
    const { browser } = session;
    const [ngaio, bruno, again] = [
      await logIn(session.atProvider, 'ngaio'),
      await logIn(session.atProvider, 'bruno'),
      await logIn(session.atProvider, 'ngaio'),
    ];
    await browser.get(ngaio);
    expect(pageOf(await browser.get(bruno))).toBe(PAGES.sessionOver);
    const code = codeIn(session, locationOf(await browser.get(again)));
    expect(await claimsOf(session, code)).toMatchObject({ given_name: 'Ngaio' });
  });
});

describe('the user', () => {
  it('is one for each subject of a provider, over all sessions', async () => {
    const sub = newCode();
    const users = await Promise.all(
      [sub, sub, newCode()].map(async (subject, index) => {
        const session = await begin(offered);
        return { session, subject, index };
      }),
    );
    const ids: (string | undefined)[] = [];
    for (const { session, subject } of users) {
      answerFor(session, { sub: subject });
      await session.browser.get(callback({ state: session.state, code: newCode() }));
      ids.push((await sessionBy(session.id))?.userId);
    }
    expect(ids[0]).toBe(ids[1]);
    expect(ids[2]).not.toBe(ids[0]);
    const { json: user } = await api.get(`/v1/users/${ids[0]!}`);
    expect(JSON.stringify(user)).toContain(sub);
  });

  it('keeps what claimsToPersist names for later sessions, and nothing else', async () => {
    const issuerState = await offerBy(await register(hostile, { claimsToPersist: ['email', 'phone_number'] }));
    const sub = newCode();
    const claims = { given_name: 'Ngaio', email: 'ngaio@holders.example' };
    const first = await begin(issuerState);
    answerFor(first, { sub, ...claims });
    await first.browser.get(callback({ state: first.state, code: newCode() }));
    const second = await begin(issuerState);
    answerFor(second, { sub });
    const code = codeIn(second, locationOf(await second.browser.get(callback({ state: second.state, code: newCode() }))));
    const issued = await claimsOf(second, code);
    expect(issued.email).toBe(claims.email);
    expect(issued).not.toHaveProperty('given_name');
  });
});
