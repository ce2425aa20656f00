import { randomBytes, randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import { ManagementClient } from '../api/management/management-client.js';
import type { Processes } from '../harness/processes.js';
import { answering, startClaimsSource, type ClaimsSourceServer } from './claims-source-server.js';
import { CodeWallet } from './code-wallet.js';
import { HolderBrowser, locationOf } from './holder-browser.js';
import { CLIENT_ID, json, startHostileProvider, type HostileProvider, type ProviderRequest } from './hostile-provider.js';
import { PlainWallet, type Answer } from './plain-wallet.js';
import { now, signedJwt } from './signed-jwt.js';

export type Claims = Readonly<Record<string, unknown>>;

/** What a login brings. */
export interface Login {
  readonly subject: string;
  readonly idToken?: Claims;
  readonly userinfo?: Claims;
}

/** A session on its way through the holder's browser. */
export interface Session {
  readonly id: string;
  readonly wallet: CodeWallet;
  readonly browser: HolderBrowser;
  /** Where the holder was sent to log in. */
  readonly atProvider: URL;
}

const HOOK_URL = 'https://hook.example/start';

/** Everybody who says something of a holder, each played by the test: provider, interaction hook, back-end, claims source. */
export class ClaimsJourney {
  readonly #logins = new Map<string, Login & { readonly nonce: string }>();
  #hookKey = new Uint8Array();

  private constructor(
    readonly system: Processes,
    readonly api: ManagementClient,
    readonly provider: HostileProvider,
    readonly source: ClaimsSourceServer,
  ) {}

  /** Registers all of them; the provider is also asked for userinfo, and keeps `kept_provider`. */
  static async start(system: Processes): Promise<ClaimsJourney> {
    const [provider, source, api] = [
      await startHostileProvider(),
      await startClaimsSource(),
      await ManagementClient.admin(system),
    ];
    const journey = new ClaimsJourney(system, api, provider, source);
    provider.endpoints.set('/token', (response, request) => journey.#answerToken(request)(response, request));
    provider.endpoints.set('/userinfo', (response, request) => journey.#answerUserinfo(request)(response, request));
    const secret = { clientId: CLIENT_ID, clientSecret: randomUUID() };
    const more = { userinfo: true, claimsToPersist: ['kept_provider', 'kept_missing'], isDefault: true };
    await api.create('/v1/users/authentication-providers', { url: provider.url, ...secret, ...more });
    await journey.configure({});
    return journey;
  }

  /** Sets the issuer's policy; the hook stays. */
  async configure(authorization: Claims): Promise<void> {
    const answer = await this.api.put('/v1/openid/configuration', { interactionHook: { url: HOOK_URL }, authorization });
    if (answer.status !== 200) throw new Error(`the configuration was refused: ${answer.text}`);
    const { secret } = answer.json.interactionHook as { secret: string };
    this.#hookKey = new Uint8Array(Buffer.from(secret, 'base64'));
  }

  /** Makes a configuration; gives its id and scope. */
  async credential(body: Claims): Promise<{ readonly id: string; readonly scope: string }> {
    const type = `urn:test:${randomUUID()}`;
    const { id } = await this.api.create('/v2/credentials/sd-jwt/configurations', { type, ...body });
    return { id, scope: `dc+sd-jwt:${type}` };
  }

  /** A claims source that answers with the claims, and is asked with `asked`, which comes from the claim of this name. */
  async claimSource(claims: Claims, mapFrom = 'claims.level'): Promise<string> {
    this.source.behave(answering(claims));
    const requestParameters = { asked: { mapFrom } };
    const authorization = { type: 'api-key', value: 'key' };
    const body = { name: 'source', url: this.source.url, requestMethod: 'GET', requestParameters, authorization };
    return (await this.api.create('/v1/claim-sources', body)).id;
  }

  /** From the wallet's request to the provider. */
  async begin(scope: string): Promise<Session> {
    const [wallet, browser] = [new CodeWallet(this.system.url), new HolderBrowser()];
    const url = await wallet.authorizationUrl({ scope });
    const atProvider = new URL(locationOf(await browser.submit(await browser.get(url), url, 'continue')));
    const [session] = await this.system.db.issuances.find().sort({ createdAt: -1 }).limit(1).toArray();
    return { id: session?._id ?? '', wallet, browser, atProvider };
  }

  /** The provider sends the browser back. */
  logIn({ browser, atProvider }: Session, login: Login): Promise<Answer> {
    const code = randomBytes(16).toString('hex');
    this.#logins.set(code, { ...login, nonce: atProvider.searchParams.get('nonce') ?? '' });
    const query = new URLSearchParams({ code, state: atProvider.searchParams.get('state') ?? '' });
    return browser.get(`${this.system.url}/v1/oauth/authentication/callback?${query.toString()}`);
  }

  /** What the hook sends back, for the token that it was given. */
  async hookToken(atHook: string, members: Claims): Promise<string> {
    const token = new URL(atHook).searchParams.get('session_token') ?? '';
    const { state } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')) as { state: string };
    const jwt = new SignJWT({ ...members, state }).setProtectedHeader({ alg: 'HS256' }).setIssuedAt().setExpirationTime('60s');
    return jwt.setIssuer(HOOK_URL).setAudience(this.system.url).setJti(randomUUID()).sign(this.#hookKey);
  }

  /** The hook sends the browser back with its answer. */
  async passHook({ browser }: Session, atHook: string, members: Claims): Promise<Answer> {
    const query = new URLSearchParams({ session_token: await this.hookToken(atHook, members) });
    return browser.get(`${this.system.url}/v1/openid/interaction/return?${query.toString()}`);
  }

  /** The hook's back-end decides. */
  async decide(atHook: string, members: Claims): Promise<Answer> {
    return this.api.post('/v1/openid/interaction/result', { session_token: await this.hookToken(atHook, members) });
  }

  /** From the way back to the wallet to the answer of the credential endpoint. */
  async collect({ wallet }: Session, toWallet: Answer, configurationId: string): Promise<Answer> {
    const token = await wallet.redeem(wallet.answerIn(locationOf(toWallet)).get('code') ?? '');
    const plain = new PlainWallet(this.system.url);
    return plain.requestCredential(token.json.access_token as string, await plain.credentialRequest(configurationId));
  }

  async stop(): Promise<void> {
    await Promise.all([this.provider.stop(), this.source.stop()]);
  }

  /** The code, and then the access token, name the login. */
  #answerToken({ form }: ProviderRequest) {
    const login = this.#logins.get(form.code ?? '');
    const [key] = this.provider.keys;
    if (login === undefined || key === undefined) return json({ error: 'invalid_grant' }, 400);
    const about = { iss: this.provider.url, aud: CLIENT_ID, sub: login.subject, nonce: login.nonce, iat: now(), exp: now(300) };
    const header = { alg: key.algorithm, kid: key.kid };
    const idToken = signedJwt({ header, payload: { ...login.idToken, ...about }, key });
    return json({ access_token: form.code, token_type: 'Bearer', expires_in: 60, id_token: idToken });
  }

  #answerUserinfo({ authorization = '' }: ProviderRequest) {
    const { subject, userinfo } = this.#logins.get(authorization.replace(/^Bearer /i, '')) ?? {};
    return json({ ...userinfo, sub: subject });
  }
}
