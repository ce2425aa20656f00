import { createHash, randomBytes } from 'node:crypto';
import type { Database } from '../../store/database.js';
import type { WalletClientDocument } from '../../store/documents.js';
import { spendOnce } from '../../store/spent.js';
import { invalidClient } from './client-credentials.js';
import { isSignedBy, JwsError, parseCompactJws, type CompactJws } from './jws.js';
import { importWalletKey, WalletKeyError, type WalletKey } from './wallet-key.js';

/** A client assertion taken apart (RFC 7523 2.2): it says who it is of, and nothing of it is verified yet. */
export interface ClientAssertion {
  readonly clientId: string;
  readonly jws: CompactJws;
}

/** An assertion that passed, still to be spent. */
export interface VerifiedAssertion {
  readonly clientId: string;
  readonly jti: string;
  /** Milliseconds since the epoch. */
  readonly acceptedUntil: number;
}

type Jwk = NonNullable<WalletClientDocument['jwks']>['keys'][number];

const LONGEST_LIFE_SECONDS = 300;
const LEEWAY_SECONDS = 10;
const LONGEST_JTI = 256;
/** Kept this much longer than accepted, so that clocks of processes may differ. */
const KEPT_LONGER_MS = 60_000;
/** What else may be signed with the same key has a typ of its own. */
const TYPES: readonly unknown[] = [undefined, 'JWT', 'jwt', 'client-authentication+jwt'];

const imported = new WeakMap<Jwk, WalletKey>();

/** @throws {OAuthError} `invalid_client` for what is no JWT with `iss` and `sub` of one client */
export function readClientAssertion(text: string): ClientAssertion {
  const jws = parse(text);
  const { iss, sub } = jws.payload;
  if (typeof sub !== 'string' || sub === '' || iss !== sub) throw refused('must have the client_id as iss and as sub');
  return { clientId: sub, jws };
}

/**
 * Checks an assertion by the client's registered keys in all but its single use, without I/O (RFC 7523 3).
 *
 * @param options.audiences the issuer identifier (FAPI 2.0 5.3.2.1), and what older wallets send in its place; `aud` must be
 *   one of them, as a string
 * @param options.now milliseconds since the epoch
 * @throws {OAuthError} `invalid_client`
 */
export function verifyClientAssertion(
  { clientId, jws }: ClientAssertion,
  { client, audiences, now }: { client: WalletClientDocument; audiences: readonly string[]; now: number },
): VerifiedAssertion {
  if (!TYPES.includes(jws.header.typ)) throw refused('has a typ of something else');
  const key = signingKey(jws, client.jwks?.keys ?? []);
  if (jws.header.alg !== key.algorithm) throw refused('has an alg that its key does not sign with');
  if (!isSignedBy(jws, key)) throw refused('has a wrong signature');
  const { aud, exp, iat, nbf, jti } = jws.payload;
  if (typeof aud !== 'string' || !audiences.includes(aud)) throw refused(`must have ${audiences[0] ?? ''} as its only aud`);
  if (typeof jti !== 'string' || jti === '' || jti.length > LONGEST_JTI) throw refused('must have a unique string as jti');
  checkTimes({ exp, iat, nbf, now: now / 1000 });
  return { clientId, jti, acceptedUntil: ((exp as number) + LEEWAY_SECONDS) * 1000 };
}

/**
 * Spends an assertion, in all processes.
 *
 * @throws {OAuthError} `invalid_client` where it was used
 */
export async function spendClientAssertion(
  { clientId, jti, acceptedUntil }: VerifiedAssertion,
  { db, issuerId }: { db: Database; issuerId: string },
): Promise<void> {
  const id = `${issuerId}/client-assertion/${createHash('sha256').update(`${clientId}\0${jti}`).digest('base64url')}`;
  // Random: only the driver's own retry of this very insert counts as the same use.
  const usedBy = randomBytes(16).toString('base64url');
  const expireAt = new Date(acceptedUntil + KEPT_LONGER_MS);
  if (!(await spendOnce({ db, id, issuerId, usedBy, expireAt }))) throw refused('was used before: make a new one');
}

function parse(text: string): CompactJws {
  try {
    return parseCompactJws(text);
  } catch (error) {
    throw error instanceof JwsError ? refused(error.message) : error;
  }
}

function signingKey({ header }: CompactJws, keys: readonly Jwk[]): WalletKey {
  const [only] = keys;
  const isOnly = keys.length === 1 && (header.kid === undefined || only?.kid === undefined);
  const [jwk, another] = isOnly ? keys : keys.filter(({ kid }) => kid !== undefined && kid === header.kid);
  if (jwk === undefined || another !== undefined) throw refused('must name one of the registered keys by kid');
  try {
    const key = imported.get(jwk) ?? importWalletKey(jwk);
    imported.set(jwk, key);
    return key;
  } catch (error) {
    throw error instanceof WalletKeyError ? refused(`is of a registered key that ${error.message}`) : error;
  }
}

function checkTimes({ exp, iat, nbf, now }: { exp: unknown; iat: unknown; nbf: unknown; now: number }): void {
  if (typeof exp !== 'number' || exp + LEEWAY_SECONDS <= now) throw refused('has expired, or has no exp; check the clock');
  if (exp > now + LONGEST_LIFE_SECONDS + LEEWAY_SECONDS) throw refused('must expire within five minutes');
  const isPast = (time: unknown) => time === undefined || (typeof time === 'number' && time <= now + LEEWAY_SECONDS);
  if (!isPast(iat) || !isPast(nbf)) throw refused('has an iat or nbf that is not in the past; check the clock');
}

function refused(fault: string) {
  return invalidClient(`client_assertion ${fault}`, 'private_key_jwt');
}
