import { createHash, randomBytes } from 'node:crypto';
import { postForm, type Exchange } from './http-exchange.js';
import type { Answer } from './plain-wallet.js';

/** What a wallet asks for at the authorization endpoint. */
export interface CodeRequest {
  readonly scope?: string;
  readonly configurationIds?: readonly string[];
  readonly issuerState?: string;
  readonly more?: Readonly<Record<string, string>>;
}

/** A wallet's side of the authorization code flow as bare HTTP; one for each session. */
export class CodeWallet {
  readonly clientId: string;
  readonly redirectUri: string;
  readonly state = randomBytes(12).toString('base64url');
  readonly verifier = randomBytes(32).toString('base64url');
  readonly #issuer: string;
  readonly #at: string;
  readonly #headers: Exchange['headers'];

  /** @param options.at where requests go, if not to the issuer's public URL */
  constructor(
    issuer: string,
    {
      clientId = `wallet-${randomBytes(6).toString('hex')}`,
      redirectUri = 'https://wallet.example/callback',
      at = issuer,
      headers = {},
    }: { clientId?: string; redirectUri?: string; at?: string; headers?: Exchange['headers'] } = {},
  ) {
    this.clientId = clientId;
    this.redirectUri = redirectUri;
    this.#issuer = issuer;
    this.#at = at;
    this.#headers = headers;
  }

  /** The parameters of the authorization request. */
  parameters({ scope, configurationIds, issuerState, more = {} }: CodeRequest): Readonly<Record<string, string>> {
    const details = configurationIds?.map((id) => ({ type: 'openid_credential', credential_configuration_id: id }));
    return {
      response_type: 'code',
      client_id: this.clientId,
      redirect_uri: this.redirectUri,
      state: this.state,
      code_challenge: createHash('sha256').update(this.verifier).digest('base64url'),
      code_challenge_method: 'S256',
      ...(scope === undefined ? {} : { scope }),
      ...(details === undefined ? {} : { authorization_details: JSON.stringify(details) }),
      ...(issuerState === undefined ? {} : { issuer_state: issuerState }),
      ...more,
    };
  }

  push(request: CodeRequest): Promise<Answer> {
    return postForm(`${this.#at}/v1/oauth/par`, this.parameters(request), this.#headers);
  }

  /** Pushes the request, which must work, and gives the URL that the browser opens. */
  async authorizationUrl(request: CodeRequest): Promise<string> {
    const answer = await this.push(request);
    if (answer.status !== 201) throw new Error(`the PAR endpoint answered ${answer.status}: ${answer.text}`);
    const query = new URLSearchParams({ client_id: this.clientId, request_uri: answer.json.request_uri as string });
    return `${this.#issuer}/v1/oauth/authorize?${query.toString()}`;
  }

  /** The URL of an authorization request that was not pushed. */
  plainUrl(request: CodeRequest): string {
    return `${this.#issuer}/v1/oauth/authorize?${new URLSearchParams(this.parameters(request)).toString()}`;
  }

  redeem(code: string, more: Readonly<Record<string, string>> = {}, headers: Exchange['headers'] = {}): Promise<Answer> {
    return this.#token(
      { grant_type: 'authorization_code', code, redirect_uri: this.redirectUri, code_verifier: this.verifier, ...more },
      headers,
    );
  }

  refresh(refreshToken: string, more: Readonly<Record<string, string>> = {}, headers: Exchange['headers'] = {}): Promise<Answer> {
    return this.#token({ grant_type: 'refresh_token', refresh_token: refreshToken, ...more }, headers);
  }

  /** Reads the answer that came to the redirect URI; checks `state` and `iss` as a wallet does. */
  answerIn(url: string): URLSearchParams {
    if (!url.startsWith(this.redirectUri)) throw new Error(`this is not the wallet's redirect URI: ${url}`);
    const { searchParams } = new URL(url);
    if (searchParams.get('state') !== this.state) throw new Error('state is not the one that was sent');
    if (searchParams.get('iss') !== this.#issuer) throw new Error('iss is not the issuer (RFC 9207)');
    return searchParams;
  }

  #token(parameters: Readonly<Record<string, string>>, headers: Exchange['headers']): Promise<Answer> {
    const form = { client_id: this.clientId, ...parameters };
    return postForm(`${this.#at}/v1/oauth/token`, form, { ...this.#headers, ...headers });
  }
}
