import { base58KeyOf, multikeyOf } from './did-multikey.js';
import type { PublicJwk } from './signer.js';

/**
 * How a DID document shows a key. JWTs want the first, Data Integrity proofs the second, `Ed25519Signature2018` the third
 * (of Ed25519 keys).
 */
export type KeyRepresentation = 'JsonWebKey2020' | 'Multikey' | 'Ed25519VerificationKey2018';

/** A verification method (DID Core 5.2): the key in exactly one form. */
export interface VerificationMethod {
  readonly id: string;
  readonly type: KeyRepresentation;
  readonly controller: string;
  readonly publicKeyJwk?: PublicJwk & { readonly key_ops: readonly ['verify'] };
  readonly publicKeyMultibase?: string;
  readonly publicKeyBase58?: string;
}

export interface DidDocument {
  readonly '@context': readonly string[];
  readonly id: string;
  readonly verificationMethod: readonly VerificationMethod[];
  readonly authentication: readonly string[];
  readonly assertionMethod: readonly string[];
  readonly service?: readonly { readonly id: string; readonly type: string; readonly serviceEndpoint: string }[];
}

/** A key to show. */
export interface DidKey {
  /** Its DID URL. */
  readonly verificationMethod: string;
  readonly publicJwk: PublicJwk;
  /** Shown for the sake of what it signed: it proves no presence any more. */
  readonly retired: boolean;
}

const DID_CONTEXT = 'https://www.w3.org/ns/did/v1';
const CONTEXTS: Readonly<Record<KeyRepresentation, string>> = {
  JsonWebKey2020: 'https://w3id.org/security/suites/jws-2020/v1',
  Multikey: 'https://w3id.org/security/multikey/v1',
  Ed25519VerificationKey2018: 'https://w3id.org/security/suites/ed25519-2018/v1',
};
const SUFFIX: Readonly<Record<KeyRepresentation, string>> = {
  JsonWebKey2020: '',
  Multikey: '-multikey',
  Ed25519VerificationKey2018: '-2018',
};

/**
 * The DID URL under which a key is found in one form. A did:web shows each key in all its forms, each under a name of its
 * own, since a verification method has one form alone; did:key and did:jwk know one name.
 *
 * @param verificationMethod the key's DID URL, as `CredentialSigners.assertion` gives it
 */
export function representedAs(verificationMethod: string, representation: KeyRepresentation): string {
  return verificationMethod.startsWith('did:web:') ? verificationMethod + SUFFIX[representation] : verificationMethod;
}

/**
 * The document of a did:web: every key in all its forms.
 *
 * @param options.origin the web origin that the DID is linked with (DIF Well Known DID Configuration 3)
 */
export function didWebDocument({ did, keys, origin }: { did: string; keys: readonly DidKey[]; origin: string }): DidDocument {
  const shown = keys.map(({ verificationMethod, publicJwk, retired }) => ({
    retired,
    methods: formsOf(publicJwk).map((type) =>
      didVerificationMethod({ id: representedAs(verificationMethod, type), controller: did, publicJwk, type }),
    ),
  }));
  const all = shown.flatMap(({ methods }) => methods);
  const ids = (methods: readonly VerificationMethod[]) => methods.map(({ id }) => id);
  return {
    '@context': [DID_CONTEXT, ...Object.values(CONTEXTS)],
    id: did,
    verificationMethod: all,
    authentication: ids(shown.flatMap(({ methods, retired }) => (retired ? [] : methods))),
    assertionMethod: ids(all),
    service: [{ id: `${did}#linked-domain`, type: 'LinkedDomains', serviceEndpoint: origin }],
  };
}

/** The document of a DID that is its only key: did:key, did:jwk. */
export function singleKeyDocument(method: VerificationMethod): DidDocument {
  return {
    '@context': [DID_CONTEXT, CONTEXTS[method.type]],
    id: method.controller,
    verificationMethod: [method],
    authentication: [method.id],
    assertionMethod: [method.id],
  };
}

/** A key as a verification method of one form. */
export function didVerificationMethod({
  publicJwk,
  ...common
}: Pick<VerificationMethod, 'id' | 'controller' | 'type'> & { publicJwk: PublicJwk }): VerificationMethod {
  const { id, type, controller } = common;
  if (type === 'Multikey') return { id, type, controller, publicKeyMultibase: multikeyOf(publicJwk) };
  if (type === 'Ed25519VerificationKey2018') return { id, type, controller, publicKeyBase58: base58KeyOf(publicJwk) };
  // Without `key_ops`, @digitalbazaar/ecdsa-multikey takes a P-256 key for one of key agreement.
  return { id, type, controller, publicKeyJwk: { ...publicJwk, key_ops: ['verify'] } };
}

function formsOf({ kty }: PublicJwk): readonly KeyRepresentation[] {
  return kty === 'OKP' ? ['JsonWebKey2020', 'Multikey', 'Ed25519VerificationKey2018'] : ['JsonWebKey2020', 'Multikey'];
}
