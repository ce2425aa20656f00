import { createHash, randomBytes } from 'node:crypto';
import type { Request } from 'express';
import type { Database } from '../../store/database.js';
import { spendOnce } from '../../store/spent.js';
import { OAuthError } from '../http/errors.js';
import type { DpopNonces } from './dpop-nonce.js';
import { isSignedBy, JwsError, parseCompactJws, WALLET_ALGORITHMS, type CompactJws } from './jws.js';
import { importWalletKey, WalletKeyError, type WalletKey } from './wallet-key.js';

/** What a DPoP proof is checked against. */
export interface DpopExpectation {
  readonly method: string;
  /** The endpoint's public URL; never made from the Host header. */
  readonly url: string;
  /** The access token the proof comes with, at protected resources. */
  readonly accessToken?: string;
  /** Whether a nonce of ours is current; `mint` makes one to answer with. Without it no nonce is asked for. */
  readonly nonce?: DpopNonces;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** A proof that passed, still to be spent. */
export interface DpopProof {
  /** RFC 7638 thumbprint of its key, base64url. */
  readonly thumbprint: string;
  readonly jti: string;
}

const OLDEST_SECONDS = 60;
const NEWEST_SECONDS = 10;
const LONGEST_JTI = 256;

/** `invalid_dpop_proof` as the token endpoint answers it; protected resources turn it into a 401. */
export function dpopError(description: string): OAuthError {
  return new OAuthError('invalid_dpop_proof', description);
}

/**
 * The request's DPoP proof; `undefined` where there is none.
 *
 * @throws {OAuthError} `invalid_dpop_proof` for more than one (RFC 9449 4.3, check 1)
 */
export function dpopHeader(request: Pick<Request, 'headersDistinct'>): string | undefined {
  const values = request.headersDistinct.dpop ?? [];
  if (values.length > 1) throw dpopError('send exactly one DPoP header');
  return values[0];
}

/**
 * Checks a DPoP proof (RFC 9449 4.3) in all but its single use, without I/O.
 *
 * @throws {OAuthError} `invalid_dpop_proof`, or `use_dpop_nonce` with a `DPoP-Nonce` header where a nonce is asked for
 */
export function verifyDpopProof(proof: string, expected: DpopExpectation): DpopProof {
  const jws = parse(proof);
  const key = signingKey(jws);
  if (!isSignedBy(jws, key)) throw dpopError('the signature of the DPoP proof does not fit its jwk');
  const { htm, htu, iat, jti, ath, nonce } = jws.payload;
  if (htm !== expected.method) throw dpopError('htm of the DPoP proof must be the method of the request');
  if (typeof htu !== 'string' || normalized(htu) !== normalized(expected.url)) {
    throw dpopError(`htu of the DPoP proof must be ${expected.url}`);
  }
  if (typeof jti !== 'string' || jti === '' || jti.length > LONGEST_JTI)
    throw dpopError('jti of the DPoP proof must be a unique string');
  checkTime(iat, expected.now);
  if (expected.accessToken !== undefined && ath !== sha256(expected.accessToken)) {
    throw dpopError('ath of the DPoP proof must be the hash of the access token');
  }
  checkNonce(nonce, expected.nonce);
  return { thumbprint: key.thumbprint, jti };
}

/**
 * Spends a proof, in all processes (RFC 9449 11.1). Unlike a nonce not even the same request may use it twice.
 *
 * @throws {OAuthError} `invalid_dpop_proof` where it was used
 */
export async function spendDpopProof({
  db,
  issuerId,
  proof,
  now,
}: {
  db: Database;
  issuerId: string;
  proof: DpopProof;
  now: number;
}): Promise<void> {
  const id = `${issuerId}/dpop/${sha256(`${proof.thumbprint}\0${proof.jti}`)}`;
  // Random: only the driver's own retry of this very insert counts as the same use.
  const usedBy = randomBytes(16).toString('base64url');
  const expireAt = new Date(now + 2 * (OLDEST_SECONDS + NEWEST_SECONDS) * 1000);
  if (!(await spendOnce({ db, id, issuerId, usedBy, expireAt })))
    throw dpopError('the DPoP proof was used; make a new one for each request');
}

function parse(proof: string): CompactJws {
  try {
    const jws = parseCompactJws(proof);
    if (jws.header.typ !== 'dpop+jwt') throw new JwsError('has another typ than dpop+jwt');
    return jws;
  } catch (error) {
    throw error instanceof JwsError ? dpopError(`the DPoP proof ${error.message}`) : error;
  }
}

function signingKey({ header }: CompactJws): WalletKey {
  if (!WALLET_ALGORITHMS.some((algorithm) => algorithm === header.alg)) {
    throw dpopError(`alg of the DPoP proof must be one of ${WALLET_ALGORITHMS.join(', ')}`);
  }
  try {
    const key = importWalletKey(header.jwk);
    if (key.algorithm !== header.alg) throw new WalletKeyError('does not fit alg');
    return key;
  } catch (error) {
    throw error instanceof WalletKeyError ? dpopError(`jwk of the DPoP proof ${error.message}`) : error;
  }
}

function checkTime(iat: unknown, now: number): void {
  const age = typeof iat === 'number' ? now / 1000 - iat : Number.NaN;
  if (!(age <= OLDEST_SECONDS && age >= -NEWEST_SECONDS)) {
    throw dpopError('iat of the DPoP proof must be the current time in seconds; check the clock');
  }
}

function checkNonce(nonce: unknown, required: DpopExpectation['nonce']): void {
  if (required === undefined || (typeof nonce === 'string' && required.isCurrent(nonce))) return;
  throw new OAuthError('use_dpop_nonce', 'use the nonce of the DPoP-Nonce header in the DPoP proof', {
    headers: { 'DPoP-Nonce': required.mint() },
  });
}

/** Scheme, host and port as RFC 3986 6.2.2 and 6.2.3 normalise them; without query and fragment (RFC 9449 4.3, check 9). */
function normalized(value: string): string | undefined {
  if (!URL.canParse(value)) return undefined;
  const { origin, pathname } = new URL(value);
  return origin + pathname;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
