import { createPublicKey } from 'node:crypto';
import { didVerificationMethod, singleKeyDocument, type DidDocument, type KeyRepresentation } from './did-document.js';
import type { PublicJwk } from './signer.js';

const PREFIX = 'did:jwk:';
const LONGEST_ID = 1024;

/** The did:jwk of a public key, and the DID URL of that key. */
export function didJwkOf(publicJwk: PublicJwk): { readonly did: string; readonly verificationMethod: string } {
  const did = PREFIX + Buffer.from(JSON.stringify(publicJwk)).toString('base64url');
  return { did, verificationMethod: `${did}#0` };
}

/**
 * The document that a did:jwk stands for.
 *
 * @returns undefined for what is no did:jwk of a P-256 or Ed25519 key
 */
export function didJwkDocument(did: string, type: KeyRepresentation = 'JsonWebKey2020'): DidDocument | undefined {
  const publicJwk = did.startsWith(PREFIX) ? decode(did.slice(PREFIX.length)) : undefined;
  if (publicJwk === undefined) return undefined;
  return singleKeyDocument(didVerificationMethod({ id: `${did}#0`, controller: did, publicJwk, type }));
}

function decode(id: string): PublicJwk | undefined {
  if (id.length > LONGEST_ID) return undefined;
  try {
    const { kty, crv, x, y, d } = JSON.parse(Buffer.from(id, 'base64url').toString('utf8')) as Record<string, string>;
    if (d !== undefined) return undefined;
    const key = createPublicKey({ key: { kty, crv, x, y } as never, format: 'jwk' }).export({ format: 'jwk' });
    if (key.crv !== 'P-256' && key.crv !== 'Ed25519') return undefined;
    return key as unknown as PublicJwk;
  } catch {
    return undefined;
  }
}
