import { createPublicKey, verify, type KeyObject } from 'node:crypto';
import type { KeyStore, KeyStoreName } from '../key-store.js';
import { jwkThumbprint } from '../public-jwk.js';
import type { Signer } from '../signer.js';
import { KeyStoreError } from './key-store-error.js';

/** A key of a store, as `KeyStore.signer` takes it. */
export type KeyInStore = Parameters<KeyStore['signer']>[0];

const SIGNATURE_BYTES = 64;

/**
 * The signer of a key in a store. A signature that does not verify with the key on record is never given out.
 *
 * @param options.sign gives the raw signature over the data
 */
export function checkedSigner({
  store,
  key: { publicJwk, algorithm, certificateChain },
  sign,
}: {
  store: KeyStoreName;
  key: KeyInStore;
  sign: (data: Uint8Array) => Promise<Uint8Array>;
}): Signer {
  const publicKey = createPublicKey({ key: { ...publicJwk }, format: 'jwk' });
  return Object.freeze({
    keyId: jwkThumbprint({ ...publicJwk }),
    remote: true,
    algorithm,
    publicJwk,
    certificateChain,
    sign: async (data: Uint8Array) => {
      const signature = new Uint8Array(await sign(data));
      if (signature.length === SIGNATURE_BYTES && (await verifies(publicKey, data, signature))) return signature;
      throw new KeyStoreError(`${store} answered with a signature that does not verify`, { storeIsDown: true });
    },
  });
}

function verifies(publicKey: KeyObject, data: Uint8Array, signature: Uint8Array): Promise<boolean> {
  const digest = publicKey.asymmetricKeyType === 'ec' ? 'sha256' : null;
  return new Promise((resolve, reject) => {
    verify(digest, data, { key: publicKey, dsaEncoding: 'ieee-p1363' }, signature, (error, result) => {
      if (error === null) resolve(result);
      else reject(error);
    });
  });
}
