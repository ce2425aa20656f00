import { createHash, randomUUID } from 'node:crypto';
import { createLocalJWKSet, errors, jwtVerify } from 'jose';
import { issuerSigners, type IssuerSigners, type JwkSet } from '../../keys/issuer-signers.js';
import type { ClientDocument, Role } from '../../store/documents.js';
import { DEFAULT_ISSUER_ID } from '../../store/issuer-directory.js';
import { findClient } from '../../store/management-clients.js';
import type { ApiContext } from '../context.js';
import { signCompactJws } from '../oauth/jws.js';

/** Who calls the management API. */
export interface ManagementCaller {
  readonly clientId: string;
  readonly roles: readonly Role[];
}

/** The audience of management tokens: another than that of wallets' tokens, so neither passes for the other. */
export function managementAudience({ PUBLIC_URL }: Pick<ApiContext['config'], 'PUBLIC_URL'>): string {
  return `${PUBLIC_URL}/management`;
}

type SigningContext = Pick<ApiContext, 'config' | 'directory' | 'ring' | 'now'>;

/** Signs an access token for a management client (RFC 9068). */
export async function signManagementToken(context: SigningContext, client: ClientDocument): Promise<string> {
  const { config, now } = context;
  const issuedAt = Math.floor(now() / 1000);
  return signCompactJws({
    signer: (await currentSigners(context)).accessToken,
    typ: 'at+jwt',
    payload: {
      iss: config.PUBLIC_URL,
      aud: managementAudience(config),
      sub: client._id,
      client_id: client._id,
      roles: client.roles,
      secret_version: secretVersion(client),
      jti: randomUUID(),
      iat: issuedAt,
      exp: issuedAt + config.MANAGEMENT_TOKEN_SECONDS,
    },
  });
}

const RECHECK_MS = 30_000;
const MOST_REMEMBERED = 1000;

/**
 * Verifies management tokens. What passed is remembered for half a minute; then signature and client are looked at
 * again, so that a removed client, a taken role or a replaced secret ends its tokens within that time.
 */
export class ManagementTokenVerifier {
  readonly #context: ApiContext;
  readonly #remembered = new Map<string, { caller: ManagementCaller; until: number }>();

  constructor(context: ApiContext) {
    this.#context = context;
  }

  /** The caller, or `undefined` for anything that is no valid token. */
  async verify(token: string): Promise<ManagementCaller | undefined> {
    const fingerprint = createHash('sha256').update(token).digest('base64url');
    const known = this.#remembered.get(fingerprint);
    if (known !== undefined && known.until > this.#context.now()) return known.caller;
    this.#remembered.delete(fingerprint);
    const verified = await this.#check(token);
    if (verified === undefined) return undefined;
    if (this.#remembered.size >= MOST_REMEMBERED) this.#remembered.delete(this.#remembered.keys().next().value ?? '');
    this.#remembered.set(fingerprint, verified);
    return verified.caller;
  }

  async #check(token: string): Promise<{ caller: ManagementCaller; until: number } | undefined> {
    const { config, db, now } = this.#context;
    const keys = keySet((await currentSigners(this.#context)).accessTokenJwks);
    const options = {
      algorithms: ['ES256'],
      typ: 'at+jwt',
      issuer: config.PUBLIC_URL,
      audience: managementAudience(config),
      requiredClaims: ['sub', 'exp', 'secret_version'],
      currentDate: new Date(now()),
    };
    try {
      const { payload } = await jwtVerify(token, keys, options);
      const client = await findClient(db, payload.sub ?? '');
      if (client === null || payload.secret_version !== secretVersion(client)) return undefined;
      return {
        caller: { clientId: client._id, roles: client.roles },
        until: Math.min((payload.exp ?? 0) * 1000, now() + RECHECK_MS),
      };
    } catch (error) {
      if (error instanceof errors.JOSEError) return undefined;
      throw error;
    }
  }
}

async function currentSigners({ directory, ...access }: SigningContext): Promise<IssuerSigners> {
  const { keys } = await directory.get(DEFAULT_ISSUER_ID);
  return issuerSigners({ keys, access });
}

type KeySet = ReturnType<typeof createLocalJWKSet>;
const keySets = new WeakMap<JwkSet, KeySet>();

function keySet(jwks: JwkSet): KeySet {
  const known = keySets.get(jwks);
  if (known !== undefined) return known;
  const made = createLocalJWKSet({ keys: jwks.keys.map((key) => ({ ...key })) });
  keySets.set(jwks, made);
  return made;
}

/** Names the secret a token was got with, and gives nothing of it away: the hash is salted. */
function secretVersion({ secretHash }: ClientDocument): string {
  return createHash('sha256').update(secretHash).digest('base64url').slice(0, 16);
}
