import {
  CLAIM_KEYS,
  isRegisteredClaim,
  STATUS_KEYS,
  type CompactClaims,
  type CompactStatus,
  type RegisteredClaim,
} from './compact-claims.js';
import { CompactDecodeError } from './compact-decode-error.js';
import type { CompactProfile } from './compact-profile.js';
import { jwkOfCoseKey } from './cose-key.js';

const NAMES: ReadonlyMap<unknown, RegisteredClaim> = new Map(
  Object.entries(CLAIM_KEYS).map(([name, key]) => [key, name as RegisteredClaim]),
);

/**
 * The claims of a decoded claims set, as JSON.
 *
 * @throws {CompactDecodeError} for an unknown integer key, a claim of another type than its own, and a missing `iss` or `cti`
 */
export function readClaims(set: unknown, profile: CompactProfile): CompactClaims {
  if (!(set instanceof Map)) throw new CompactDecodeError('has a payload that is no CWT claims set');
  const claims: Record<string, unknown> = Object.fromEntries(
    [...(set as ReadonlyMap<unknown, unknown>)].map(([key, value]) => readClaim(key, value)),
  );
  const { iss, jti } = claims;
  if (typeof iss !== 'string' || typeof jti !== 'string') throw new CompactDecodeError('lacks its iss or cti');
  if (profile === 'compact-semantic' && !isPlainObject(claims.vc)) throw new CompactDecodeError('lacks its vc claim');
  return { ...claims, iss, jti };
}

function readClaim(key: unknown, value: unknown): [string, unknown] {
  const name = NAMES.get(key);
  if (name !== undefined) return [name, READERS[name](value) ?? unreadable(name)];
  if (typeof key !== 'string' || isRegisteredClaim(key)) throw new CompactDecodeError('has a claim whose key means nothing here');
  return [key, isJson(value) ? value : unreadable(key)];
}

function unreadable(name: string): never {
  throw new CompactDecodeError(`has a value of ${isRegisteredClaim(name) ? name : 'a claim'} that JSON has no word for`);
}

const READERS: Readonly<Record<RegisteredClaim, (value: unknown) => unknown>> = {
  iss: text,
  sub: text,
  aud: text,
  exp: numericDate,
  nbf: numericDate,
  iat: numericDate,
  jti: uuid,
  cnf: confirmation,
  status,
};

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function numericDate(value: unknown): number | undefined {
  return Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : undefined;
}

function uuid(value: unknown): string | undefined {
  if (!(value instanceof Uint8Array) || value.length !== 16) return undefined;
  return Buffer.from(value)
    .toString('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function confirmation(value: unknown): CompactClaims['cnf'] {
  const jwk = value instanceof Map && value.size === 1 ? jwkOfCoseKey(value.get(1)) : undefined;
  return jwk === undefined ? undefined : { jwk };
}

function status(value: unknown): CompactStatus | undefined {
  if (!(value instanceof Map) || value.size !== 2) return undefined;
  const url: unknown = value.get(STATUS_KEYS.url);
  const index = numericDate(value.get(STATUS_KEYS.index));
  return typeof url === 'string' && index !== undefined ? { url, index } : undefined;
}

function isJson(value: unknown): boolean {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return true;
  if (typeof value === 'number') return Number.isFinite(value);
  if (Array.isArray(value)) return value.every(isJson);
  return isPlainObject(value) && Object.values(value).every(isJson);
}

/** What maps with text keys alone are decoded to; others become a Map. */
function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
