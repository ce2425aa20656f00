import { didVerificationMethod, singleKeyDocument, type DidDocument, type KeyRepresentation } from './did-document.js';
import { jwkOfMultikey, multikeyOf } from './did-multikey.js';
import type { PublicJwk } from './signer.js';

const PREFIX = 'did:key:';

/** The did:key of a public key, and the DID URL of that key. */
export function didKeyOf(publicJwk: PublicJwk): { readonly did: string; readonly verificationMethod: string } {
  const multikey = multikeyOf(publicJwk);
  return { did: PREFIX + multikey, verificationMethod: `${PREFIX}${multikey}#${multikey}` };
}

/**
 * The document that a did:key stands for (did:key method 3.1).
 *
 * @param type resolvers differ in it
 * @returns undefined for what is no did:key of a P-256 or Ed25519 key
 */
export function didKeyDocument(did: string, type: KeyRepresentation = 'Multikey'): DidDocument | undefined {
  const multikey = did.startsWith(PREFIX) ? did.slice(PREFIX.length) : '';
  const publicJwk = jwkOfMultikey(multikey);
  if (publicJwk === undefined) return undefined;
  return singleKeyDocument(didVerificationMethod({ id: `${did}#${multikey}`, controller: did, publicJwk, type }));
}
