/** Where a compact credential's status is: the claim -65537 of MATTR's, `{2: index, 3: url}`. */
export interface CompactStatus {
  readonly url: string;
  readonly index: number;
}

/** A credential's claims as JSON shows them; the integer keys of RFC 8392 and RFC 8747 by their JWT names. */
export interface CompactClaims {
  /** The issuer's DID. */
  readonly iss: string;
  readonly sub?: string;
  readonly aud?: string;
  /** Seconds since the epoch, as the next two. */
  readonly exp?: number;
  readonly nbf?: number;
  readonly iat?: number;
  /** UUID; `cti` in the credential, its 16 bytes. */
  readonly jti: string;
  /** The holder's bare public key. */
  readonly cnf?: { readonly jwk: Readonly<Record<string, string>> };
  readonly status?: CompactStatus;
  /** Claims of any other name, under text keys: a compact credential's own, or `vc`. */
  readonly [name: string]: unknown;
}

/** The registered claims' keys (RFC 8392 4, RFC 8747 3.1); the last is private, and MATTR's. */
export const CLAIM_KEYS = { iss: 1, sub: 2, aud: 3, exp: 4, nbf: 5, iat: 6, jti: 7, cnf: 8, status: -65_537 } as const;

export type RegisteredClaim = keyof typeof CLAIM_KEYS;

/** Of the status claim's members. */
export const STATUS_KEYS = { index: 2, url: 3 } as const;

export function isRegisteredClaim(name: string): name is RegisteredClaim {
  return Object.hasOwn(CLAIM_KEYS, name);
}

/** Lone surrogates, which UTF-8 has no bytes for. */
const NO_TEXT = /\p{Surrogate}/u;

/** Whether CBOR text can hold every text and name in the JSON value: half a character is lost on the way. */
export function isCborText(value: unknown): boolean {
  if (typeof value === 'string') return !NO_TEXT.test(value);
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([name, member]) => !NO_TEXT.test(name) && isCborText(member));
}
