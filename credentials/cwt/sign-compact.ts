import { encode, Tag } from 'cbor2';
import type { AssertionSigner } from '../../keys/credential-signers.js';
import { CredentialContentError } from '../credential-content-error.js';
import { encodeBase32 } from './base32.js';
import { checkSigned } from './check-signed.js';
import type { CompactClaims } from './compact-claims.js';
import { COMPACT_PREFIXES, LARGEST_COMPACT_BYTES, type CompactProfile } from './compact-profile.js';
import type { DecodedCompact } from './decode-compact.js';
import { DETERMINISTIC, encodeClaims } from './encode-claims.js';

/** A signed credential, and what a reader finds in it. */
export interface SignedCompact {
  /** `CSC:/1/...` or `CSS:/1/...` */
  readonly encoded: string;
  readonly decoded: DecodedCompact;
}

/**
 * Signs claims as a compact credential: a tagged COSE_Sign1 (RFC 9052) around a CWT claims set (RFC 8392), in base32. `kid`
 * is the fragment of the verification method, as in the NZ COVID Pass and in MATTR's credentials: the DID is the `iss`. It is
 * checked before it leaves.
 *
 * @throws {CredentialContentError} when the claims make no such credential
 * @throws {SignerError} when the key cannot be used now
 */
export async function signCompact({
  profile,
  claims,
  assertion,
}: {
  profile: CompactProfile;
  claims: CompactClaims;
  assertion: AssertionSigner;
}): Promise<SignedCompact> {
  const kid = assertion.verificationMethod.slice(assertion.verificationMethod.indexOf('#') + 1);
  const protectedHeader = encode(
    new Map<number, unknown>([
      [1, -7],
      [4, new Uint8Array(Buffer.from(kid))],
    ]),
    DETERMINISTIC,
  );
  const payload = encodePayload(claims);
  const toBeSigned = encode(['Signature1', protectedHeader, new Uint8Array(), payload], DETERMINISTIC);
  const signature = await assertion.signer.sign(toBeSigned);
  const message = encode(new Tag(18, [protectedHeader, {}, payload, new Uint8Array(signature)]), DETERMINISTIC);
  const encoded = COMPACT_PREFIXES[profile] + encodeBase32(message);
  return { encoded, decoded: await checkSigned({ encoded, profile, claims, kid, signer: assertion.signer }) };
}

const ROOM_FOR_THE_REST = 1536;

function encodePayload(claims: CompactClaims): Uint8Array {
  let payload: Uint8Array;
  try {
    payload = encodeClaims(claims);
  } catch (cause) {
    throw new CredentialContentError('the claims cannot be written as a CWT claims set', { cause });
  }
  if (payload.length > LARGEST_COMPACT_BYTES - ROOM_FOR_THE_REST)
    throw new CredentialContentError(`the claims are more than ${LARGEST_COMPACT_BYTES - ROOM_FOR_THE_REST} bytes`);
  return payload;
}
