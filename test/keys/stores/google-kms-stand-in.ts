import { generateKeyPairSync, sign, verify, type KeyObject } from 'node:crypto';
import { derSignature, signDigest } from './sign-digest.js';
import { newStandInKey, StoreStandIn, type StandInAnswer, type StandInKey, type StandInRequest } from './store-stand-in.js';

const ERRORS = {
  fails: [503, 'UNAVAILABLE', 14],
  throttles: [429, 'RESOURCE_EXHAUSTED', 8],
  denies: [403, 'PERMISSION_DENIED', 7],
} as const;
const ALGORITHMS: Readonly<Record<string, 'P-256' | 'Ed25519'>> = { '12': 'P-256', '40': 'Ed25519' };
const SCOPE = 'https://www.googleapis.com/auth/cloud-platform';

interface Version extends StandInKey {
  readonly kind: 'P-256' | 'Ed25519';
  readonly protectionLevel: unknown;
  /** How often it says yet that it is being made. */
  pending: number;
}

/** Google Cloud KMS over REST: a service account's self-signed JWT, keys of a key ring, versions that take a moment to be made. */
export class GoogleKmsStandIn extends StoreStandIn {
  readonly keyRing = 'projects/stand-in/locations/europe-west3/keyRings/issuer';
  readonly email = 'issuer@stand-in.iam.gserviceaccount.com';
  readonly versions = new Map<string, Version>();
  readonly #account: { publicKey: KeyObject; privateKey: KeyObject } = generateKeyPairSync('rsa', { modulusLength: 2048 });

  /** The service account's key file. */
  get credentials(): Readonly<Record<string, string>> {
    return {
      type: 'service_account',
      project_id: 'stand-in',
      private_key_id: 'key-1',
      private_key: this.#account.privateKey.export({ format: 'pem', type: 'pkcs8' }) as string,
      client_email: this.email,
      client_id: '1',
      token_uri: 'https://oauth2.googleapis.com/token',
    };
  }

  protected unauthorized({ headers }: StandInRequest): StandInAnswer | undefined {
    const [header = '', payload = '', signature = ''] = (headers.authorization ?? '').replace(/^Bearer /, '').split('.');
    const signed = Buffer.from(`${header}.${payload}`);
    if (!verify('sha256', signed, this.#account.publicKey, Buffer.from(signature, 'base64url')))
      return error(401, 'UNAUTHENTICATED', 16);
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>;
    const isMeant = claims.iss === this.email && String(claims.scope).split(' ').includes(SCOPE);
    return isMeant && Number(claims.exp) > Date.now() / 1000 ? undefined : error(401, 'UNAUTHENTICATED', 16);
  }

  protected refuse(kind: keyof typeof ERRORS): StandInAnswer {
    const [status, code, number] = ERRORS[kind];
    return error(status, code, number);
  }

  protected serve({ method, url, json }: StandInRequest): StandInAnswer {
    const path = url.pathname.replace(/^\/v1\//, '');
    if (method === 'POST' && path === `${this.keyRing}/cryptoKeys`)
      return this.#create(url.searchParams.get('cryptoKeyId') ?? '', json);
    const [, name = '', rest = ''] = /^(.*\/cryptoKeyVersions\/\d+)(.*)$/.exec(path) ?? [];
    const version = this.versions.get(name);
    if (version === undefined) return error(404, 'NOT_FOUND', 5);
    if (method === 'GET' && rest === '/publicKey') return this.#publicKey(name, version);
    if (method === 'POST' && rest === ':asymmetricSign') return this.#sign(name, version, json);
    return error(404, 'NOT_FOUND', 5);
  }

  #create(id: string, { purpose, versionTemplate }: StandInRequest['json']): StandInAnswer {
    const { algorithm, protectionLevel } = versionTemplate as Record<string, unknown>;
    const kind = ALGORITHMS[String(algorithm)];
    if (!/^[a-zA-Z0-9_-]{1,63}$/.test(id) || purpose !== 5 || kind === undefined) return error(400, 'INVALID_ARGUMENT', 3);
    const name = `${this.keyRing}/cryptoKeys/${id}`;
    const first = `${name}/cryptoKeyVersions/1`;
    if (this.versions.has(first)) return error(409, 'ALREADY_EXISTS', 6);
    this.versions.set(first, { ...newStandInKey(kind), kind, protectionLevel, pending: 1 });
    return { status: 200, body: { name, purpose: 'ASYMMETRIC_SIGN' } };
  }

  #publicKey(name: string, version: Version): StandInAnswer {
    version.pending -= 1;
    if (version.pending >= 0) return error(400, 'FAILED_PRECONDITION', 9);
    return { status: 200, body: { name, pem: version.publicKey.export({ format: 'pem', type: 'spki' }) } };
  }

  #sign(name: string, { kind, privateKey, wrongKey }: Version, json: StandInRequest['json']): StandInAnswer {
    const { sha256 } = (json.digest ?? {}) as { sha256?: string };
    const content = Buffer.from(kind === 'P-256' ? (sha256 ?? '') : String(json.data), 'base64');
    if (kind === 'P-256' && content.length !== 32) return error(400, 'INVALID_ARGUMENT', 3);
    const by = (key: KeyObject) => (kind === 'P-256' ? derSignature(signDigest(key, content)) : sign(null, content, key));
    const signature = this.tampered(by(privateKey), () => by(wrongKey));
    return { status: 200, body: { name, signature: signature.toString('base64') } };
  }
}

function error(status: number, code: string, number: number): StandInAnswer {
  return { status, body: { error: { code: status, status: code, message: `of project stand-in (${number})` } } };
}
