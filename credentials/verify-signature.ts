import { createPublicKey, verify, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import type { Signer } from '../keys/signer.js';

const publicKeys = new WeakMap<Signer, KeyObject>();

/** Whether a raw signature over the data is that of the signer's key; off the event loop. */
export async function verifiesWith(signer: Signer, data: Uint8Array, signature: Uint8Array): Promise<boolean> {
  const digest = signer.algorithm === 'ES256' ? 'sha256' : null;
  return verifyAsync(digest, data, { key: publicKeyOf(signer), dsaEncoding: 'ieee-p1363' }, signature);
}

/** The signer's key, read once. */
export function publicKeyOf(signer: Signer): KeyObject {
  let key = publicKeys.get(signer);
  if (key === undefined) {
    key = createPublicKey({ key: { ...signer.publicJwk }, format: 'jwk' });
    publicKeys.set(signer, key);
  }
  return key;
}

const verifyAsync = promisify<string | null, Uint8Array, { key: KeyObject; dsaEncoding: 'ieee-p1363' }, Uint8Array, boolean>(
  verify,
);
