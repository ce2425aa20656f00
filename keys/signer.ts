/** JOSE algorithm of a signing key. */
export type SigningAlgorithm = 'ES256' | 'EdDSA';

export interface EcPublicJwk {
  readonly kty: 'EC';
  readonly crv: 'P-256';
  readonly x: string;
  readonly y: string;
}

export interface OkpPublicJwk {
  readonly kty: 'OKP';
  readonly crv: 'Ed25519';
  readonly x: string;
}

/** A bare public key: exactly the members RFC 7638 hashes. EC for ES256, OKP for EdDSA. */
export type PublicJwk = EcPublicJwk | OkpPublicJwk;

/** The port behind which a private key lives: on this machine, in an HSM, or in a KMS. */
export interface Signer {
  /** RFC 7638 thumbprint of the public key, base64url. */
  readonly keyId: string;
  /** Whether each signature is a call to a key store. */
  readonly remote: boolean;
  readonly algorithm: SigningAlgorithm;
  readonly publicJwk: PublicJwk;
  /** X.509 chain, leaf first and without the root, as base64 (not base64url) DER; empty where the key has none. */
  readonly certificateChain: readonly string[];
  /**
   * Signs bytes (hashing them as the algorithm says).
   *
   * @returns the raw signature (for ES256 `r || s`), 64 bytes, as JOSE and COSE want it
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
