import { createPublicKey, verify } from 'node:crypto';
import type { PublicJwk } from '../../../keys/signer.js';

/** Whether a raw signature is one of that key over the data. */
export function verifiesWith(publicJwk: PublicJwk, data: Uint8Array, signature: Uint8Array): boolean {
  const key = createPublicKey({ key: { ...publicJwk }, format: 'jwk' });
  return verify(publicJwk.kty === 'EC' ? 'sha256' : null, data, { key, dsaEncoding: 'ieee-p1363' }, signature);
}
