import { generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import type { KeyPurpose, KeyState, SigningKeyDocument } from '../store/documents.js';
import type { KeyEncryptionRing } from './key-encryption.js';
import { signerOf } from './local-signer.js';
import type { Signer } from './signer.js';

export interface NewSigningKey {
  readonly issuerId: string;
  readonly purpose: KeyPurpose;
  /** Counts the keys of a purpose from 1. */
  readonly generation: number;
  readonly state: KeyState;
  readonly ring: KeyEncryptionRing;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Makes the key's certificate chain, leaf first as base64 DER; absent for keys without a certificate. */
  readonly certificate?: (key: Signer) => Promise<readonly string[]>;
}

const generate = promisify(generateKeyPair) as (
  type: 'ec',
  options: { namedCurve: string },
) => Promise<{ publicKey: KeyObject; privateKey: KeyObject }>;

/** `<issuerId>/<purpose>/<generation>`: of two processes that make the same key at once one wins. */
export function signingKeyId({
  issuerId,
  purpose,
  generation,
}: Pick<NewSigningKey, 'issuerId' | 'purpose' | 'generation'>): string {
  return `${issuerId}/${purpose}/${generation}`;
}

/** Generates a P-256 key; its PKCS #8 form is wrapped with the key id (RFC 7638 thumbprint) as context. */
export async function createSigningKey({
  issuerId,
  purpose,
  generation,
  state,
  ring,
  now,
  certificate,
}: NewSigningKey): Promise<SigningKeyDocument> {
  const { privateKey } = await generate('ec', { namedCurve: 'P-256' });
  const signer = signerOf({ privateKey });
  const pkcs8 = privateKey.export({ format: 'der', type: 'pkcs8' });
  const wrapped = ring.wrap(pkcs8, signer.keyId);
  pkcs8.fill(0);
  return {
    _id: signingKeyId({ issuerId, purpose, generation }),
    issuerId,
    keyId: signer.keyId,
    purpose,
    generation,
    algorithm: signer.algorithm,
    state,
    publicJwk: signer.publicJwk,
    privateKey: wrapped,
    certificateChain: certificate === undefined ? [] : await certificate(signer),
    createdAt: new Date(now),
  };
}
