import { isDeepStrictEqual } from 'node:util';
import type { Signer } from '../../keys/signer.js';
import { IssuedCredentialFault } from '../issued-credential-fault.js';
import type { CompactClaims } from './compact-claims.js';
import { CompactDecodeError } from './compact-decode-error.js';
import type { CompactProfile } from './compact-profile.js';
import { decodeCompact, type DecodedCompact } from './decode-compact.js';
import { verifyCompact } from './verify-compact.js';

/**
 * Checks a finished credential independently of the code that built it: it can be taken apart, says what it had to say, and
 * its signature verifies.
 *
 * @throws {IssuedCredentialFault} naming a claim at most, never a value
 */
export async function checkSigned({
  encoded,
  profile,
  claims,
  kid,
  signer,
}: {
  encoded: string;
  profile: CompactProfile;
  claims: CompactClaims;
  kid: string;
  signer: Signer;
}): Promise<DecodedCompact> {
  const decoded = takenApart(encoded);
  if (decoded.profile !== profile) throw new IssuedCredentialFault('the credential is of another profile');
  if (decoded.kid !== kid) throw new IssuedCredentialFault('the credential names another key');
  const expected = Object.entries(claims).filter(([, value]) => value !== undefined);
  for (const [name, value] of expected)
    if (!isDeepStrictEqual(decoded.claims[name], value)) throw new IssuedCredentialFault(`${name} has another value`);
  if (Object.keys(decoded.claims).length !== expected.length) throw new IssuedCredentialFault('there are claims too many');
  if (!(await verifyCompact(decoded, signer.publicJwk)))
    throw new IssuedCredentialFault('the signature does not verify with the signing key');
  return decoded;
}

function takenApart(encoded: string): DecodedCompact {
  try {
    return decodeCompact(encoded);
  } catch (error) {
    if (error instanceof CompactDecodeError) throw new IssuedCredentialFault(`the credential ${error.message}`);
    throw error;
  }
}
