import type { RevocationReason } from '../keys/crl.js';
import { renewSigners } from './certificate-renewal.js';
import { isCrlDue, revokedUnder, signCrl } from './certificate-revocation-list.js';
import type { CertificateSignerDocument, IacaDocument } from './identity-documents.js';
import type { KeyScope } from './signing-keys.js';

/**
 * Revokes a signer of a managed IACA: it is not used from now on, its serial number is on the revocation list, and the
 * IACA has another one. Safe to repeat: whatever is missing of it after a crash, the rotation makes good.
 *
 * @throws {SignerError} where the key of the IACA cannot be used now; the signer is out of use all the same
 * @throws {CrlContentionError}
 */
export async function revokeManagedSigner(
  scope: KeyScope,
  { iaca, signer, reason }: { iaca: IacaDocument; signer: CertificateSignerDocument; reason: RevocationReason | undefined },
): Promise<void> {
  const { db, directory, issuerId, now } = scope;
  const why = reason === undefined ? {} : { revocationReason: reason };
  await db.certificateSigners.updateOne(
    { _id: signer._id, issuerId, revokedAt: { $exists: false } },
    { $set: { active: false, revokedAt: now, ...why, updatedAt: new Date(now) } },
  );
  try {
    if (isCrlDue(iaca, await revokedUnder(scope, iaca._id), now)) await signCrl(scope, iaca._id);
    await renewSigners(scope, iaca);
  } finally {
    await directory.changed(issuerId);
  }
}
