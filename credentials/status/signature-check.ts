import { X509Certificate } from 'node:crypto';
import type { Signer } from '../../keys/signer.js';
import { publicKeyOf, verifiesWith } from '../verify-signature.js';

/** What came out of building a status list is not what it had to be: a fault of ours or of the signer's, never published. */
export class PublishedListFault extends Error {
  override readonly name = 'PublishedListFault';
}

/**
 * Makes sure that a raw signature verifies with the signer's key, and that its certificate is of that key.
 *
 * @throws {PublishedListFault}
 */
export async function requireSignature(signer: Signer, data: Uint8Array, signature: Uint8Array): Promise<void> {
  if (!(await verifiesWith(signer, data, signature)))
    throw new PublishedListFault('the signature of the status list does not verify with the signing key');
  const [leaf] = signer.certificateChain;
  if (leaf !== undefined && !new X509Certificate(Buffer.from(leaf, 'base64')).publicKey.equals(publicKeyOf(signer)))
    throw new PublishedListFault('the certificate of the status-list signer is of another key');
}

/** @throws {PublishedListFault} where the bytes that a list carries are not those it was made of */
export function requireSameBytes(carried: Uint8Array, expected: Uint8Array): void {
  if (Buffer.compare(carried, expected) !== 0)
    throw new PublishedListFault('the status list says something else than its entries');
}

/** @throws {PublishedListFault} */
export function requireMember(holds: boolean, member: string): void {
  if (!holds) throw new PublishedListFault(`the status list has a wrong ${member}`);
}
