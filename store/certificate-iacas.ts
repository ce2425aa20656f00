import { mobileCertificateFacts } from '../keys/certificate-facts.js';
import type { MobileSubject } from '../keys/certificate-names.js';
import { createIacaCertificate } from '../keys/iaca-certificates.js';
import { openSigner } from '../keys/open-signer.js';
import { releaseSlot } from './certificate-slots.js';
import { recordKey } from './certificate-keys.js';
import { renewSigners } from './certificate-renewal.js';
import { firstCrl } from './certificate-revocation-list.js';
import { crlUrl } from './certificate-signers.js';
import type { IacaDocument } from './identity-documents.js';
import type { KeyScope } from './signing-keys.js';

/** What is made of an IACA that is managed here. */
export interface NewManagedIaca {
  readonly iacaId: string;
  readonly subject: MobileSubject;
  /** Milliseconds since the epoch, as `notAfter`. */
  readonly notBefore: number;
  readonly notAfter: number;
}

/**
 * Makes a managed IACA with its key, its first revocation list and its signers, so that it can be used as soon as it is
 * active. Its record is the caller's to write; what is left of one that never was goes with `tidyCertificates`.
 *
 * @throws {SignerError}
 */
export async function makeManagedIaca(scope: KeyScope, wanted: NewManagedIaca): Promise<IacaDocument> {
  const { iacaId, subject, notBefore, notAfter } = wanted;
  const key = await recordKey(scope, { purpose: 'iaca', recordId: iacaId });
  const certificate = await createIacaCertificate({
    signer: openSigner({ document: key, access: scope }),
    subject,
    notBefore,
    notAfter,
    identifier: scope.identifier,
    crlUrl: crlUrl(scope, iacaId),
  });
  const unsigned = { ...iacaRecord(scope, { iacaId, certificate, isManaged: true }), keyRef: key._id };
  const iaca = { ...unsigned, crl: await firstCrl(scope, unsigned) };
  await renewSigners(scope, iaca);
  return iaca;
}

/** The record of an IACA, inactive as all are at first. @param options.certificate base64 DER */
export function iacaRecord(
  { issuerId, now }: Pick<KeyScope, 'issuerId' | 'now'>,
  { iacaId, certificate, isManaged }: { iacaId: string; certificate: string; isManaged: boolean },
): IacaDocument {
  const { serialNumber: _serial, ...facts } = mobileCertificateFacts(certificate);
  const createdAt = new Date(now);
  return { _id: iacaId, issuerId, active: false, isManaged, certificate, ...facts, createdAt, updatedAt: createdAt };
}

/**
 * Deletes an inactive IACA with its signers and all their keys.
 *
 * @returns false when it is active, or not there
 */
export async function deleteIaca(scope: Pick<KeyScope, 'db' | 'issuerId'>, iacaId: string): Promise<boolean> {
  const { db, issuerId } = scope;
  const iaca = await db.iacas.findOne({ _id: iacaId, issuerId });
  const { deletedCount } = await db.iacas.deleteOne({ _id: iacaId, issuerId, active: false });
  if (iaca === null || deletedCount === 0) return false;
  await deleteIacaParts(scope, iaca);
  return true;
}

/** More than there are for signers of any kind. */
const MOST_SLOTS = 20;

/** Deletes what an IACA's record stood for: its signers, their places and all their keys. */
export async function deleteIacaParts(
  { db, issuerId }: Pick<KeyScope, 'db' | 'issuerId'>,
  { _id, keyRef }: IacaDocument,
): Promise<void> {
  const signers = await db.certificateSigners.find({ issuerId, iacaId: _id }).toArray();
  const keys = [...signers.map((signer) => signer.keyRef), ...(keyRef === undefined ? [] : [keyRef])];
  await db.certificateSigners.deleteMany({ issuerId, iacaId: _id });
  await db.signingKeys.deleteMany({ issuerId, _id: { $in: keys } });
  for (const { kind, _id: ownerId } of signers) await releaseSlot({ db, issuerId, kind, most: MOST_SLOTS, ownerId });
}
