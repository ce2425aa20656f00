declare module '@digitalbazaar/ed25519-multikey' {
  /** A key as these packages have it, which come without types. */
  export interface ImportedKey {
    readonly id: string;
    readonly controller: string;
    verifier(): { verify(given: { data: Uint8Array; signature: Uint8Array }): Promise<boolean> };
    export(options: { publicKey: true }): Promise<{ publicKeyMultibase: string }>;
  }
  export interface MultikeyLibrary {
    from(verificationMethod: unknown): Promise<ImportedKey>;
  }
  export function from(verificationMethod: unknown): Promise<ImportedKey>;
}

declare module '@digitalbazaar/ecdsa-multikey' {
  export { from } from '@digitalbazaar/ed25519-multikey';
}
