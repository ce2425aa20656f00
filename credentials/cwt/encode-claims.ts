import { encode } from 'cbor2';
import { CLAIM_KEYS, isRegisteredClaim, STATUS_KEYS, type CompactClaims, type RegisteredClaim } from './compact-claims.js';
import { coseKeyOf } from './cose-key.js';

/** Deterministically encoded (RFC 8949 4.2.1): the shortest form, members in the order of their bytes. */
export const DETERMINISTIC = { cde: true } as const;

/**
 * A credential's claims as a CWT claims set (RFC 8392 7).
 *
 * @throws {TypeError} for a `cnf` that is no key of a holder's
 */
export function encodeClaims(claims: CompactClaims): Uint8Array {
  const members = Object.entries(claims).filter(([, value]) => value !== undefined);
  return encode(
    new Map(
      members.map(([name, value]): [number | string, unknown] =>
        isRegisteredClaim(name) ? [CLAIM_KEYS[name], registeredValue(name, claims)] : [name, value],
      ),
    ),
    DETERMINISTIC,
  );
}

function registeredValue(name: RegisteredClaim, claims: CompactClaims): unknown {
  const { jti, cnf, status } = claims;
  if (name === 'jti') return new Uint8Array(Buffer.from(jti.replaceAll('-', ''), 'hex'));
  // RFC 8747 3.2: the member 1 is a COSE_Key.
  if (name === 'cnf' && cnf !== undefined) return new Map([[1, coseKeyOf(cnf.jwk)]]);
  if (name === 'status' && status !== undefined) {
    return new Map<number, unknown>([
      [STATUS_KEYS.index, status.index],
      [STATUS_KEYS.url, status.url],
    ]);
  }
  return claims[name];
}
