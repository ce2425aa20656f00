import { DataIntegrityProof } from '@digitalbazaar/data-integrity';
import { cryptosuite as ecdsaRdfc2019 } from '@digitalbazaar/ecdsa-rdfc-2019-cryptosuite';
import { createSignCryptosuite } from '@digitalbazaar/ecdsa-sd-2023-cryptosuite';
import { cryptosuite as eddsaRdfc2022 } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import type { ExternalSigner, Suite } from 'jsonld-signatures';
import type { SigningAlgorithm } from '../../keys/signer.js';
import type { LinkedDataProofType } from '../../store/configuration-documents.js';
import { Ed25519Signature2018 } from './ed25519-signature-2018.js';

/** The algorithm of the key that signs each type of proof. */
export const PROOF_ALGORITHMS: Readonly<Record<LinkedDataProofType, SigningAlgorithm>> = {
  Ed25519Signature2018: 'EdDSA',
  'eddsa-rdfc-2022': 'EdDSA',
  'ecdsa-rdfc-2019': 'ES256',
  'ecdsa-sd-2023': 'ES256',
};

/**
 * What the library signs with.
 *
 * @param options.created of the proof, as an XML Schema dateTime
 * @param options.mandatoryPointers JSON pointers to what holders cannot withhold, for `ecdsa-sd-2023`
 */
export function proofSuite({
  proofType,
  signer,
  created: date,
  mandatoryPointers,
}: {
  proofType: LinkedDataProofType;
  signer: ExternalSigner;
  created: string;
  mandatoryPointers: readonly string[];
}): Suite {
  switch (proofType) {
    case 'Ed25519Signature2018':
      return new Ed25519Signature2018({ signer, date });
    case 'eddsa-rdfc-2022':
      return new DataIntegrityProof({ signer, date, cryptosuite: eddsaRdfc2022 });
    case 'ecdsa-rdfc-2019':
      return new DataIntegrityProof({ signer, date, cryptosuite: ecdsaRdfc2019 });
    case 'ecdsa-sd-2023':
      return new DataIntegrityProof({ signer, date, cryptosuite: createSignCryptosuite({ mandatoryPointers }) });
  }
}
