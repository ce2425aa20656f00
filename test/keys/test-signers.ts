import { generateKeyPairSync } from 'node:crypto';
import type { CredentialSigners } from '../../keys/credential-signers.js';
import { signerOf } from '../../keys/local-signer.js';
import type { Signer } from '../../keys/signer.js';

const none = (): never => {
  throw new Error('this test has no such signer');
};

/** An issuer's signers of which only those given are there. */
export function signersWith(given: Partial<CredentialSigners>): CredentialSigners {
  return { x509: none, statusList: none, assertion: none, documentSigner: none, mobileStatusSigner: none, ...given };
}

/** A real signer with a fresh key. */
export function freshSigner(algorithm: 'ES256' | 'EdDSA' = 'ES256', certificateChain: readonly string[] = []): Signer {
  const { privateKey } =
    algorithm === 'ES256' ? generateKeyPairSync('ec', { namedCurve: 'P-256' }) : generateKeyPairSync('ed25519');
  return signerOf({ privateKey, certificateChain });
}
