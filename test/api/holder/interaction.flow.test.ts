import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sessionState } from '../../../api/oauth/session-state.js';
import { CodeIssuer } from '../../flows/authorization-server.js';
import type { CodeRequest, CodeWallet } from '../../flows/code-wallet.js';
import { claimsIn } from '../../flows/credential-claims.js';
import { formOf, HolderBrowser, locationOf } from '../../flows/holder-browser.js';
import { postForm, postJson } from '../../flows/http-exchange.js';
import { logIn } from '../../flows/identity-provider.js';
import { ringOf } from '../../flows/issuer-secrets.js';
import { credentialsOf, PlainWallet, type Answer } from '../../flows/plain-wallet.js';
import { now, withChangedSignature } from '../../flows/signed-jwt.js';
import { useOwnProcesses } from '../../harness/use-system.js';
import { createDataConverter } from '../../../worker/data-converter.js';
import { ManagementClient } from '../management/management-client.js';
import { refusalOf } from '../wallet/refusal.js';
import { pageOf, PAGES, redirectOf } from './holder-page.js';
import { HookStandIn } from './hook-stand-in.js';

const system = useOwnProcesses({
  env: { OUTBOUND_ALLOWED_HOSTS: 'localhost', CREDENTIAL_DEADLINE_MS: '3000', DEFERRED_INTERVAL_SECONDS: '1' },
});
let issuer: CodeIssuer;
let api: ManagementClient;
let hook: HookStandIn;
let scope: string;
let configurationId: string;
let left: Awaited<ReturnType<typeof leaveSessions>>;

beforeAll(async () => {
  issuer = await CodeIssuer.start(system());
  api = await ManagementClient.admin(system());
  ({ id: configurationId, scope } = await issuer.credential({
    claimMappings: {
      given_name: { mapFrom: 'claims.given_name', required: true },
      family_name: { mapFrom: 'claims.family_name' },
      grade: { mapFrom: 'claims.grade' },
      email: { mapFrom: 'claims.email' },
    },
  }));
  // First, so that their time passes while the other tests run.
  left = await leaveSessions();
});
beforeEach(async () => {
  hook = await HookStandIn.configure(api);
});
afterAll(() => issuer.stop());

/** A holder whom the hook has before it. */
interface AtHook {
  readonly wallet: CodeWallet;
  readonly browser: HolderBrowser;
  readonly url: string;
  readonly state: string;
  readonly id: string;
}

async function atHook(account = 'ngaio'): Promise<AtHook> {
  const wallet = issuer.wallet();
  const browser = new HolderBrowser();
  const url = await issuer.authorize(wallet, { scope }, { account, browser });
  const { state } = await hook.open(url);
  return { wallet, browser, url, state, id: state.split('.')[0] ?? '' };
}

const sessionBy = (id: string) => system().db.issuances.findOne({ _id: id });
const outcomeOf = async (id: string) => (await sessionBy(id))?.outcome;
const codeIn = ({ wallet }: AtHook, location: string) => wallet.answerIn(location).get('code') ?? '';
const returned = ({ browser }: AtHook, token: string) => browser.get(hook.returnUrl(token));
const plain = () => new PlainWallet(system().url);

async function collect({ wallet }: AtHook, code: string): Promise<{ readonly token: string; readonly answer: Answer }> {
  const token = (await wallet.redeem(code)).json.access_token as string;
  return { token, answer: await plain().requestCredential(token, await plain().credentialRequest(configurationId)) };
}

async function claimsOf(session: AtHook, code: string): Promise<Readonly<Record<string, unknown>>> {
  return claimsIn(credentialsOf((await collect(session, code)).answer)[0]!);
}

describe('the interaction hook', () => {
  it('gets a signed token with the claims that are listed for it, and no others', async () => {
    const { browser, url } = await atHook();
    const { iat, exp, state, ...rest } = await hook.open(url);
    expect(rest).toEqual({
      iss: system().url,
      aud: hook.url,
      redirectUrl: `${system().url}/v1/openid/interaction/return`,
      claims: { given_name: 'Ngaio', email: 'ngaio@holders.example' },
    });
    expect([(exp as number) - (iat as number), state.length > 20]).toEqual([3600, true]);
    expect(browser).toBeDefined();
  });

  it('replaces claims and adds some; what it names is kept with the user', async () => {
    const session = await atHook('bruno');
    const claims = { grade: 'A', family_name: 'Neu' };
    const back = await hook.sendBack(session.browser, { state: session.state, claims, claimsToPersist: ['grade', 'absent'] });
    expect(await claimsOf(session, codeIn(session, back))).toMatchObject({ given_name: 'Bruno', family_name: 'Neu', grade: 'A' });
    const later = await atHook('bruno');
    const again = await hook.sendBack(later.browser, { state: later.state });
    expect(await claimsOf(later, codeIn(later, again))).toMatchObject({
      given_name: 'Bruno',
      family_name: 'Inhaber',
      grade: 'A',
    });
  });

  it('that refuses ends the session, and the wallet is told, however often it is loaded', async () => {
    const session = await atHook();
    const token = hook.sign({ state: session.state, error: 'no_such_employee', claims: { grade: 'F' } });
    for (let round = 0; round < 2; round += 1) {
      const back = redirectOf(await returned(session, token));
      expect(Object.fromEntries(session.wallet.answerIn(back.href))).toEqual({
        error: 'access_denied',
        state: session.wallet.state,
        iss: system().url,
      });
      await expect.poll(() => outcomeOf(session.id)).toBe('interaction_refused');
    }
    const late = await returned(session, hook.sign({ state: session.state }));
    expect(redirectOf(late).searchParams.get('error')).toBe('access_denied');
  });
});

describe('a token that the browser brings back', () => {
  it('is refused by a page unless it is the hook’s, for this issuer and session, and in time', async () => {
    const [session, other] = [await atHook(), await atHook()];
    const { state } = session;
    const scopeOf = (kind: 'authentication' | 'browser') => ({ ring: ringOf(system()), issuerId: 'default', kind });
    const deep = JSON.parse(`${'{"a":'.repeat(9)}1${'}'.repeat(9)}`) as Record<string, unknown>;
    const good = hook.sign({ state });
    const [header = '', payload = '', signature = ''] = good.split('.');
    const swapped = Buffer.from(
      JSON.stringify({ ...(JSON.parse(Buffer.from(payload, 'base64url').toString()) as object), claims: { grade: 'A' } }),
    );
    const bad: Record<string, string> = {
      'a wrong signature': withChangedSignature(good),
      'another payload under the signature': `${header}.${swapped.toString('base64url')}.${signature}`,
      'no signature': `${header}.${payload}.`,
      'alg none': hook.sign({ state }, { header: { alg: 'none' } }).replace(/\.[^.]*$/, '.'),
      'another algorithm named': hook.sign({ state }, { header: { alg: 'HS512' } }),
      'a critical header': hook.sign({ state }, { header: { crit: ['x'], x: 1 } }),
      'another secret': hook.sign({ state }, { secret: randomBytes(32).toString('base64') }),
      'an empty secret': hook.sign({ state }, { secret: '' }),
      'the secret’s text as key': hook.sign({ state }, { secret: Buffer.from(hook.secret).toString('base64') }),
      'our own token': new URL(session.url).searchParams.get('session_token')!,
      'another iss': hook.sign({ state, iss: 'https://other.example' }),
      'another aud': hook.sign({ state, aud: 'https://other.example' }),
      'no aud': hook.sign({ state, aud: undefined }),
      'an end that is past': hook.sign({ state, iat: now(-300), exp: now(-60) }),
      'a beginning to come': hook.sign({ state, iat: now(120), exp: now(300) }),
      'a long life': hook.sign({ state, exp: now(3600) }),
      'no end': hook.sign({ state, exp: undefined }),
      'an end that is a text': hook.sign({ state, exp: String(now(300)) }),
      'no state': hook.sign({}),
      'a state that is no text': hook.sign({ state: { $ne: 1 } }),
      'a forged state': hook.sign({ state: `${state.slice(0, -4)}${state.at(-4) === 'A' ? 'B' : 'A'}${state.slice(-3)}` }),
      'a state of another step': hook.sign({ state: sessionState(session.id, scopeOf('authentication')) }),
      'a state for browsers': hook.sign({ state: sessionState(session.id, scopeOf('browser')) }),
      'claims that are a list': hook.sign({ state, claims: ['a'] }),
      'claims that are deep': hook.sign({ state, claims: deep }),
      'names that are none': hook.sign({ state, claimsToPersist: 'grade' }),
      'an unknown status': hook.sign({ state, status: 'maybe' }),
      'an error that is no text': hook.sign({ state, error: true }),
      'no token': '',
      'no JWT': 'a.b.c',
    };
    for (const [what, token] of Object.entries(bad))
      expect(pageOf(await returned(session, token)), what).toBe(PAGES.invalidAnswer);
    expect(pageOf(await session.browser.get(`${hook.returnUrl(good)}&session_token=${good}`))).toBe(PAGES.invalidAnswer);
    expect(pageOf(await returned(session, hook.sign({ state: other.state })))).toBe(PAGES.otherBrowser);
    expect((await session.browser.get(hook.returnUrl(hook.sign({ state, claims: { a: 'x'.repeat(60_000) } })))).status).toBe(431);
    for (const { id } of [session, other]) expect(await sessionBy(id)).not.toHaveProperty('interaction');
    expect(codeIn(session, redirectOf(await returned(session, good)).href)).not.toBe('');
  });

  it('is good once: its own browser goes on, every other and every further one does not', async () => {
    const session = await atHook();
    const { state, wallet } = session;
    const token = hook.sign({ state, claims: { grade: 'A' } });
    const first = codeIn(session, redirectOf(await returned(session, token)).href);
    expect(codeIn(session, redirectOf(await returned(session, token)).href)).not.toBe(first);
    expect(pageOf(await new HolderBrowser().get(hook.returnUrl(token)))).toBe(PAGES.otherBrowser);
    expect(pageOf(await returned(session, hook.sign({ state, claims: { grade: 'B' } })))).toBe(PAGES.sessionOver);
    expect(pageOf(await returned(session, hook.sign({ state, error: 'no' })))).toBe(PAGES.sessionOver);
    expect(await claimsOf(session, first)).toMatchObject({ grade: 'A' });
    expect(pageOf(await returned(session, token))).toBe(PAGES.finished);
    expect(refusalOf(await wallet.redeem(first))).toBe('400 invalid_grant');
  });

  it('is refused before the holder has logged in', async () => {
    const wallet = issuer.wallet();
    const browser = new HolderBrowser();
    const atProvider = await issuer.agree(browser, await wallet.authorizationUrl({ scope }));
    const id = new URL(atProvider).searchParams.get('state')!.split('.')[0]!;
    const state = sessionState(id, { ring: ringOf(system()), issuerId: 'default', kind: 'interaction' });
    expect(pageOf(await browser.get(hook.returnUrl(hook.sign({ state, claims: { given_name: 'Evil' } }))))).toBe(
      PAGES.invalidAnswer,
    );
    expect(refusalOf(await hook.decide(hook.sign({ state, claims: { given_name: 'Evil' } })))).toBe('400 invalid_request');
    expect(await sessionBy(id)).not.toHaveProperty('approval');
    await hook.open(locationOf(await browser.get(await logIn(atProvider, 'ngaio'))));
  });
});

describe('a hook that is changed while holders are on the way', () => {
  it('takes tokens under its former secret as long as they overlap', async () => {
    const [one, two, three] = [await atHook(), await atHook(), await atHook()];
    const former = hook;
    hook = await HookStandIn.configure(api, { rotateSecret: true, secretOverlapInSec: 60 });
    expect(hook.secret).not.toBe(former.secret);
    expect(codeIn(one, await former.sendBack(one.browser, { state: one.state }))).not.toBe('');
    expect(codeIn(two, await hook.sendBack(two.browser, { state: two.state }))).not.toBe('');
    const last = await HookStandIn.configure(api, { rotateSecret: true, secretOverlapInSec: 0 });
    for (const old of [former, hook])
      expect(pageOf(await three.browser.get(old.returnUrl(old.sign({ state: three.state }))))).toBe(PAGES.invalidAnswer);
    expect(codeIn(three, await last.sendBack(three.browser, { state: three.state }))).not.toBe('');
  });

  it('lets nobody past while it is disabled, and goes on when it is back', async () => {
    const session = await atHook();
    const token = hook.sign({ state: session.state });
    await HookStandIn.configure(api, { disabled: true });
    expect(pageOf(await returned(session, token))).toBe(PAGES.sessionOver);
    expect(refusalOf(await hook.decide(token))).toBe('400 invalid_request');
    expect(await sessionBy(session.id)).not.toHaveProperty('interaction');
    await HookStandIn.configure(api);
    expect(codeIn(session, redirectOf(await returned(session, token)).href)).not.toBe('');
  });

  it('is another one after it was deleted: the holder is sent to the new one by loading the callback again', async () => {
    const wallet = issuer.wallet();
    const browser = new HolderBrowser();
    const callback = await logIn(await issuer.agree(browser, await wallet.authorizationUrl({ scope })), 'ngaio');
    const { state } = await hook.open(locationOf(await browser.get(callback)));
    const old = hook.sign({ state });
    expect((await api.put('/v1/openid/configuration', {})).status).toBe(200);
    expect(pageOf(await browser.get(hook.returnUrl(old)))).toBe(PAGES.sessionOver);
    expect(pageOf(await browser.get(callback))).toBe(PAGES.sessionOver);
    hook = await HookStandIn.configure(api, { url: 'https://new-hook.example/' });
    expect(pageOf(await browser.get(hook.returnUrl(old)))).toBe(PAGES.invalidAnswer);
    const { state: same } = await hook.open(locationOf(await browser.get(callback)));
    expect(same).toBe(state);
    expect(wallet.answerIn(await hook.sendBack(browser, { state })).get('code')).not.toBeNull();
  });
});

describe('a decision that the hook leaves open', () => {
  const pending = async () => {
    const session = await atHook();
    const waiting = await hook.sendBack(session.browser, { state: session.state, status: 'pending', claims: { grade: 'C' } });
    return { ...session, waiting };
  };

  it('is waited for on a page of the holder’s own, and the first one counts', async () => {
    const session = await pending();
    const { browser, waiting, state } = session;
    const page = await browser.get(waiting);
    expect(pageOf(page)).toBe(PAGES.waiting);
    expect(page.text).toMatch(/<meta http-equiv="refresh"/);
    expect((await browser.get(`${waiting}?reload=off`)).text).not.toMatch(/http-equiv="refresh"/);
    expect(pageOf(await new HolderBrowser().get(waiting))).toBe(PAGES.otherBrowser);
    const decision = hook.sign({ state, claims: { grade: 'A' } });
    expect((await hook.decide(decision)).status).toBe(204);
    expect((await hook.decide(decision)).status).toBe(204);
    expect(refusalOf(await hook.decide(hook.sign({ state, claims: { grade: 'B' } })))).toBe('400 invalid_request');
    expect(refusalOf(await hook.decide(hook.sign({ state, error: 'no' })))).toBe('400 invalid_request');
    const code = codeIn(session, redirectOf(await browser.get(waiting)).href);
    expect(await claimsOf(session, code)).toMatchObject({ grade: 'A' });
    expect(pageOf(await browser.get(waiting))).toBe(PAGES.finished);
  });

  it('that is made before the holder is back is there when the holder comes', async () => {
    const session = await atHook();
    expect((await hook.decide(hook.sign({ state: session.state, claims: { grade: 'A' } }))).status).toBe(204);
    const waiting = await hook.sendBack(session.browser, { state: session.state, status: 'pending' });
    expect(await claimsOf(session, codeIn(session, waiting))).toMatchObject({ grade: 'A' });
  });

  it('is refused where it is forged, decides nothing, or is of no session that waits for it', async () => {
    const session = await pending();
    const { state } = session;
    const done = await atHook();
    await hook.sendBack(done.browser, { state: done.state });
    const bad = [
      withChangedSignature(hook.sign({ state })),
      hook.sign({ state }, { secret: randomBytes(32).toString('base64') }),
      hook.sign({ state }, { header: { alg: 'none' } }),
      hook.sign({ state, status: 'pending' }),
      hook.sign({ state, status: 'deferred' }),
      hook.sign({ state, exp: now(-60), iat: now(-120) }),
      hook.sign({ state, claims: 'A' }),
      hook.sign({ state, claims: { a: 'x'.repeat(66_000) } }),
      hook.sign({ state: `${randomBytes(16).toString('base64url')}.${state.split('.')[1]!}` }),
      hook.sign({ state: done.state, claims: { grade: 'A' } }),
      '',
    ];
    for (const token of bad) expect(refusalOf(await hook.decide(token))).toBe('400 invalid_request');
    const send = (body: unknown) => postJson(`${system().url}/v1/openid/interaction/result`, body);
    for (const body of [{}, { session_token: 1 }, [], 'x', null])
      expect(refusalOf(await send(body)), JSON.stringify(body)).toBe('400 invalid_request');
    expect((await send({ session_token: 'a'.repeat(200_000) })).status).toBe(413);
    expect((await postForm(`${system().url}/v1/openid/interaction/result`, { session_token: hook.sign({ state }) })).status).toBe(
      415,
    );
    expect(pageOf(await session.browser.get(session.waiting))).toBe(PAGES.waiting);
  });

  it('that is a no: the holder and the wallet are told, and a repeat of it is answered alike', async () => {
    const session = await pending();
    const { browser, waiting, state } = session;
    const decision = hook.sign({ state, error: 'no' });
    expect((await hook.decide(decision)).status).toBe(204);
    await expect.poll(() => outcomeOf(session.id)).toBe('interaction_refused');
    expect((await hook.decide(decision)).status).toBe(204);
    expect(refusalOf(await hook.decide(hook.sign({ state, claims: { grade: 'A' } })))).toBe('400 invalid_request');
    expect(session.wallet.answerIn(redirectOf(await browser.get(waiting)).href).get('error')).toBe('access_denied');
  });

  it('need not be waited for: the holder leaves, and the credential is deferred until it is made', async () => {
    const session = await pending();
    const { browser, waiting, state } = session;
    const page = await browser.get(waiting);
    const { fields } = formOf(page);
    expect(pageOf(await new HolderBrowser().post(waiting, { ...fields, decision: 'defer' }))).toBe(PAGES.otherBrowser);
    expect(pageOf(await browser.post(waiting, { decision: 'defer' }))).toBe(PAGES.otherBrowser);
    expect(redirectOf(await browser.post(waiting, fields)).href).toBe(waiting);
    const code = codeIn(session, redirectOf(await browser.submit(page, waiting, 'defer')).href);
    const { token, answer } = await collect(session, code);
    expect(answer.status).toBe(202);
    const transactionId = answer.json.transaction_id as string;
    expect((await plain().deferredCredential(token, transactionId)).status).toBe(202);
    expect((await hook.decide(hook.sign({ state, claims: { grade: 'A' } }))).status).toBe(204);
    const delivered = await plain().untilDelivered(token, transactionId);
    expect(claimsIn(credentialsOf(delivered)[0]!)).toMatchObject({ given_name: 'Ngaio', grade: 'A' });
  });

  it('DEF-06 that is deferred and then a no: the wallet is denied, and so it stays', async () => {
    const session = await atHook();
    const { browser, state, id } = session;
    const code = codeIn(session, await hook.sendBack(browser, { state, status: 'deferred' }));
    const { token, answer } = await collect(session, code);
    expect(answer.status).toBe(202);
    const transactionId = answer.json.transaction_id as string;
    expect((await hook.decide(hook.sign({ state, error: 'no' }))).status).toBe(204);
    const denied = await plain().untilDelivered(token, transactionId);
    expect(refusalOf(denied)).toBe('400 credential_request_denied');
    expect(denied.json.error_description).toBe('the issuer refused');
    await expect.poll(() => outcomeOf(id)).toBe('interaction_refused');
    expect(refusalOf(await plain().deferredCredential(token, transactionId))).toBe('400 credential_request_denied');
    expect(refusalOf(await hook.decide(hook.sign({ state, claims: { grade: 'A' } })))).toBe('400 invalid_request');
  });
});

describe('time ends', () => {
  it('a session whose holder never logs in, and gives its place to others', async () => {
    const { id, browser, atProvider } = left.neverLoggedIn;
    await expect.poll(() => outcomeOf(id), { timeout: 30_000 }).toBe('expired');
    expect(pageOf(await browser.get(await logIn(atProvider, 'ngaio')))).toBe(PAGES.sessionOver);
    const another = await issuer.wallet().authorizationUrl({ issuerState: left.issuerState });
    expect(await issuer.agree(new HolderBrowser(), another)).toContain(issuer.provider.url);
  });

  it('one whose holder never comes back from the hook', async () => {
    const { id, browser, callback } = left.neverBack;
    await expect.poll(() => outcomeOf(id), { timeout: 30_000 }).toBe('expired');
    expect(pageOf(await browser.get(callback))).toBe(PAGES.sessionOver);
  });

  it('TOK-11 a code, and gives another to the browser that it was made for', async () => {
    const { wallet, browser, callback, code } = left.coded;
    expect(refusalOf(await wallet.redeem(code))).toBe('400 invalid_grant');
    expect(pageOf(await new HolderBrowser().get(callback))).toBe(PAGES.otherBrowser);
    expect(wallet.answerIn(locationOf(await browser.get(callback))).get('code')).not.toBe(code);
  });

  it('DEF-06 the wait for a decision: the wallet is denied', async () => {
    const { token, transactionId } = left.undecided;
    const denied = await plain().untilDelivered(token, transactionId);
    expect(refusalOf(denied)).toBe('400 credential_request_denied');
    expect(denied.json.error_description).toBe('the issuer did not decide in time');
  });

  it('one that lacks a required claim; its operator reads which, and no value', async () => {
    const { id, answer } = left.lacking;
    expect(refusalOf(answer)).toBe('400 credential_request_denied');
    expect(answer.json.error_description).toBe('a required claim has no value');
    await expect.poll(() => outcomeOf(id), { timeout: 30_000 }).toBe('denied');
    const messages = await failuresOf(`iss:default:${id}`);
    expect(messages).toContain(
      'required claims have no value: department (claims.department); sources that gave any: authenticationProvider, interactionHook',
    );
    expect(messages.join()).not.toMatch(/Ngaio|Holder|@|secret grade/);
  });
});

/** What is left lying, at an API whose sessions are short. */
async function leaveSessions() {
  const { url: quick } = await system().startAnotherApi({
    AUTHORIZATION_SESSION_SECONDS: '10',
    AUTHORIZATION_CODE_SECONDS: '1',
    APPROVAL_WINDOW_SECONDS: '10',
    ACCESS_TOKEN_SECONDS: '10',
  });
  const short = await HookStandIn.configure(api, { sessionTimeoutInSec: 10 });
  const department = { department: { mapFrom: 'claims.department', required: true } };
  const { id: lackingId, scope: lackingScope } = await issuer.credential({ claimMappings: department });
  const offer = await api.create('/v1/openid/offers', { credentials: [configurationId], maximumClaims: 1 });
  const value = new URL(offer.uri as string).searchParams.get('credential_offer')!;
  const { grants } = JSON.parse(value) as { grants: { authorization_code: { issuer_state: string } } };
  const issuerState = grants.authorization_code.issuer_state;
  const begin = async (request: CodeRequest) => {
    const wallet = issuer.wallet();
    const browser = new HolderBrowser();
    const page = await browser.get(await wallet.authorizationUrl(request));
    const cookie = (page.headers.get('set-cookie') ?? '').split(';', 1)[0]!;
    const { action, fields } = formOf(page);
    const atProvider = locationOf(await postForm(quick + action, { ...fields, decision: 'continue' }, { cookie }));
    return { wallet, browser, atProvider, id: new URL(atProvider).searchParams.get('state')!.split('.')[0]! };
  };
  const logInThere = async (request: CodeRequest) => {
    const begun = await begin(request);
    const callback = await logIn(begun.atProvider, 'ngaio');
    return { ...begun, callback, url: locationOf(await begun.browser.get(callback)) };
  };
  const returnThere = async (request: CodeRequest, payload: Readonly<Record<string, unknown>>) => {
    const begun = await logInThere(request);
    const back = await short.sendBack(begun.browser, { state: (await short.open(begun.url)).state, ...payload });
    return { ...begun, code: begun.wallet.answerIn(back).get('code') ?? '' };
  };
  const collectAt = async (id: string, { wallet, code, ...begun }: Awaited<ReturnType<typeof returnThere>>, at: string) => {
    const form = { client_id: wallet.clientId, redirect_uri: wallet.redirectUri, code_verifier: wallet.verifier };
    const redeemed = await postForm(`${at}/v1/oauth/token`, { grant_type: 'authorization_code', code, ...form });
    const token = redeemed.json.access_token as string;
    return { ...begun, token, answer: await plain().requestCredential(token, await plain().credentialRequest(id)) };
  };
  const neverLoggedIn = await begin({ issuerState });
  const neverBack = await logInThere({ scope });
  const coded = await returnThere({ scope }, {});
  const withGrade = await returnThere({ scope: lackingScope }, { claims: { grade: 'secret grade' } });
  const lacking = await collectAt(lackingId, withGrade, quick);
  const undecided = await collectAt(configurationId, await returnThere({ scope }, { status: 'deferred' }), system().url);
  const transactionId = undecided.answer.json.transaction_id as string;
  return { issuerState, neverLoggedIn, neverBack, coded, lacking, undecided: { ...undecided, transactionId } };
}

/** The messages of the failures in an issuance's history, decoded as Temporal UI shows them to operators. */
async function failuresOf(workflowId: string): Promise<string[]> {
  const { events } = await system().temporal.workflow.getHandle(workflowId).fetchHistory();
  const { payloadCodecs = [] } = createDataConverter(ringOf(system()));
  const messages: string[] = [];
  for (const { markerRecordedEventAttributes } of events ?? []) {
    const encoded = markerRecordedEventAttributes?.failure?.encodedAttributes ?? undefined;
    if (encoded === undefined) continue;
    const [decoded] = await payloadCodecs[0]!.decode([encoded]);
    messages.push((JSON.parse(Buffer.from(decoded!.data!).toString()) as { message: string }).message);
  }
  return messages;
}
