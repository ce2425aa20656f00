import type { DidDocument } from './did-document.js';
import { didJwkDocument } from './did-jwk.js';
import { didKeyDocument } from './did-key.js';

/** What a resolver answers (DID Resolution 4), as did-resolver has it. */
export interface DidResolution {
  readonly didResolutionMetadata: { readonly contentType?: string; readonly error?: string };
  readonly didDocument: DidDocument | null;
  readonly didDocumentMetadata: Readonly<Record<string, never>>;
}

/**
 * Resolves did:key and did:jwk from themselves, and other DIDs among documents at hand. Fetches nothing.
 *
 * @param documents by DID, such as `issuerDids` gives
 */
export function didResolver(documents: ReadonlyMap<string, DidDocument> = new Map()): {
  resolve(didUrl: string): Promise<DidResolution>;
} {
  return {
    resolve: (didUrl) => {
      const did = didUrl.replace(/[?#/].*$/, '');
      const didDocument = documents.get(did) ?? didKeyDocument(did) ?? didJwkDocument(did) ?? null;
      const didResolutionMetadata = didDocument === null ? { error: 'notFound' } : { contentType: 'application/did+ld+json' };
      return Promise.resolve({ didResolutionMetadata, didDocument, didDocumentMetadata: {} });
    },
  };
}
