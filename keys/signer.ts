/** JOSE algorithm of a signing key. */
export type SigningAlgorithm = 'ES256';

/** A bare public EC key: exactly the members RFC 7638 hashes. */
export interface PublicJwk {
  readonly kty: 'EC';
  readonly crv: 'P-256';
  readonly x: string;
  readonly y: string;
}

/** The port behind which a private key lives: on this machine, in an HSM, or in a KMS. */
export interface Signer {
  /** RFC 7638 thumbprint of the public key, base64url. */
  readonly keyId: string;
  readonly algorithm: SigningAlgorithm;
  readonly publicJwk: PublicJwk;
  /** X.509 chain, leaf first and without the root, as base64 (not base64url) DER; empty where the key has none. */
  readonly certificateChain: readonly string[];
  /**
   * Signs bytes (hashing them as the algorithm says).
   *
   * @returns the raw signature `r || s` (64 bytes for ES256), as JOSE and COSE want it
   * @throws {SignerError} when the key cannot be used now
   */
  sign(data: Uint8Array): Promise<Uint8Array>;
}

/** A signer could not sign. `retryable` says whether waiting may help. */
export class SignerError extends Error {
  override readonly name = 'SignerError';
  readonly retryable: boolean;
  constructor(message: string, options: { retryable: boolean; cause?: unknown }) {
    super(message, { cause: options.cause });
    this.retryable = options.retryable;
  }
}
