import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import type { KeyStoreName } from '../key-store.js';
import type { PublicJwk, SigningAlgorithm } from '../signer.js';
import { KeyStoreError } from './key-store-error.js';

/** A public key as a store gives it: DER SubjectPublicKeyInfo, PEM, or a JWK. */
export type PublicKeyForm = { readonly spki: Uint8Array } | { readonly pem: string } | { readonly jwk: JsonWebKey };

/**
 * The public key of a key that a store has just made.
 *
 * @throws {KeyStoreError} where it is none of that algorithm
 */
export function publicJwkFrom(store: KeyStoreName, algorithm: SigningAlgorithm, form: PublicKeyForm): PublicJwk {
  const { kty, crv, x, y } = parse(form)?.export({ format: 'jwk' }) ?? {};
  if (algorithm === 'ES256' && kty === 'EC' && crv === 'P-256' && x !== undefined && y !== undefined) return { kty, crv, x, y };
  if (algorithm === 'EdDSA' && kty === 'OKP' && crv === 'Ed25519' && x !== undefined) return { kty, crv, x };
  throw new KeyStoreError(`${store} gave no ${algorithm} public key`, { storeIsDown: false });
}

function parse(form: PublicKeyForm): KeyObject | undefined {
  try {
    if ('jwk' in form) return createPublicKey({ key: form.jwk, format: 'jwk' });
    if ('pem' in form) return createPublicKey(form.pem);
    return createPublicKey({ key: Buffer.from(form.spki), format: 'der', type: 'spki' });
  } catch {
    return undefined;
  }
}

/** @throws {KeyStoreError} not retryable, since no waiting makes a store able to */
export function requireAlgorithm(
  { name, algorithms }: { name: KeyStoreName; algorithms: readonly SigningAlgorithm[] },
  algorithm: SigningAlgorithm,
): void {
  if (algorithms.includes(algorithm)) return;
  throw new KeyStoreError(`${name} makes no ${algorithm} keys`, { storeIsDown: false, retryable: false });
}
