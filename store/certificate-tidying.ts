import type { KeyPurpose, SigningKeyDocument } from './documents.js';
import type { CertificateSignerDocument, IacaDocument } from './identity-documents.js';
import { readSigningKeys, type KeyScope } from './signing-keys.js';

const DAY_MS = 86_400_000;
/** A record is written this long after its key, at most. */
const IN_THE_MAKING_MS = 3_600_000;
/** A revoked certificate stays on one list at least after its end (RFC 5280 3.3); lists live shorter. */
const FORGET_AFTER_MS = 90 * DAY_MS;
const PURPOSES: readonly KeyPurpose[] = ['iaca', 'document-signer', 'mobile-status-signer'];

/**
 * Retires the managed IACAs' signers that have ended, destroys the private keys that nothing will be signed with again,
 * and forgets what ended long ago or what a process that died left behind. Safe to repeat.
 *
 * @returns whether anything changed
 */
export async function tidyCertificates(scope: KeyScope): Promise<boolean> {
  const { db, issuerId, now } = scope;
  // The keys before the records, which are written after them: a key without a record has none.
  const keys = await readSigningKeys(scope);
  const iacas = await db.iacas.find({ issuerId }).toArray();
  const signers = await db.certificateSigners.find({ issuerId }).toArray();
  let changes = 0;
  for (const signer of signers) changes += await retireEnded(scope, signer);
  for (const signer of signers) if (isForgotten(signer, { iacas, signers, now })) changes += await forget(scope, signer);
  for (const key of keys) if (isUseless(key, { iacas, signers, now })) changes += await destroy(scope, key);
  return changes > 0;
}

interface Records {
  readonly iacas: readonly IacaDocument[];
  readonly signers: readonly CertificateSignerDocument[];
  readonly now: number;
}

async function retireEnded({ db, now }: KeyScope, signer: CertificateSignerDocument): Promise<number> {
  const { _id, generation, retiredAt } = signer;
  if (generation === undefined || retiredAt !== undefined || !hasEnded(signer, now)) return 0;
  const retired = { active: false, retiredAt: now, updatedAt: new Date(now) };
  return (await db.certificateSigners.updateOne({ _id, retiredAt: { $exists: false } }, { $set: retired })).modifiedCount;
}

/** Of an IACA's signers of a kind the newest stays, for their count. */
function isForgotten(signer: CertificateSignerDocument, { iacas, signers, now }: Records): boolean {
  const { iacaId, kind, generation, notAfter = Infinity, createdAt } = signer;
  if (!iacas.some(({ _id }) => _id === iacaId)) return isOld(createdAt, now);
  if (generation === undefined || now - notAfter < FORGET_AFTER_MS) return false;
  return signers.some((other) => other.iacaId === iacaId && other.kind === kind && (other.generation ?? 0) > generation);
}

async function forget({ db, issuerId }: KeyScope, { _id }: CertificateSignerDocument): Promise<number> {
  return (await db.certificateSigners.deleteOne({ _id, issuerId })).deletedCount;
}

/** A key of no record; or of a signer that signs no more, whose request nobody can answer anew. */
function isUseless({ _id, purpose, createdAt }: SigningKeyDocument, { iacas, signers, now }: Records): boolean {
  if (!PURPOSES.includes(purpose) || !isOld(createdAt, now) || iacas.some(({ keyRef }) => keyRef === _id)) return false;
  const signer = signers.find(({ keyRef }) => keyRef === _id);
  if (signer === undefined) return true;
  return signer.generation !== undefined && (signer.revokedAt !== undefined || hasEnded(signer, now));
}

async function destroy({ db, issuerId }: KeyScope, { _id }: SigningKeyDocument): Promise<number> {
  return (await db.signingKeys.deleteOne({ _id, issuerId })).deletedCount;
}

function hasEnded({ notAfter = Infinity }: CertificateSignerDocument, now: number): boolean {
  return notAfter <= now;
}

function isOld(createdAt: Date, now: number): boolean {
  return now - createdAt.getTime() >= IN_THE_MAKING_MS;
}
