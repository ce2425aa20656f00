import { createCrl, revokedSerials, type RevokedCertificate } from '../keys/crl.js';
import { openIaca } from './certificate-keys.js';
import type { CertificateRevocationListDocument, CertificateSignerDocument, IacaDocument } from './identity-documents.js';
import type { KeyScope } from './signing-keys.js';

/** ISO 18013-5 allows 90 days. */
const CRL_LIFE_MS = 30 * 86_400_000;
const MOST_ATTEMPTS = 20;

/** Others keep signing the same list. */
export class CrlContentionError extends Error {
  override readonly name = 'CrlContentionError';
}

/** A managed IACA's first list, on which nothing is. @throws {SignerError} */
export async function firstCrl(scope: KeyScope, iaca: IacaDocument): Promise<CertificateRevocationListDocument> {
  return nextCrl(scope, { ...iaca, crl: undefined }, []);
}

/**
 * Signs the revocation list of a managed IACA anew. The number on record guards the write, and what is revoked is read
 * after it: whoever revokes and then calls this is on the list that stands in the end, however many do it at once.
 *
 * @throws {SignerError}
 * @throws {CrlContentionError}
 */
export async function signCrl(scope: KeyScope, iacaId: string): Promise<void> {
  const { db, issuerId, now } = scope;
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt += 1) {
    const iaca = await db.iacas.findOne({ _id: iacaId, issuerId });
    if (iaca?.isManaged !== true) return;
    const crl = await nextCrl(scope, iaca, await revokedUnder(scope, iacaId));
    const unchanged = iaca.crl === undefined ? { crl: { $exists: false } } : { 'crl.number': iaca.crl.number };
    const { matchedCount } = await db.iacas.updateOne(
      { _id: iacaId, issuerId, ...unchanged },
      { $set: { crl, updatedAt: new Date(now) } },
    );
    if (matchedCount === 1) return;
  }
  throw new CrlContentionError('the revocation list is being signed by others');
}

/** Whether a list is to be signed anew: half its life is over, or somebody revoked and died before it was signed. */
export function isCrlDue(
  { crl, isManaged, notAfter }: IacaDocument,
  revoked: readonly RevokedCertificate[],
  now: number,
): boolean {
  if (!isManaged || notAfter <= now) return false;
  if (crl === undefined || now >= (crl.thisUpdate + crl.nextUpdate) / 2) return true;
  const listed = revokedSerials(crl.der);
  return revoked.some(({ serialNumber }) => !listed.has(serialNumber));
}

/** The certificates on record that are revoked under an IACA. */
export async function revokedUnder({ db, issuerId }: KeyScope, iacaId: string): Promise<RevokedCertificate[]> {
  const signers = await db.certificateSigners.find({ issuerId, iacaId, revokedAt: { $exists: true } }).toArray();
  return signers.flatMap(revokedCertificate).sort((a, b) => a.revokedAt - b.revokedAt);
}

function revokedCertificate(signer: CertificateSignerDocument): RevokedCertificate[] {
  const { serialNumber, revokedAt, revocationReason } = signer;
  if (serialNumber === undefined || revokedAt === undefined) return [];
  return [{ serialNumber, revokedAt, ...(revocationReason === undefined ? {} : { reason: revocationReason }) }];
}

async function nextCrl(
  scope: KeyScope,
  iaca: Omit<IacaDocument, 'crl'> & { readonly crl?: CertificateRevocationListDocument | undefined },
  revoked: readonly RevokedCertificate[],
): Promise<CertificateRevocationListDocument> {
  const { now } = scope;
  const times = { number: (iaca.crl?.number ?? 0) + 1, thisUpdate: now, nextUpdate: now + CRL_LIFE_MS };
  return { ...times, der: await createCrl({ iaca: await openIaca(scope, iaca), ...times, revoked }) };
}
