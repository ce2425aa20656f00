import { createPrivateKey, createPublicKey, sign, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import type { SigningKeyDocument } from '../store/documents.js';
import type { KeyEncryptionRing } from './key-encryption.js';
import { jwkThumbprint } from './public-jwk.js';
import { SignerError, type PublicJwk, type Signer, type SigningAlgorithm } from './signer.js';

/**
 * A signer whose private key lives on this machine: unwrapped once, held as a key object, used off the event loop.
 *
 * @throws {SignerError} when the key does not unwrap, or is not the private half of the public key on record
 */
export function createLocalSigner({ document, ring }: { document: SigningKeyDocument; ring: KeyEncryptionRing }): Signer {
  const privateKey = unwrapPrivateKey(document, ring);
  return signerOf({ privateKey, certificateChain: document.certificateChain });
}

/** A signer over a private key at hand: P-256 or Ed25519. */
export function signerOf({
  privateKey,
  certificateChain = [],
}: {
  privateKey: KeyObject;
  certificateChain?: readonly string[];
}): Signer {
  const publicJwk = publicJwkOf(privateKey);
  const keyId = jwkThumbprint({ ...publicJwk });
  const digest = publicJwk.kty === 'EC' ? 'sha256' : null;
  return Object.freeze({
    keyId,
    remote: false,
    algorithm: algorithmOf(publicJwk),
    publicJwk,
    certificateChain,
    sign: async (data: Uint8Array) => {
      try {
        return new Uint8Array(await signAsync(digest, data, { key: privateKey, dsaEncoding: 'ieee-p1363' }));
      } catch (cause) {
        throw new SignerError(`signing with key ${keyId} failed`, { retryable: false, cause });
      }
    },
  });
}

/** The one algorithm that a key of this type signs with. */
export function algorithmOf({ kty }: PublicJwk): SigningAlgorithm {
  return kty === 'EC' ? 'ES256' : 'EdDSA';
}

const signAsync = promisify<string | null, Uint8Array, { key: KeyObject; dsaEncoding: 'ieee-p1363' }, Buffer>(sign);

/** @throws {TypeError} for anything but a P-256 or Ed25519 key */
function publicJwkOf(privateKey: KeyObject): PublicJwk {
  const { kty, crv, x, y } = createPublicKey(privateKey).export({ format: 'jwk' });
  if (kty === 'EC' && crv === 'P-256' && x !== undefined && y !== undefined) return { kty, crv, x, y };
  if (kty === 'OKP' && crv === 'Ed25519' && x !== undefined) return { kty, crv, x };
  throw new TypeError('the key is neither a P-256 nor an Ed25519 key');
}

function unwrapPrivateKey({ _id, keyId, privateKey }: SigningKeyDocument, ring: KeyEncryptionRing): KeyObject {
  let key: KeyObject;
  try {
    if (privateKey === undefined) throw new TypeError('no private key on record');
    const pkcs8 = Buffer.from(ring.unwrap(privateKey, keyId));
    key = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
    pkcs8.fill(0);
  } catch (cause) {
    throw new SignerError(`signing key ${_id} does not unwrap with the key-encryption keys at hand`, { retryable: false, cause });
  }
  if (jwkThumbprint({ ...publicJwkOf(key) }) !== keyId) {
    throw new SignerError(`signing key ${_id} is not the private half of the public key on record`, { retryable: false });
  }
  return key;
}
