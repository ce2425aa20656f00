import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import type { PublishedJwk } from '../../keys/issuer-signers.js';
import type { Signer } from '../../keys/signer.js';
import type { GrantedAuthorization } from './authorization-details.js';
import { isSignedBy, JwsError, parseCompactJws, signCompactJws, type CompactJws } from './jws.js';

/** A wallet's access token: what it may do, for one claim session. */
export interface AccessToken {
  readonly sessionId: string;
  /** `jti`. */
  readonly tokenId: string;
  /** Absent for an anonymous wallet. */
  readonly clientId?: string;
  /** Milliseconds since the epoch, in whole seconds. */
  readonly expiresAt: number;
  readonly configurationIds: readonly string[];
  /** Present where the wallet asked by `authorization_details`: then it selects by `credential_identifier`. */
  readonly authorizationDetails?: readonly GrantedAuthorization[];
  /** Thumbprint of the DPoP key it is bound to. */
  readonly dpopThumbprint?: string;
}

/** Not an access token of this issuer, or over. */
export class AccessTokenError extends Error {
  override readonly name = 'AccessTokenError';
}

const TYP = 'at+jwt';
const LEEWAY_MS = 5000;
/** RFC 9068 2.2 wants a `client_id` in every token. */
const ANONYMOUS = 'anonymous';

/** Signs an access token (RFC 9068, RFC 9449 6.1). */
export function signAccessToken({
  token,
  signer,
  issuerIdentifier,
  now,
}: {
  token: AccessToken;
  signer: Signer;
  /** Also the audience: this server is its own resource. */
  issuerIdentifier: string;
  /** Milliseconds since the epoch. */
  now: number;
}): Promise<string> {
  const payload = {
    iss: issuerIdentifier,
    aud: issuerIdentifier,
    sub: token.sessionId,
    sid: token.sessionId,
    jti: token.tokenId,
    client_id: token.clientId ?? ANONYMOUS,
    iat: Math.floor(now / 1000),
    exp: Math.floor(token.expiresAt / 1000),
    credential_configuration_ids: token.configurationIds,
    ...(token.authorizationDetails === undefined ? {} : { authorization_details: token.authorizationDetails }),
    ...(token.dpopThumbprint === undefined ? {} : { cnf: { jkt: token.dpopThumbprint } }),
  };
  return signCompactJws({ signer, typ: TYP, payload });
}

/** Verifies one issuer's access tokens, each once per process: what passed is remembered until it ends. */
export class AccessTokenVerifier {
  readonly #issuerIdentifier: string;
  readonly #capacity: number;
  readonly #verified = new Map<string, { readonly token: AccessToken; readonly kid: string }>();
  readonly #keys = new WeakMap<PublishedJwk, KeyObject>();

  constructor({ issuerIdentifier, capacity = 10_000 }: { issuerIdentifier: string; capacity?: number }) {
    this.#issuerIdentifier = issuerIdentifier;
    this.#capacity = capacity;
  }

  /**
   * @param options.jwks the keys accepted now
   * @param options.now milliseconds since the epoch
   * @throws {AccessTokenError}
   */
  verify(text: string, { jwks, now }: { jwks: readonly PublishedJwk[]; now: number }): AccessToken {
    const fingerprint = createHash('sha256').update(text).digest('base64url');
    const known = this.#verified.get(fingerprint);
    const { token, kid } = known ?? this.#read(text, jwks);
    // A key may have been withdrawn since.
    if (!jwks.some((jwk) => jwk.kid === kid)) throw new AccessTokenError('is signed by an unknown key');
    if (token.expiresAt + LEEWAY_MS <= now) {
      this.#verified.delete(fingerprint);
      throw new AccessTokenError('has expired');
    }
    if (known === undefined) this.#remember(fingerprint, { token, kid });
    return token;
  }

  #read(text: string, jwks: readonly PublishedJwk[]): { token: AccessToken; kid: string } {
    const jws = parse(text);
    const { typ, alg, kid } = jws.header;
    if (typ !== TYP || alg !== 'ES256' || typeof kid !== 'string')
      throw new AccessTokenError('is not an access token of this issuer');
    const jwk = jwks.find((candidate) => candidate.kid === kid);
    if (jwk === undefined) throw new AccessTokenError('is signed by an unknown key');
    if (!isSignedBy(jws, { algorithm: 'ES256', key: this.#import(jwk) })) throw new AccessTokenError('has a wrong signature');
    if (jws.payload.iss !== this.#issuerIdentifier || jws.payload.aud !== this.#issuerIdentifier) {
      throw new AccessTokenError('is for another issuer');
    }
    return { token: tokenOf(jws), kid };
  }

  #remember(fingerprint: string, entry: { token: AccessToken; kid: string }): void {
    if (this.#verified.size >= this.#capacity) {
      const oldest = this.#verified.keys().next();
      if (oldest.done !== true) this.#verified.delete(oldest.value);
    }
    this.#verified.set(fingerprint, entry);
  }

  #import(jwk: PublishedJwk): KeyObject {
    const key = this.#keys.get(jwk) ?? createPublicKey({ key: { ...jwk }, format: 'jwk' });
    this.#keys.set(jwk, key);
    return key;
  }
}

function parse(text: string): CompactJws {
  try {
    return parseCompactJws(text);
  } catch (error) {
    throw error instanceof JwsError ? new AccessTokenError(error.message) : error;
  }
}

/** Only called for tokens whose signature is ours: their shape is what `signAccessToken` made. */
function tokenOf({ payload }: CompactJws): AccessToken {
  const claims = payload as {
    readonly sid: string;
    readonly jti: string;
    readonly client_id: string;
    readonly exp: number;
    readonly credential_configuration_ids: readonly string[];
    readonly authorization_details?: readonly GrantedAuthorization[];
    readonly cnf?: { readonly jkt: string };
  };
  return {
    sessionId: claims.sid,
    tokenId: claims.jti,
    ...(claims.client_id === ANONYMOUS ? {} : { clientId: claims.client_id }),
    expiresAt: claims.exp * 1000,
    configurationIds: claims.credential_configuration_ids,
    ...(claims.authorization_details === undefined ? {} : { authorizationDetails: claims.authorization_details }),
    ...(claims.cnf === undefined ? {} : { dpopThumbprint: claims.cnf.jkt }),
  };
}
