/** What is used of packages that come without types. */

declare module '@digitalbazaar/credentials-context' {
  export const contexts: ReadonlyMap<string, { readonly '@context': Readonly<Record<string, unknown>> }>;
}

declare module '@digitalbazaar/data-integrity-context' {
  export const contexts: ReadonlyMap<string, { readonly '@context': Readonly<Record<string, unknown>> }>;
}

declare module 'jsonld-signatures' {
  type JsonObject = Readonly<Record<string, unknown>>;

  /** A key outside the library. */
  interface ExternalSigner {
    readonly id: string;
    readonly algorithm: string;
    sign(options: { readonly data: Uint8Array }): Promise<Uint8Array>;
  }

  interface Suite {
    readonly verificationMethod?: string;
  }

  interface LinkedDataSignature extends Suite {
    sign(options: { readonly verifyData: Uint8Array; readonly proof: JsonObject }): Promise<JsonObject>;
  }

  type DocumentLoader = (url: string) => Promise<object>;

  const library: {
    readonly suites: {
      readonly LinkedDataSignature: new (options: {
        readonly type: string;
        readonly signer: ExternalSigner;
        readonly date: string;
        readonly contextUrl: string;
      }) => LinkedDataSignature;
    };
    /** Knows the security contexts beside what the loader given knows. */
    readonly extendContextLoader: (loader: DocumentLoader) => DocumentLoader;
  };
  // eslint-disable-next-line no-restricted-exports -- it is how the package exports
  export default library;
  export type { ExternalSigner, Suite };
}

declare module '@digitalbazaar/data-integrity' {
  import type { ExternalSigner, Suite } from 'jsonld-signatures';
  export class DataIntegrityProof implements Suite {
    constructor(options: { readonly signer?: ExternalSigner; readonly date?: string; readonly cryptosuite: object });
    readonly verificationMethod?: string;
  }
}

declare module '@digitalbazaar/eddsa-rdfc-2022-cryptosuite' {
  export const cryptosuite: object;
}

declare module '@digitalbazaar/ecdsa-rdfc-2019-cryptosuite' {
  export const cryptosuite: object;
}

declare module '@digitalbazaar/ecdsa-sd-2023-cryptosuite' {
  export function createSignCryptosuite(options: { readonly mandatoryPointers: readonly string[] }): object;
  export function createDiscloseCryptosuite(options: { readonly selectivePointers: readonly string[] }): object;
  export function createVerifyCryptosuite(): object;
}

declare module '@digitalbazaar/vc' {
  import type { Suite } from 'jsonld-signatures';
  type JsonObject = Readonly<Record<string, unknown>>;
  type DocumentLoader = (url: string) => Promise<object>;

  /** Adds the proof to the document that it is given, and gives that. */
  export function issue(options: {
    readonly credential: JsonObject;
    readonly suite: Suite;
    readonly documentLoader: DocumentLoader;
  }): Promise<JsonObject & { readonly proof: JsonObject }>;
  export function derive(options: {
    readonly verifiableCredential: JsonObject;
    readonly suite: Suite;
    readonly documentLoader: DocumentLoader;
  }): Promise<JsonObject>;
  export function verifyCredential(options: {
    readonly credential: JsonObject;
    readonly suite: Suite;
    readonly documentLoader: DocumentLoader;
    readonly now?: Date;
    readonly checkStatus?: () => Promise<{ readonly verified: boolean }>;
  }): Promise<{ readonly verified: boolean; readonly error?: unknown }>;
}
