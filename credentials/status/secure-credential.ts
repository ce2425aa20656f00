import type { AssertionSigner } from '../../keys/credential-signers.js';
import type { LinkedDataProofType } from '../../store/configuration-documents.js';
import { signDocument } from '../ldp-vc/sign-document.js';
import { gzipDecompress, zlibDecompress } from './compression.js';
import type { UnsecuredCredential } from './list-credential.js';
import type { ListTimes } from './list-times.js';
import { requireMember, requireSameBytes } from './signature-check.js';
import { payloadOf, signedJwt } from './signed-jwt.js';

export interface SecureInput {
  readonly credential: UnsecuredCredential;
  /** The bits that it carries, to hold the result against. */
  readonly bytes: Uint8Array;
  readonly times: ListTimes;
  readonly assertion: AssertionSigner;
}

/**
 * Signs the credential of a status list: gives the text that is served, a JWT or JSON with an embedded proof.
 *
 * @throws {SignerError}
 * @throws {PublishedListFault} where it does not verify, or carries another list
 */
export type SecureListCredential = (input: SecureInput) => Promise<string>;

/** As VC-JOSE-COSE 3.1 has it: the payload is the credential. */
export const secureAsVcJwt: SecureListCredential = async (input) => {
  const { credential, times, assertion } = input;
  const jwt = await signedJwt(
    assertion.signer,
    { typ: 'vc+jwt', cty: 'vc', kid: assertion.verificationMethod },
    { ...credential, iss: assertion.did, iat: times.issuedAt, exp: times.expiresAt },
  );
  await requireList(payloadOf(jwt), input);
  return jwt;
};

/** With an embedded proof: Ed25519Signature2018 on RevocationList2020 as MATTR's verifiers want it, else Data Integrity. */
export const secureAsLinkedData: SecureListCredential = async (input) => {
  const { credential, times, assertion } = input;
  const created = new Date(times.issuedAt * 1000).toISOString().replace('.000Z', 'Z');
  const signed = await signDocument({ document: credential, proofType: proofTypeOf(input), assertion, created });
  await requireList(signed, input);
  return JSON.stringify(signed);
};

function proofTypeOf({ credential, assertion }: SecureInput): LinkedDataProofType {
  if (assertion.signer.algorithm === 'ES256') return 'ecdsa-rdfc-2019';
  return credential.type.includes('RevocationList2020Credential') ? 'Ed25519Signature2018' : 'eddsa-rdfc-2022';
}

/** Holds a secured credential against what it was to be. */
export async function requireList(
  secured: Readonly<Record<string, unknown>>,
  { credential, bytes }: Pick<SecureInput, 'credential' | 'bytes'>,
): Promise<void> {
  const { encodedList } = secured.credentialSubject as { encodedList?: unknown };
  requireMember(secured.id === credential.id, 'id');
  requireMember(typeof encodedList === 'string', 'credentialSubject.encodedList');
  requireSameBytes(await listBytes(encodedList as string), bytes);
}

async function listBytes(encodedList: string): Promise<Uint8Array> {
  // Base64 of a ZLIB stream begins with "e": a "u" is the multibase prefix.
  return encodedList.startsWith('u')
    ? gzipDecompress(Buffer.from(encodedList.slice(1), 'base64url'))
    : zlibDecompress(Buffer.from(encodedList, 'base64'));
}
