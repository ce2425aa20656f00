import type { JsonObject } from '../verifiable-credential/credential-document.js';
import { PINNED_CONTEXTS } from './pinned-contexts.js';

/** A JSON-LD document, in the form that the libraries take. */
interface RemoteDocument {
  readonly contextUrl: null;
  readonly documentUrl: string;
  readonly document: JsonObject;
  /** The same for good: the library may keep it. */
  readonly tag: 'static';
}

/** No context of this URL is built in, and it is fetched from nowhere. */
export class UnknownContextError extends Error {
  override readonly name = 'UnknownContextError';
  constructor(readonly url: string) {
    super('the context is not built in, and contexts are never fetched');
  }
}

/**
 * Loads the contexts that are built in, and nothing else.
 *
 * @throws {UnknownContextError}
 */
export function loadPinnedDocument(url: string): Promise<RemoteDocument> {
  const document = PINNED_CONTEXTS.get(url);
  if (document === undefined) return Promise.reject(new UnknownContextError(url));
  return Promise.resolve({ contextUrl: null, documentUrl: url, document, tag: 'static' });
}
