import { randomUUID } from 'node:crypto';
import { didJwkOf } from '../../../keys/did-jwk.js';
import { didKeyOf } from '../../../keys/did-key.js';
import type { SigningAlgorithm } from '../../../keys/signer.js';
import { createSigningKey } from '../../../keys/signing-key.js';
import type { SigningKeyDocument } from '../../../store/documents.js';
import type { DidRecordDocument } from '../../../store/identity-documents.js';
import { DEFAULT_ISSUER_ID } from '../../../store/issuer-directory.js';
import type { ApiContext } from '../../context.js';
import { ManagementError } from '../../http/errors.js';
import { didRecordId } from './did-record.js';
import type { DidRequest } from './did.schema.js';

const ALGORITHMS: readonly SigningAlgorithm[] = ['ES256', 'EdDSA'];

/** A DID that is yet to be stored, and the keys that belong to it. */
export interface NewDid {
  readonly record: DidRecordDocument;
  readonly keys: readonly SigningKeyDocument[];
}

/**
 * Makes the keys of a DID, here or in the key store that is configured for them: one for did:key and did:jwk, one of each
 * algorithm for did:web.
 *
 * @throws {ManagementError} 400 where the key store makes no such keys
 * @throws {SignerError} where it makes none now
 */
export async function makeDid(context: ApiContext, request: DidRequest): Promise<NewDid> {
  if (request.method === 'web') {
    const did = request.options.url;
    const keys = await Promise.all(algorithmsAtHand(context).map((algorithm) => makeKey(context, algorithm)));
    const named = keys.map(({ _id, keyId }) => ({ keyRef: _id, verificationMethod: `${did}#${keyId}` }));
    return { record: toRecord(context, { did, method: 'web', keys: named }), keys };
  }
  const { method, options } = request;
  if (!algorithmsAtHand(context).includes(options.keyType)) {
    const msg = 'is a type of key that the configured key store does not make';
    throw ManagementError.validation([{ msg, param: 'options.keyType', location: 'body' }]);
  }
  const key = await makeKey(context, options.keyType);
  const { did, verificationMethod } = method === 'key' ? didKeyOf(key.publicJwk) : didJwkOf(key.publicJwk);
  return { record: toRecord(context, { did, method, keys: [{ keyRef: key._id, verificationMethod }] }), keys: [key] };
}

function algorithmsAtHand({ stores }: ApiContext): readonly SigningAlgorithm[] {
  const store = stores.forPurpose('did');
  return store === undefined ? ALGORITHMS : ALGORITHMS.filter((algorithm) => store.algorithms.includes(algorithm));
}

function makeKey({ ring, stores, now }: ApiContext, algorithm: SigningAlgorithm): Promise<SigningKeyDocument> {
  return createSigningKey({
    issuerId: DEFAULT_ISSUER_ID,
    purpose: 'did',
    generation: 1,
    recordId: randomUUID(),
    algorithm,
    state: 'active',
    ring,
    store: stores.forPurpose('did'),
    now: now(),
  });
}

function toRecord(
  { now }: ApiContext,
  { did, method, keys }: Pick<DidRecordDocument, 'did' | 'method' | 'keys'>,
): DidRecordDocument {
  return { _id: didRecordId(did), issuerId: DEFAULT_ISSUER_ID, did, method, keys, createdAt: new Date(now()) };
}
