import { SIGNER_KINDS } from '../keys/iaca-signer-usage.js';
import { renewSigners } from './certificate-renewal.js';
import { isCrlDue, revokedUnder, signCrl } from './certificate-revocation-list.js';
import { tidyCertificates } from './certificate-tidying.js';
import type { KeyScope } from './signing-keys.js';

/**
 * Renews the signers of the issuer's managed IACAs ahead of time, and lets go of those whose time is over. One that is out
 * of use goes on signing its status lists: credentials in the field name them. Meant
 * to be called daily at least, by any number of processes; each step stands for itself, so a call after a crash goes on.
 *
 * @throws {SignerError} where the key of an IACA cannot be used now; the IACAs before it are done
 */
export async function rotateCertificateSigners(scope: KeyScope): Promise<void> {
  const { db, directory, issuerId } = scope;
  const iacas = await db.iacas.find({ issuerId, isManaged: true }).sort({ createdAt: 1, _id: 1 }).toArray();
  let changed = false;
  try {
    changed = await tidyCertificates(scope);
    for (const iaca of iacas)
      changed = (await renewSigners(scope, iaca, iaca.active ? SIGNER_KINDS : ['mobile-status-signer'])) || changed;
  } finally {
    if (changed) await directory.changed(issuerId);
  }
}

/**
 * Signs the revocation lists of managed IACAs, active or not, that are half-way to their end or lack what is revoked.
 * Meant to be called daily at least, by any number of processes.
 *
 * @throws {SignerError} likewise
 */
export async function signDueCrls(scope: KeyScope): Promise<void> {
  const { db, directory, issuerId, now } = scope;
  const iacas = await db.iacas.find({ issuerId, isManaged: true }).sort({ createdAt: 1, _id: 1 }).toArray();
  let changed = false;
  try {
    for (const iaca of iacas) {
      if (!isCrlDue(iaca, await revokedUnder(scope, iaca._id), now)) continue;
      await signCrl(scope, iaca._id);
      changed = true;
    }
  } finally {
    if (changed) await directory.changed(issuerId);
  }
}
