import type { KeyPurpose } from '../store/documents.js';
import type { PublicJwk, Signer, SigningAlgorithm } from './signer.js';

/** A place outside this program that keeps private keys and signs with them. */
export type KeyStoreName = 'pkcs11' | 'aws-kms' | 'google-kms' | 'azure-key-vault';

/** A private key in a key store. */
export interface RemoteKeyReference {
  readonly store: KeyStoreName;
  /** How the store names it: a PKCS #11 label, an ARN, a resource name, a key identifier. Never a secret. */
  readonly key: string;
}

/** A key that a store has just made. */
export interface StoredKey {
  readonly reference: RemoteKeyReference;
  readonly publicJwk: PublicJwk;
}

/** The adapter to one key store. */
export interface KeyStore {
  readonly name: KeyStoreName;
  /** Algorithms of keys that it can make. */
  readonly algorithms: readonly SigningAlgorithm[];
  /**
   * Makes a key that never leaves the store.
   *
   * @param options.label what the store shows to its own operators; unique
   * @throws {SignerError}
   */
  generate(options: { readonly algorithm: SigningAlgorithm; readonly label: string }): Promise<StoredKey>;
  /** Signs with a key of the store. Nothing is asked of the store until the first signature. */
  signer(key: StoredKey & { readonly algorithm: SigningAlgorithm; readonly certificateChain: readonly string[] }): Signer;
  close(): Promise<void>;
}

/** The key stores that are configured. */
export interface KeyStores {
  get(name: KeyStoreName): KeyStore | undefined;
  /** Where new keys of a purpose are made; absent: here. */
  forPurpose(purpose: KeyPurpose): KeyStore | undefined;
  close(): Promise<void>;
}

/** For where there is none. */
export const NO_KEY_STORES: KeyStores = {
  get: () => undefined,
  forPurpose: () => undefined,
  close: () => Promise.resolve(),
};
