import type { DidRecordDocument } from '../store/identity-documents.js';
import type { SigningKeyDocument } from '../store/documents.js';
import { keysOf } from './active-key.js';
import { didWebDocument, type DidDocument, type DidKey } from './did-document.js';
import { didJwkDocument } from './did-jwk.js';
import { didKeyDocument } from './did-key.js';
import type { SigningAlgorithm } from './signer.js';

/** A DID of an issuer. */
export interface IssuerDid {
  readonly did: string;
  readonly method: DidRecordDocument['method'];
  readonly document: DidDocument;
  readonly keys: readonly {
    readonly verificationMethod: string;
    /** Of the signing key. */
    readonly keyId: string;
    readonly algorithm: SigningAlgorithm;
    /** Whether it signs now. */
    readonly active: boolean;
  }[];
}

const ASSERTION_PURPOSES = ['assertion-es256', 'assertion-eddsa'] as const;

/**
 * The DIDs of an issuer by their names, its own did:web first. That shows keys of all states: those published ahead, and
 * the retired ones of credentials in the field.
 *
 * @param options.issuerDid the issuer's did:web
 * @param options.origin the web origin that its DIDs are linked with
 */
export function issuerDids({
  keys,
  dids,
  issuerDid,
  origin,
}: {
  keys: readonly SigningKeyDocument[];
  dids: readonly DidRecordDocument[];
  issuerDid: string;
  origin: string;
}): ReadonlyMap<string, IssuerDid> {
  const own = ASSERTION_PURPOSES.flatMap((purpose) => keysOf(keys, purpose)).map((document) => ({
    document,
    verificationMethod: `${issuerDid}#${document.keyId}`,
  }));
  const byId = new Map(keys.map((document) => [document._id, document]));
  const recorded = dids.map((record) => {
    const held = record.keys.flatMap(({ keyRef, verificationMethod }) => {
      const document = byId.get(keyRef);
      return document === undefined ? [] : [{ document, verificationMethod }];
    });
    return toIssuerDid({ did: record.did, method: record.method, held, origin });
  });
  const all = [toIssuerDid({ did: issuerDid, method: 'web', held: own, origin }), ...recorded];
  return new Map(all.map((each) => [each.did, each]));
}

interface Held {
  readonly document: SigningKeyDocument;
  readonly verificationMethod: string;
}

function toIssuerDid({
  did,
  method,
  held,
  origin,
}: Pick<IssuerDid, 'did' | 'method'> & { held: readonly Held[]; origin: string }): IssuerDid {
  const shown = held.map(({ document: { publicJwk, state }, verificationMethod }): DidKey => ({
    verificationMethod,
    publicJwk,
    retired: state === 'retired',
  }));
  const single = method === 'key' ? didKeyDocument(did) : method === 'jwk' ? didJwkDocument(did) : undefined;
  return {
    did,
    method,
    document: single ?? didWebDocument({ did, keys: shown, origin }),
    keys: held.map(({ document: { keyId, algorithm, state }, verificationMethod }) => ({
      verificationMethod,
      keyId,
      algorithm,
      active: state === 'active',
    })),
  };
}
