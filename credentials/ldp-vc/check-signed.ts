import { createHash, timingSafeEqual } from 'node:crypto';
import { decode } from 'cbor2';
import jsonld from 'jsonld';
import { base58btc } from 'multiformats/bases/base58';
import type { Signer } from '../../keys/signer.js';
import type { LinkedDataProofType } from '../../store/configuration-documents.js';
import { IssuedCredentialFault } from '../issued-credential-fault.js';
import type { JsonObject } from '../verifiable-credential/credential-document.js';
import { verifiesWith } from '../verify-signature.js';
import { loadPinnedDocument } from './document-loader.js';
import type { MadeSignature } from './sign-document.js';

interface Checked {
  /** With its contexts resolved, and its proof. */
  readonly document: JsonObject & { readonly proof: JsonObject };
  readonly proofType: LinkedDataProofType;
  readonly signer: Signer;
  readonly made: readonly MadeSignature[];
}

/**
 * Checks a signed credential independently of the library that signed it: what it means is canonicalised anew, and the
 * signature verifies over that. Of `ecdsa-sd-2023`, where that takes as long as all of the issuance, it is checked that the
 * base signature verifies over what was signed, and is the one in the proof.
 *
 * @throws {IssuedCredentialFault}
 */
export async function checkSigned(checked: Checked): Promise<void> {
  const { data, signature } = checked.proofType === 'ecdsa-sd-2023' ? baseSignature(checked) : await recomputed(checked);
  if (!(await verifiesWith(checked.signer, data, signature)))
    throw new IssuedCredentialFault('the signature does not verify with the signing key');
}

async function recomputed({ document, proofType }: Checked): Promise<MadeSignature> {
  const { proof, ...unsigned } = document;
  const { proofValue, jws, ...options } = proof;
  const isDataIntegrity = proofType !== 'Ed25519Signature2018';
  const hashes = await Promise.all(
    [{ '@context': document['@context'], ...options }, unsigned].map((part) => canonicalHash(part, isDataIntegrity)),
  );
  const data = Buffer.concat(hashes);
  if (isDataIntegrity) return { data, signature: base58btc.decode(String(proofValue)) };
  const [header = '', payload, encoded = ''] = String(jws).split('.');
  if (payload !== '') throw new IssuedCredentialFault('the signature holds its payload');
  return { data: Buffer.concat([Buffer.from(`${header}.`), data]), signature: Buffer.from(encoded, 'base64url') };
}

/** SHA-256 of the RDF in canonical form (RDFC-1.0). */
async function canonicalHash(part: object, isDataIntegrity: boolean): Promise<Uint8Array> {
  const options = {
    algorithm: 'RDFC-1.0',
    format: 'application/n-quads',
    base: null,
    safe: true,
    documentLoader: loadPinnedDocument,
    ...(isDataIntegrity ? { rdfDirection: 'i18n-datatype' } : {}),
  };
  const quads: unknown = await jsonld.canonize(part, options as object);
  return createHash('sha256').update(String(quads)).digest();
}

/** Tag 0x5d00 before the proof's parts in CBOR (VC-DI-ECDSA 3.5.2). */
const BASE_PROOF = [0xd9, 0x5d, 0x00];

function baseSignature({ document: { proof }, made }: Checked): MadeSignature {
  const [signed] = made;
  const bytes = Buffer.from(String(proof.proofValue).slice(1), 'base64url');
  const isBase = BASE_PROOF.every((byte, index) => bytes[index] === byte);
  const [inProof] = isBase ? decode<readonly unknown[]>(bytes.subarray(BASE_PROOF.length)) : [];
  const isTheSame =
    signed !== undefined &&
    inProof instanceof Uint8Array &&
    inProof.length === signed.signature.length &&
    timingSafeEqual(inProof, signed.signature);
  if (!isTheSame) throw new IssuedCredentialFault('the proof does not hold the signature that was made');
  return signed;
}
