import jsonld from 'jsonld';
import type { JsonObject } from '../verifiable-credential/credential-document.js';
import { loadPinnedDocument, UnknownContextError } from './document-loader.js';
import { PINNED_CONTEXTS } from './pinned-contexts.js';

/** What is wrong with a context that somebody uploads. */
export interface ContextFault {
  readonly member: 'url' | 'content';
  /** A sentence without its subject. */
  readonly message: string;
}

/**
 * What keeps a context from being used, if anything. It may refer to built-in contexts, and to no others: what those say
 * could change.
 */
export async function contextFault(url: string, content: JsonObject): Promise<ContextFault | undefined> {
  if (PINNED_CONTEXTS.has(url)) return { member: 'url', message: 'is built in, and cannot be replaced' };
  const foreign = references(content['@context']).find((reference) => !PINNED_CONTEXTS.has(reference));
  if (foreign !== undefined) return { member: 'content', message: 'refers to a context that is not built in' };
  try {
    // An object with one property, so that the context is processed.
    const sample = { '@context': content['@context'], 'urn:p': 'v' };
    await jsonld.expand(sample as jsonld.JsonLdDocument, { base: null, documentLoader: loadPinnedDocument } as object);
    return undefined;
  } catch (error) {
    if (error instanceof UnknownContextError) return { member: 'content', message: 'refers to a context that is not built in' };
    const { details } = error as { details?: { code?: unknown } };
    if (typeof details?.code === 'string') return { member: 'content', message: `is no JSON-LD context: ${details.code}` };
    throw error;
  }
}

/** URLs of contexts anywhere in a context: beside others, scoped to a term, or imported. */
function references(context: unknown): string[] {
  if (typeof context === 'string') return [context];
  if (Array.isArray(context)) return context.flatMap(references);
  if (typeof context !== 'object' || context === null) return [];
  return Object.entries(context).flatMap(([term, definition]: [string, unknown]) => {
    if (term === '@import') return references(definition);
    if (typeof definition !== 'object' || definition === null || !Object.hasOwn(definition, '@context')) return [];
    return references((definition as JsonObject)['@context']);
  });
}
