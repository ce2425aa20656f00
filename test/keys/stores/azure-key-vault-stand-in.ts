import { randomBytes, type KeyObject } from 'node:crypto';
import { signDigest } from './sign-digest.js';
import { newStandInKey, StoreStandIn, type StandInAnswer, type StandInKey, type StandInRequest } from './store-stand-in.js';

const ERRORS = {
  fails: [500, 'InternalServerError'],
  throttles: [429, 'Throttled'],
  denies: [403, 'Forbidden'],
} as const;

/** Azure Key Vault and the token endpoint of Entra ID on one host: a bearer challenge, client credentials, keys with versions. */
export class AzureKeyVaultStandIn extends StoreStandIn {
  readonly tenantId = '11111111-2222-3333-4444-555555555555';
  readonly clientId = '66666666-7777-8888-9999-000000000000';
  readonly clientSecret = 'client-secret-of-the-stand-in';
  readonly keys = new Map<string, StandInKey & { readonly kty: string }>();
  readonly #token = randomBytes(24).toString('base64url');

  get url(): string {
    return `https://localhost:${this.port}`;
  }

  protected unauthorized(request: StandInRequest): StandInAnswer | undefined {
    if (request.url.pathname.startsWith(`/${this.tenantId}/`)) return this.#entra(request);
    if (request.headers.authorization === `Bearer ${this.#token}`) return undefined;
    const challenge = `Bearer authorization="${this.url}/${this.tenantId}", resource="https://vault.azure.net"`;
    return { ...error(401, 'Unauthorized'), headers: { 'www-authenticate': challenge } };
  }

  protected refuse(kind: keyof typeof ERRORS): StandInAnswer {
    const [status, code] = ERRORS[kind];
    return error(status, code);
  }

  protected serve({ method, url, json }: StandInRequest): StandInAnswer {
    if (url.searchParams.get('api-version') === null) return error(400, 'BadParameter');
    const [, name = '', rest = ''] = /^\/keys\/([0-9a-zA-Z-]{1,127})\/(.*)$/.exec(url.pathname) ?? [];
    if (method === 'POST' && rest === 'create') return this.#create(name, json);
    const [version = '', action] = rest.split('/');
    const id = `${this.url}/keys/${name}/${version}`;
    const key = this.keys.get(id);
    if (key === undefined) return error(404, 'KeyNotFound');
    if (method === 'GET' && action === undefined) return { status: 200, body: bundle(id, key) };
    if (method === 'POST' && action === 'sign') return this.#sign(id, key, json);
    return error(405, 'BadParameter');
  }

  #create(name: string, { kty, crv }: StandInRequest['json']): StandInAnswer {
    if ((kty !== 'EC' && kty !== 'EC-HSM') || crv !== 'P-256') return error(400, 'BadParameter');
    const id = `${this.url}/keys/${name}/${randomBytes(16).toString('hex')}`;
    const key = { ...newStandInKey('P-256'), kty };
    this.keys.set(id, key);
    return { status: 200, body: bundle(id, key) };
  }

  #sign(id: string, { privateKey, wrongKey }: StandInKey, { alg, value }: StandInRequest['json']): StandInAnswer {
    const digest = Buffer.from(String(value), 'base64url');
    if (alg !== 'ES256' || digest.length !== 32) return error(400, 'BadParameter');
    const by = (key: KeyObject) => signDigest(key, digest);
    const signature = this.tampered(by(privateKey), () => by(wrongKey));
    return { status: 200, body: { kid: id, value: signature.toString('base64url') } };
  }

  #entra({ url, method, body }: StandInRequest): StandInAnswer {
    const base = `${this.url}/${this.tenantId}`;
    if (url.pathname.endsWith('/.well-known/openid-configuration'))
      return {
        status: 200,
        body: {
          issuer: `${base}/v2.0`,
          token_endpoint: `${base}/oauth2/v2.0/token`,
          authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
          jwks_uri: `${base}/discovery/v2.0/keys`,
        },
      };
    const form = new URLSearchParams(body);
    const isKnown =
      method === 'POST' &&
      url.pathname.endsWith('/oauth2/v2.0/token') &&
      form.get('grant_type') === 'client_credentials' &&
      form.get('client_id') === this.clientId &&
      form.get('client_secret') === this.clientSecret &&
      (form.get('scope') ?? '').split(' ').includes('https://vault.azure.net/.default');
    if (!isKnown) return { status: 401, body: { error: 'invalid_client', error_description: 'AADSTS7000215' } };
    return { status: 200, body: { token_type: 'Bearer', expires_in: 3600, access_token: this.#token } };
  }
}

function bundle(id: string, { publicKey, kty }: StandInKey & { readonly kty: string }): unknown {
  const { crv, x, y } = publicKey.export({ format: 'jwk' });
  return { key: { kid: id, kty, key_ops: ['sign', 'verify'], crv, x, y }, attributes: { enabled: true } };
}

function error(status: number, code: string): StandInAnswer {
  return { status, body: { error: { code, message: 'of the vault of the stand-in' } } };
}
