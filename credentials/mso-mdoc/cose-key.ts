import { bareJwk } from '../../keys/public-jwk.js';
import { CredentialContentError } from '../credential-content-error.js';
import type { HolderJwk } from '../holder-jwk.js';

/** COSE_Key labels (RFC 9052 7.1, RFC 9053 7). */
const KTY = 1;
const CRV = -1;
const X = -2;
const Y = -3;

interface Curve {
  readonly kty: number;
  readonly crv: number;
  readonly bytes: number;
  readonly coordinates: readonly (readonly [label: number, member: 'x' | 'y'])[];
}

const POINT = [
  [X, 'x'],
  [Y, 'y'],
] as const;
const CURVES: ReadonlyMap<string | undefined, Curve> = new Map([
  ['P-256', { kty: 2, crv: 1, bytes: 32, coordinates: POINT }],
  ['P-384', { kty: 2, crv: 2, bytes: 48, coordinates: POINT }],
  ['P-521', { kty: 2, crv: 3, bytes: 66, coordinates: POINT }],
  ['Ed25519', { kty: 1, crv: 6, bytes: 32, coordinates: [[X, 'x']] }],
]);

/**
 * A holder's key as a COSE_Key and nothing beside it (MDC-07): no private part, `alg` or `kid`, points uncompressed.
 *
 * @throws {CredentialContentError} for a key of another type or curve
 */
export function coseKeyOf(holderKey: HolderJwk): ReadonlyMap<number, number | Uint8Array> {
  const jwk = bare(holderKey);
  const curve = CURVES.get(jwk.crv);
  if (curve?.coordinates.length !== (jwk.kty === 'EC' ? 2 : 1)) throw unusableKey();
  const coordinates = curve.coordinates.map(([label, member]) => {
    const bytes = new Uint8Array(Buffer.from(jwk[member] ?? '', 'base64url'));
    if (bytes.length !== curve.bytes) throw unusableKey();
    return [label, bytes] as const;
  });
  return new Map<number, number | Uint8Array>([[KTY, curve.kty], [CRV, curve.crv], ...coordinates]);
}

function bare(holderKey: HolderJwk): Record<string, string> {
  try {
    return bareJwk(holderKey);
  } catch (cause) {
    throw unusableKey(cause);
  }
}

function unusableKey(cause?: unknown): CredentialContentError {
  return new CredentialContentError('the holder key is no public key that an mdoc can be bound to', { cause });
}
