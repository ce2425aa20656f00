import { createPublicKey, type KeyObject } from 'node:crypto';
import { bareJwk, jwkThumbprint } from '../../keys/public-jwk.js';
import type { WalletAlgorithm } from './jws.js';

/** A wallet's public key, checked. */
export interface WalletKey {
  /** Bare: exactly the members that RFC 7638 hashes. */
  readonly jwk: Readonly<Record<string, string>>;
  /** RFC 7638 SHA-256 thumbprint, base64url. */
  readonly thumbprint: string;
  /** The one algorithm a key of this type signs with. */
  readonly algorithm: WalletAlgorithm;
  readonly key: KeyObject;
}

/** Not a public key that wallets may use here. The message says what is wrong, and repeats nothing of the key. */
export class WalletKeyError extends Error {
  override readonly name = 'WalletKeyError';
}

interface Curve {
  readonly kty: 'EC' | 'OKP';
  readonly algorithm: WalletAlgorithm;
  readonly coordinates: readonly ('x' | 'y')[];
  readonly bytes: number;
}

const CURVES: ReadonlyMap<unknown, Curve> = new Map<unknown, Curve>([
  ['P-256', { kty: 'EC', algorithm: 'ES256', coordinates: ['x', 'y'], bytes: 32 }],
  ['P-384', { kty: 'EC', algorithm: 'ES384', coordinates: ['x', 'y'], bytes: 48 }],
  ['Ed25519', { kty: 'OKP', algorithm: 'EdDSA', coordinates: ['x'], bytes: 32 }],
]);

const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv'];

/**
 * Checks and imports a public JWK: P-256, P-384 or Ed25519, a point on its curve, canonically encoded, without any
 * private member.
 *
 * @throws {WalletKeyError}
 */
export function importWalletKey(value: unknown): WalletKey {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new WalletKeyError('is not a JSON object');
  const given = value as Readonly<Record<string, unknown>>;
  if (PRIVATE_MEMBERS.some((member) => given[member] !== undefined)) throw new WalletKeyError('holds private key material');
  const curve = CURVES.get(given.crv);
  if (curve === undefined || given.kty !== curve.kty) throw new WalletKeyError('is not a P-256, P-384 or Ed25519 key');
  if (given.use !== undefined && given.use !== 'sig') throw new WalletKeyError('is not for signatures');
  if (given.alg !== undefined && given.alg !== curve.algorithm)
    throw new WalletKeyError('names an alg that its curve does not have');
  if (!curve.coordinates.every((name) => isCoordinate(given[name], curve.bytes))) {
    throw new WalletKeyError('has a coordinate that is not base64url of the right length');
  }
  const jwk = bareJwk(given);
  return { jwk, thumbprint: jwkThumbprint(jwk), algorithm: curve.algorithm, key: importKey(jwk) };
}

/** Two spellings of one number would be two thumbprints of one key. */
function isCoordinate(value: unknown, bytes: number): boolean {
  if (typeof value !== 'string') return false;
  const decoded = Buffer.from(value, 'base64url');
  return decoded.length === bytes && decoded.toString('base64url') === value;
}

function importKey(jwk: Readonly<Record<string, string>>): KeyObject {
  try {
    return createPublicKey({ key: jwk, format: 'jwk' });
  } catch {
    throw new WalletKeyError('is not a point on its curve');
  }
}
