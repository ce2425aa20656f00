import { createHmac } from 'node:crypto';
import { jwtVerify } from 'jose';
import { locationOf, type HolderBrowser } from '../../flows/holder-browser.js';
import { postJson } from '../../flows/http-exchange.js';
import type { Answer } from '../../flows/plain-wallet.js';
import { now } from '../../flows/signed-jwt.js';
import type { ManagementClient } from '../management/management-client.js';

const CONFIGURATION = '/v1/openid/configuration';

/** The claims of a hook's token that a test may change; one that is `undefined` is taken away. */
type Payload = Readonly<Record<string, unknown>>;

/** The issuer's own page between login and credential: reads the token it is given, and signs what it returns. */
export class HookStandIn {
  private constructor(
    readonly issuer: string,
    readonly url: string,
    /** Base64, as the API shows it. */
    readonly secret: string,
  ) {}

  /** Makes it the issuer's hook; gives it as the API then shows it. */
  static async configure(
    api: ManagementClient,
    settings: Readonly<Record<string, unknown>> = {},
    authorization: Readonly<Record<string, unknown>> = {},
  ): Promise<HookStandIn> {
    const interactionHook = { url: 'https://hook.example/step', claims: ['given_name', 'email'], ...settings };
    const answer = await api.put(CONFIGURATION, { interactionHook, authorization });
    if (answer.status !== 200) throw new Error(`the configuration was answered ${answer.status}: ${answer.text}`);
    const { secret, url } = answer.json.interactionHook as { secret: string; url: string };
    return new HookStandIn(api.url, url, secret);
  }

  /** Reads the token that a browser brings, checked as a hook's maker checks it. */
  async open(url: string): Promise<Payload & { readonly state: string; readonly redirectUrl: string }> {
    if (!url.startsWith(`${this.url}?`)) throw new Error(`this is not the hook: ${url}`);
    const token = new URL(url).searchParams.get('session_token') ?? '';
    const { payload } = await jwtVerify(token, Buffer.from(this.secret, 'base64'), { issuer: this.issuer, audience: this.url });
    return payload as Payload & { readonly state: string; readonly redirectUrl: string };
  }

  /** A token as the hook signs it, right in all but the changes. */
  sign(payload: Payload, { header = {}, secret = this.secret }: { header?: Payload; secret?: string } = {}): string {
    const claims = { iss: this.url, aud: this.issuer, iat: now(), exp: now(300), ...payload };
    const input = `${encode({ alg: 'HS256', typ: 'JWT', ...header })}.${encode(claims)}`;
    return `${input}.${createHmac('sha256', Buffer.from(secret, 'base64')).update(input).digest('base64url')}`;
  }

  returnUrl(token: string): string {
    return `${this.issuer}/v1/openid/interaction/return?${new URLSearchParams({ session_token: token }).toString()}`;
  }

  /** Sends the browser back with what the hook says; gives where it goes then. */
  async sendBack(browser: HolderBrowser, payload: Payload): Promise<string> {
    return locationOf(await browser.get(this.returnUrl(this.sign(payload))));
  }

  /** The hook's back-end decides. */
  decide(token: string): Promise<Answer> {
    return postJson(`${this.issuer}/v1/openid/interaction/result`, { session_token: token });
  }
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
