import type { CredentialDocument, JsonObject } from '../verifiable-credential/credential-document.js';
import { PINNED_CONTEXTS } from './pinned-contexts.js';
import { UnknownContextError } from './document-loader.js';

type Contexts = CredentialDocument['@context'];

const NONE: ReadonlyMap<string, string> = new Map();
/** Of each snapshot what was parsed: it goes with it. */
const parsed = new WeakMap<ReadonlyMap<string, string>, Map<string, Contexts>>();

/**
 * Puts contexts that the issuer uploaded in place of their URLs. That changes nothing of what is signed, and lets the library
 * keep them by their content, where one URL may have another content tomorrow.
 *
 * @param uploaded JSON text by URL
 * @throws {UnknownContextError} for a URL that is neither built in nor uploaded
 */
export function resolveContexts(contexts: Contexts, uploaded: ReadonlyMap<string, string> = NONE): Contexts {
  return contexts.flatMap((context) => {
    if (typeof context !== 'string' || PINNED_CONTEXTS.has(context)) return [context];
    return uploadedContext(context, uploaded);
  });
}

function uploadedContext(url: string, uploaded: ReadonlyMap<string, string>): Contexts {
  let known = parsed.get(uploaded);
  if (known === undefined) {
    known = new Map();
    parsed.set(uploaded, known);
  }
  let contexts = known.get(url);
  if (contexts === undefined) {
    const text = uploaded.get(url);
    if (text === undefined) throw new UnknownContextError(url);
    const { '@context': context } = JSON.parse(text) as { '@context': Contexts | Contexts[number] };
    contexts = isList(context) ? context : [context];
    known.set(url, contexts);
  }
  return contexts;
}

function isList(context: Contexts | string | JsonObject): context is Contexts {
  return Array.isArray(context);
}
