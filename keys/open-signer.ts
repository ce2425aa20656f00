import type { SigningKeyDocument } from '../store/documents.js';
import type { KeyEncryptionRing } from './key-encryption.js';
import type { KeyStores } from './key-store.js';
import { createLocalSigner } from './local-signer.js';
import { SignerError, type Signer } from './signer.js';

/** What opens the issuer's keys: the key-encryption keys for those that are here, key stores for the others. */
export interface KeyAccess {
  readonly ring: KeyEncryptionRing;
  /** Absent where every key is here. */
  readonly stores?: KeyStores;
}

/**
 * The signer of a key on record, wherever its private half lives.
 *
 * @param options.certificateChain instead of the key's own, for keys whose certificate another record holds
 * @throws {SignerError} where its store is not configured, or it does not unwrap
 */
export function openSigner({
  document,
  access: { ring, stores },
  certificateChain = document.certificateChain,
}: {
  document: SigningKeyDocument;
  access: KeyAccess;
  certificateChain?: readonly string[];
}): Signer {
  const { remote, publicJwk, algorithm } = document;
  if (remote === undefined) return createLocalSigner({ document: { ...document, certificateChain }, ring });
  const store = stores?.get(remote.store);
  if (store === undefined) {
    throw new SignerError(`signing key ${document._id} is in a key store (${remote.store}) that is not configured`, {
      retryable: true,
    });
  }
  return store.signer({ reference: remote, publicJwk, algorithm, certificateChain });
}
