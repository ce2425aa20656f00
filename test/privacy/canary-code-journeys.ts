import { CodeWallet } from '../flows/code-wallet.js';
import { formOf, HolderBrowser, locationOf } from '../flows/holder-browser.js';
import { HookBackend, type HookAnswer } from '../flows/hook-backend.js';
import { CLIENT_ID, json, startHostileProvider, type HostileProvider } from '../flows/hostile-provider.js';
import { exchange } from '../flows/http-exchange.js';
import type { IssuerBackend } from '../flows/issuer-backend.js';
import { startLightProvider, type LightProvider } from '../flows/light-provider.js';
import { credentialsOf, PlainWallet, type Answer } from '../flows/plain-wallet.js';
import { ReusableOffers, type ReusableOffer } from '../flows/reusable-offers.js';
import type { CanarySearch } from './canary-search.js';

interface Parts {
  /** The issuer's. */
  readonly url: string;
  readonly backend: IssuerBackend;
  readonly search: CanarySearch;
  /** What the provider says of everybody, and the hook adds. */
  readonly claims: Readonly<Record<'provider' | 'hook', Readonly<Record<string, unknown>>>>;
}

/** A holder who was sent to the provider. */
interface Begun {
  readonly wallet: CodeWallet;
  readonly browser: HolderBrowser;
  readonly atProvider: string;
}

/** Sessions of the authorization code flow in which every value that nobody may see is a canary, or is added to the search. */
export class CanaryCodeJourneys {
  /** Pages and answers by which holders, wallets and the hook were refused. */
  readonly refusals: Answer[] = [];
  readonly #plain: PlainWallet;
  #count = 0;

  private constructor(
    readonly parts: Parts,
    readonly provider: LightProvider,
    readonly hostile: HostileProvider,
    readonly hook: HookBackend,
    readonly configuration: { readonly id: string; readonly scope: string },
  ) {
    this.#plain = new PlainWallet(parts.url);
  }

  /** @param claimSourceId of the claims source that adds claims of its own */
  static async open(parts: Parts, claimSourceId: string): Promise<CanaryCodeJourneys> {
    const { url, backend, search, claims } = parts;
    const clientSecret = search.seed('client-secret-at-the-provider');
    const provider = await startLightProvider({ claimsOf: () => claims.provider, clientSecret });
    // What an issuer configures is no secret: the names of the claims that it asks for.
    const claimsToPersist = Object.keys(claims.provider).filter((name) => !name.startsWith(search.mark));
    await backend.session.post('/v1/users/authentication-providers', {
      url: provider.url,
      clientId: provider.clientId,
      clientSecret,
      isDefault: true,
      forwardedRequestParameters: ['login_hint'],
      claimsToPersist,
    });
    const hook = await HookBackend.set(url, backend, { claims: claimsToPersist });
    search.add('secret of the hook', hook.secret);
    const type = 'urn:test:canary';
    const id = await backend.configuration({ type, claimSourceId });
    const configuration = { id, scope: `dc+sd-jwt:${type}` };
    return new CanaryCodeJourneys(parts, provider, await startHostileProvider(), hook, configuration);
  }

  /** From the wallet's request to the hook's answer; where the browser is sent then. */
  async returned(answer: HookAnswer, wallet = this.#wallet()): Promise<Begun & { readonly location: string }> {
    const begun = await this.begun(wallet);
    const atHook = locationOf(await begun.browser.get(await this.#callback(begun)));
    const url = await this.hook.returnUrl(atHook, answer);
    this.#addToken('to the hook', new URL(atHook).searchParams.get('session_token') ?? '');
    this.#addToken('from the hook', new URL(url).searchParams.get('session_token') ?? '');
    return { ...begun, location: locationOf(await begun.browser.get(url)) };
  }

  /** The hook leaves the decision open, decides it later, and is told that it is decided when it tries again. */
  async decided(answer: HookAnswer): Promise<Begun & { readonly location: string }> {
    const begun = await this.begun();
    const atHook = locationOf(await begun.browser.get(await this.#callback(begun)));
    const decision = await this.hook.answer(atHook, answer);
    const waiting = locationOf(await begun.browser.get(await this.hook.returnUrl(atHook, { status: 'pending' })));
    this.parts.search.add('page of a session', waiting.slice(waiting.lastIndexOf('/') + 1));
    const { fields } = formOf(await begun.browser.get(waiting));
    this.parts.search.add('form token of a session', fields.form_token ?? '');
    const told = await this.hook.decide(decision);
    if (told.status !== 204) throw new Error(`the decision was not taken (${told.status}): ${told.text}`);
    this.refusals.push(await this.hook.decide(await this.hook.answer(atHook, answer)));
    return { ...begun, location: locationOf(await begun.browser.get(waiting)) };
  }

  /** The holder does not get past the provider; what its answer says is a canary. */
  async refused(): Promise<URLSearchParams> {
    const begun = await this.begun();
    const callback = new URL(await this.#callback(begun));
    callback.searchParams.delete('code');
    callback.searchParams.set('error', 'access_denied');
    callback.searchParams.set('error_description', this.parts.search.seed('error-of-the-provider'));
    return begun.wallet.answerIn(locationOf(await begun.browser.get(callback.href)));
  }

  /** An offer whose holders log in at the provider that answers badly. */
  async hostileOffer(): Promise<ReusableOffer> {
    const { url, backend, search } = this.parts;
    const { id: authenticationProviderId } = (await backend.session.post('/v1/users/authentication-providers', {
      url: this.hostile.url,
      clientId: CLIENT_ID,
      clientSecret: search.seed('client-secret-at-a-hostile-provider'),
    })) as { id: string };
    return new ReusableOffers(url, backend).make([this.configuration.id], {
      authenticationProviderId,
    });
  }

  /** Logs in at the provider that answers badly; the page that the holder sees. */
  async spoilt({ issuerState }: ReusableOffer): Promise<Answer> {
    const { hostile, parts } = this;
    const begun = await this.begun(this.#wallet(), issuerState);
    const { searchParams } = new URL(begun.atProvider);
    hostile.idToken = { ...hostile.idToken, nonce: searchParams.get('nonce') ?? '' };
    const callback = new URL(searchParams.get('redirect_uri') ?? '');
    callback.searchParams.set('code', parts.search.seed('code-of-a-hostile-provider'));
    callback.searchParams.set('state', searchParams.get('state') ?? '');
    const page = await begun.browser.get(callback.href);
    this.refusals.push(page);
    return page;
  }

  /** From the code to the confirmed credential; the session's id. */
  async accepted({ wallet, location }: { readonly wallet: CodeWallet; readonly location: string }): Promise<string> {
    const { search } = this.parts;
    const code = wallet.answerIn(location).get('code') ?? '';
    search.add(`authorization code ${this.#count}`, code.split('.')[1] ?? '');
    const answer = await wallet.redeem(code);
    if (answer.status !== 200) throw new Error(`the code was not redeemed (${answer.status}): ${answer.text}`);
    let token = answer.json.access_token as string;
    this.#addToken('of access', token);
    if (typeof answer.json.refresh_token === 'string') {
      search.add('refresh token', answer.json.refresh_token.split('.')[1] ?? '');
      token = (await wallet.refresh(answer.json.refresh_token)).json.access_token as string;
      this.#addToken('of refreshed access', token);
    }
    const { id } = this.configuration;
    const issued = await this.#plain.requestCredential(token, await this.#plain.credentialRequest(id));
    const [credential = ''] = credentialsOf(issued);
    this.#addToken('that is a credential', credential.split('~')[0] ?? '');
    await this.#plain.notify(token, issued.json.notification_id as string);
    this.refusals.push(await wallet.redeem(code));
    return code.split('.')[0] ?? '';
  }

  /** A wallet that is registered, with a secret. */
  async registeredWallet(): Promise<CodeWallet> {
    const { backend, search, url } = this.parts;
    const redirectUri = 'https://wallet.example/registered';
    const registered = await backend.session.post('/v1/oauth/clients', {
      name: 'A wallet',
      redirectUris: [redirectUri],
      tokenEndpointAuthMethod: 'client_secret_basic',
    });
    const { clientId, clientSecret } = registered as { clientId: string; clientSecret: string };
    search.add('client secret of a wallet', clientSecret);
    const basic = Buffer.from(`${clientId}:${clientSecret}`).toString('base64');
    search.add('credentials of a wallet', basic);
    return new CodeWallet(url, { clientId, redirectUri, headers: { authorization: `Basic ${basic}` } });
  }

  /** Up to the URL at the provider. */
  async begun(wallet = this.#wallet(), issuerState?: string): Promise<Begun> {
    const { search } = this.parts;
    this.#count += 1;
    const url = await wallet.authorizationUrl({
      scope: this.configuration.scope,
      ...(issuerState === undefined ? {} : { issuerState }),
      more: {
        login_hint: search.seed('subject'),
        prompt: search.seed('prompt'),
        [search.seed('unknown-parameter')]: search.seed('unknown'),
      },
    });
    search.add(`request_uri ${this.#count}`, (new URL(url).searchParams.get('request_uri') ?? '').slice(-40));
    search.add(`state of a wallet ${this.#count}`, wallet.state);
    search.add(`code_verifier ${this.#count}`, wallet.verifier);
    const browser = new HolderBrowser();
    const page = await browser.get(url);
    const [, cookie = ''] = /=([^;]+)/.exec(page.headers.getSetCookie()[0] ?? '') ?? [];
    const { fields } = formOf(page);
    search.add(`cookie ${this.#count}`, cookie);
    search.add(`form token ${this.#count}`, fields.form_token ?? '');
    search.add(`request in the form ${this.#count}`, (fields.request ?? '').slice(-40));
    const atProvider = locationOf(await browser.submit(page, url, 'continue'));
    const { searchParams } = new URL(atProvider);
    for (const name of ['state', 'nonce']) search.add(`${name} at the provider ${this.#count}`, searchParams.get(name) ?? '');
    return { wallet, browser, atProvider };
  }

  async stop(): Promise<void> {
    await Promise.all([this.provider.stop(), this.hostile.stop()]);
  }

  async #callback({ atProvider }: Begun): Promise<string> {
    const callback = locationOf(await exchange(atProvider));
    this.parts.search.add(`code of the provider ${this.#count}`, new URL(callback).searchParams.get('code') ?? '');
    return callback;
  }

  #wallet(): CodeWallet {
    return new CodeWallet(this.parts.url, { redirectUri: `https://wallet.example/${this.parts.search.seed('redirect-uri')}` });
  }

  #addToken(name: string, token: string): void {
    this.parts.search.add(`token ${name} ${this.#count}`, token.slice(token.lastIndexOf('.') + 1));
  }
}

/** Answers of a provider that nobody is logged in by, with canaries wherever an answer has room. */
export function badLogins(
  search: CanarySearch,
): readonly { readonly name: string; readonly set: (provider: HostileProvider) => void }[] {
  const canary = search.seed('answer-of-the-provider');
  const at = (path: string, endpoint: Parameters<HostileProvider['endpoints']['set']>[1]) => (provider: HostileProvider) => {
    provider.endpoints.set(path, endpoint);
  };
  const token = { access_token: canary, token_type: 'Bearer', id_token: `${canary}.${canary}.${canary}` };
  return [
    { name: 'a refusal', set: at('/token', json({ error: 'invalid_grant', error_description: canary }, 400)) },
    { name: 'an error that is none', set: at('/token', json({ error: canary, error_uri: canary }, 400)) },
    {
      name: 'no JSON',
      set: at('/token', (response) => response.writeHead(200, { 'content-type': 'application/json' }).end(`{"${canary}`)),
    },
    { name: 'no ID token', set: at('/token', json(token)) },
    {
      name: 'a redirect',
      set: at('/token', (response) => response.writeHead(302, { location: `https://${canary}.invalid/${canary}` }).end()),
    },
    {
      name: 'an ID token of somebody else',
      set: (provider) => {
        provider.endpoints.delete('/token');
        provider.idToken = { payload: { iss: `https://${canary}.invalid`, given_name: canary } };
      },
    },
    {
      name: 'an ID token for somebody else',
      set: (provider) => {
        provider.idToken = { payload: { aud: canary, email: canary }, header: { [canary]: canary } };
      },
    },
  ];
}
