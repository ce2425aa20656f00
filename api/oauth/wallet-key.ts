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
  if (curve.kty === 'OKP' && isWeakPoint(Buffer.from(jwk.x ?? '', 'base64url')))
    throw new WalletKeyError('is one that anybody can sign for');
  return { jwk, thumbprint: jwkThumbprint(jwk), algorithm: curve.algorithm, key: importKey(jwk) };
}

/** Two spellings of one number would be two thumbprints of one key. */
function isCoordinate(value: unknown, bytes: number): boolean {
  if (typeof value !== 'string') return false;
  const decoded = Buffer.from(value, 'base64url');
  return decoded.length === bytes && decoded.toString('base64url') === value;
}

const P = 2n ** 255n - 19n;
/** The y of two of the points of order 8; that of the other two is its negative. */
const ORDER_8 = 0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7n;
const SMALL_ORDER = new Set([0n, 1n, P - 1n, ORDER_8, P - ORDER_8]);

/**
 * Whether an Ed25519 point is of small order, so that one signature fits most messages and no private key is needed; or
 * spelt another way than RFC 8032 5.1.2 has it. OpenSSL checks neither.
 */
function isWeakPoint(encoded: Buffer): boolean {
  const y = BigInt(`0x${Buffer.from(encoded).reverse().toString('hex')}`) & (2n ** 255n - 1n);
  return y >= P || SMALL_ORDER.has(y);
}

function importKey(jwk: Readonly<Record<string, string>>): KeyObject {
  try {
    return createPublicKey({ key: jwk, format: 'jwk' });
  } catch {
    throw new WalletKeyError('is not a point on its curve');
  }
}
