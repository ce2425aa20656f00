import { generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import type { KeyPurpose, KeyState, SigningKeyDocument } from '../store/documents.js';
import type { KeyStore } from './key-store.js';
import { signerOf } from './local-signer.js';
import type { KeyAccess } from './open-signer.js';
import { jwkThumbprint } from './public-jwk.js';
import type { Signer, SigningAlgorithm } from './signer.js';

export interface NewSigningKey {
  readonly issuerId: string;
  readonly purpose: KeyPurpose;
  /** Counts the keys of a purpose from 1; always 1 for the key of a record. */
  readonly generation: number;
  /** Id of the record that the key belongs to, if it belongs to one. */
  readonly recordId?: string;
  /** Default ES256. */
  readonly algorithm?: SigningAlgorithm;
  readonly state: KeyState;
  readonly ring: KeyAccess['ring'];
  /** Where the private key is to live; default here. */
  readonly store?: KeyStore | undefined;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Makes the key's certificate chain, leaf first as base64 DER; absent for keys without a certificate. */
  readonly certificate?: (key: Signer) => Promise<readonly string[]>;
}

interface KeyPair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

const generateEc = promisify(generateKeyPair) as (type: 'ec', options: { namedCurve: string }) => Promise<KeyPair>;
const generateEd25519 = promisify(generateKeyPair) as (type: 'ed25519', options: object) => Promise<KeyPair>;

/** `<issuerId>/<purpose>/<generation or record>`: of two processes that make the same key at once one wins. */
export function signingKeyId({
  issuerId,
  purpose,
  generation,
  recordId,
}: Pick<NewSigningKey, 'issuerId' | 'purpose' | 'generation' | 'recordId'>): string {
  return `${issuerId}/${purpose}/${recordId ?? generation}`;
}

/**
 * Makes a key, here or in a key store. A local one's PKCS #8 form is wrapped with the key id (RFC 7638 thumbprint) as context.
 *
 * @throws {SignerError} where the key store makes none
 */
export async function createSigningKey(wanted: NewSigningKey): Promise<SigningKeyDocument> {
  const { issuerId, purpose, generation, recordId, state, now, certificate } = wanted;
  const { signer, kept } = wanted.store === undefined ? await localKey(wanted) : await storedKey(wanted, wanted.store);
  return {
    _id: signingKeyId({ issuerId, purpose, generation, ...(recordId === undefined ? {} : { recordId }) }),
    issuerId,
    keyId: signer.keyId,
    purpose,
    generation,
    algorithm: signer.algorithm,
    state,
    publicJwk: signer.publicJwk,
    ...kept,
    certificateChain: certificate === undefined ? [] : await certificate(signer),
    createdAt: new Date(now),
  };
}

interface MadeKey {
  readonly signer: Signer;
  readonly kept: Pick<SigningKeyDocument, 'privateKey' | 'remote'>;
}

async function localKey({ algorithm = 'ES256', ring }: NewSigningKey): Promise<MadeKey> {
  const { privateKey } =
    algorithm === 'ES256' ? await generateEc('ec', { namedCurve: 'P-256' }) : await generateEd25519('ed25519', {});
  const signer = signerOf({ privateKey });
  const pkcs8 = privateKey.export({ format: 'der', type: 'pkcs8' });
  const wrapped = ring.wrap(pkcs8, signer.keyId);
  pkcs8.fill(0);
  return { signer, kept: { privateKey: wrapped } };
}

async function storedKey(wanted: NewSigningKey, store: KeyStore): Promise<MadeKey> {
  const { algorithm = 'ES256', now } = wanted;
  const label = `chancery/${signingKeyId(wanted)}/${now.toString(36)}`;
  const stored = await store.generate({ algorithm, label });
  const signer = store.signer({ ...stored, algorithm, certificateChain: [] });
  if (signer.keyId !== jwkThumbprint({ ...stored.publicJwk })) throw new TypeError('the key store names another key');
  return { signer, kept: { remote: stored.reference } };
}
