import { createSecretKey, randomUUID } from 'node:crypto';
import { readSessionToken } from '../../scripts/demo/hook-token.js';
import { exchange, postJson } from './http-exchange.js';
import type { IssuerBackend } from './issuer-backend.js';
import type { Answer } from './plain-wallet.js';
import { now, signedJwt } from './signed-jwt.js';

/** What a hook answers. */
export interface HookAnswer {
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly claimsToPersist?: readonly string[];
  readonly status?: 'pending' | 'deferred';
  readonly error?: string;
}

/** Behind an issuer's interaction hook: its pages are the tests' to play. */
export class HookBackend {
  private constructor(
    readonly issuerUrl: string,
    readonly url: string,
    readonly secret: string,
  ) {}

  /** Sets the hook, and with it the rest of the issuer's OpenID configuration. */
  static async set(
    issuerUrl: string,
    backend: IssuerBackend,
    {
      url = 'http://localhost:9/hook',
      claims = ['given_name'],
      ...more
    }: { url?: string; claims?: readonly string[]; sessionTimeoutInSec?: number } = {},
  ): Promise<HookBackend> {
    const answer = await exchange(`${issuerUrl}/v1/openid/configuration`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${backend.session.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ interactionHook: { url, claims, ...more } }),
    });
    if (answer.status !== 200) throw new Error(`the configuration was not taken (${answer.status}): ${answer.text}`);
    const { interactionHook } = answer.json as { interactionHook: { secret: string } };
    return new HookBackend(issuerUrl, url, interactionHook.secret);
  }

  /**
   * Reads what came with the browser, and gives the signed answer to it.
   *
   * @param options.ageSeconds how long ago it was signed; it is good for a minute
   */
  async answer(hookUrl: string, answer: HookAnswer, { ageSeconds = 0 }: { ageSeconds?: number } = {}): Promise<string> {
    const { state } = await this.#read(hookUrl);
    const iat = now(-ageSeconds);
    const payload = { iss: this.url, aud: this.issuerUrl, iat, exp: iat + 60, jti: randomUUID(), ...answer, state };
    const privateKey = createSecretKey(Buffer.from(this.secret, 'base64'));
    return signedJwt({ header: { alg: 'HS256', typ: 'JWT' }, payload, key: { algorithm: 'HS256', privateKey } });
  }

  /** Where the browser is sent with the answer. */
  async returnUrl(hookUrl: string, answer: HookAnswer): Promise<string> {
    const url = new URL((await this.#read(hookUrl)).redirectUrl);
    url.searchParams.set('session_token', await this.answer(hookUrl, answer));
    return url.href;
  }

  /** Tells the issuer a decision, server to server. */
  decide(sessionToken: string): Promise<Answer> {
    return postJson(`${this.issuerUrl}/v1/openid/interaction/result`, { session_token: sessionToken });
  }

  #read(hookUrl: string) {
    if (!hookUrl.startsWith(this.url)) throw new Error(`the browser is not sent to the hook: ${hookUrl}`);
    const { secret, issuerUrl, url } = this;
    return readSessionToken(new URL(hookUrl).searchParams.get('session_token') ?? '', { secret, issuerUrl, hookUrl: url });
  }
}
