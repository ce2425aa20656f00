import { ECDH } from 'node:crypto';
import { base58btc } from 'multiformats/bases/base58';
import type { PublicJwk } from './signer.js';

/** The codes of public keys in the multicodec table, as varints; and how long such a key is. */
const ED25519 = { prefix: Buffer.from([0xed, 0x01]), bytes: 32 } as const;
const P256 = { prefix: Buffer.from([0x80, 0x24]), bytes: 33 } as const;
const COORDINATE_BYTES = 32;
const LONGEST_MULTIKEY = 64;

/** A public key as a multibase text: base58btc of multicodec and key, P-256 compressed (Controlled Identifiers 2.2.2). */
export function multikeyOf(publicJwk: PublicJwk): string {
  const prefix = publicJwk.kty === 'OKP' ? ED25519.prefix : P256.prefix;
  return base58btc.encode(Buffer.concat([prefix, rawKey(publicJwk)]));
}

/** The bare key in base58, as `Ed25519VerificationKey2018` has it. */
export function base58KeyOf(publicJwk: PublicJwk): string {
  return base58btc.baseEncode(rawKey(publicJwk));
}

/**
 * The key in a multibase text.
 *
 * @returns undefined for what is no P-256 or Ed25519 key
 */
export function jwkOfMultikey(text: string): PublicJwk | undefined {
  const bytes = decode(text);
  if (bytes === undefined) return undefined;
  const [prefix, key] = [bytes.subarray(0, 2), bytes.subarray(2)];
  if (prefix.equals(ED25519.prefix) && key.length === ED25519.bytes)
    return { kty: 'OKP', crv: 'Ed25519', x: key.toString('base64url') };
  return prefix.equals(P256.prefix) && key.length === P256.bytes ? uncompressed(key) : undefined;
}

function decode(text: string): Buffer | undefined {
  if (text.length > LONGEST_MULTIKEY) return undefined;
  try {
    return Buffer.from(base58btc.decode(text));
  } catch {
    return undefined;
  }
}

function rawKey(publicJwk: PublicJwk): Buffer {
  const x = Buffer.from(publicJwk.x, 'base64url');
  if (publicJwk.kty === 'OKP') return x;
  const isOdd = ((Buffer.from(publicJwk.y, 'base64url').at(-1) ?? 0) & 1) === 1;
  return Buffer.concat([Buffer.from([isOdd ? 3 : 2]), x]);
}

function uncompressed(key: Buffer): PublicJwk | undefined {
  try {
    const point = ECDH.convertKey(key, 'prime256v1', undefined, undefined, 'uncompressed') as Buffer;
    return {
      kty: 'EC',
      crv: 'P-256',
      x: point.subarray(1, 1 + COORDINATE_BYTES).toString('base64url'),
      y: point.subarray(1 + COORDINATE_BYTES).toString('base64url'),
    };
  } catch {
    return undefined;
  }
}
