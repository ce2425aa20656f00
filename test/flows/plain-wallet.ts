import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';

const GRANT = 'urn:ietf:params:oauth:grant-type:pre-authorized_code';

/** A holder's key. */
export interface HolderKeyPair {
  readonly publicJwk: Readonly<Record<'kty' | 'crv' | 'x' | 'y', string>>;
  readonly privateKey: KeyObject;
}

/** An HTTP answer, read whole. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: Readonly<Record<string, unknown>>;
}

export function newHolderKey(): HolderKeyPair {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { kty = '', crv = '', x = '', y = '' } = publicKey.export({ format: 'jwk' });
  return { publicJwk: { kty, crv, x, y }, privateKey };
}

/** A key proof JWT (OID4VCI F.1). */
export function keyProof({ issuer, nonce, key }: { issuer: string; nonce: string; key: HolderKeyPair }): string {
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const header = encode({ alg: 'ES256', typ: 'openid4vci-proof+jwt', jwk: key.publicJwk });
  const payload = encode({ aud: issuer, iat: Math.floor(Date.now() / 1000), nonce });
  const signature = sign('sha256', Buffer.from(`${header}.${payload}`), { key: key.privateKey, dsaEncoding: 'ieee-p1363' });
  return `${header}.${payload}.${signature.toString('base64url')}`;
}

/** The wallet's side of the protocol as bare HTTP, one method a request, so that tests see every status and byte. */
export class PlainWallet {
  readonly #issuer: string;
  readonly #at: string;

  /** @param options.at where requests go, if not to the issuer's public URL: the URL of one API process of several */
  constructor(issuer: string, { at = issuer }: { at?: string } = {}) {
    this.#issuer = issuer;
    this.#at = at;
  }

  /** The pre-authorized code of an offer by value. */
  codeOf(offerUri: string): string {
    const value = new URL(offerUri).searchParams.get('credential_offer') ?? '';
    const { grants } = JSON.parse(value) as { grants: Record<string, Record<string, string>> };
    return grants[GRANT]?.['pre-authorized_code'] ?? '';
  }

  redeem(code: string, transactionCode?: string): Promise<Answer> {
    const body = new URLSearchParams({ grant_type: GRANT, 'pre-authorized_code': code });
    if (transactionCode !== undefined) body.set('tx_code', transactionCode);
    return this.#send('/v1/oauth/token', { body });
  }

  /** Redeems the code, which must work, and gives the access token. */
  async token(offerUri: string, transactionCode?: string): Promise<string> {
    const answer = await this.redeem(this.codeOf(offerUri), transactionCode);
    if (answer.status !== 200) throw new Error(`the token endpoint answered ${answer.status}: ${answer.text}`);
    return answer.json.access_token as string;
  }

  async nonce(): Promise<string> {
    return (await this.#send('/v1/openid/nonce', {})).json.c_nonce as string;
  }

  /** The body of a credential request, with fresh keys and a fresh nonce. */
  async credentialRequest(configurationId: string, keys: readonly HolderKeyPair[] = [newHolderKey()]): Promise<string> {
    const nonce = await this.nonce();
    const jwt = keys.map((key) => keyProof({ issuer: this.#issuer, nonce, key }));
    return JSON.stringify({ credential_configuration_id: configurationId, proofs: { jwt } });
  }

  requestCredential(accessToken: string, body: string): Promise<Answer> {
    return this.#sendJson('/v1/openid/credential', accessToken, body);
  }

  deferredCredential(accessToken: string, transactionId: string): Promise<Answer> {
    return this.#sendJson('/v1/openid/deferred-credential', accessToken, JSON.stringify({ transaction_id: transactionId }));
  }

  /** Asks the deferred endpoint until it gives something other than "not ready", at most for `patienceMs`. */
  async untilDelivered(accessToken: string, transactionId: string, patienceMs = 40_000): Promise<Answer> {
    const giveUpAt = Date.now() + patienceMs;
    for (;;) {
      const answer = await this.deferredCredential(accessToken, transactionId);
      if (answer.status !== 202 || Date.now() > giveUpAt) return answer;
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }

  notify(accessToken: string, notificationId: string, event = 'credential_accepted'): Promise<Answer> {
    return this.#sendJson('/v1/openid/notification', accessToken, JSON.stringify({ notification_id: notificationId, event }));
  }

  #sendJson(path: string, accessToken: string, body: string): Promise<Answer> {
    return this.#send(path, { body, headers: { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' } });
  }

  async #send(path: string, init: RequestInit): Promise<Answer> {
    const response = await fetch(this.#at + path, { ...init, method: 'POST', signal: AbortSignal.timeout(40_000) });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, json: parse(text) };
  }
}

/** Credentials of a credential response. */
export function credentialsOf(answer: Answer): readonly string[] {
  const { credentials } = answer.json as { credentials?: readonly { credential: string }[] };
  if (credentials === undefined) throw new Error(`there are no credentials in the answer (${answer.status}): ${answer.text}`);
  return credentials.map(({ credential }) => credential);
}

function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(text) as Readonly<Record<string, unknown>>;
  } catch {
    return {};
  }
}
