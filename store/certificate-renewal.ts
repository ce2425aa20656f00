import { SIGNER_LIFE_MS } from '../keys/iaca-certificates.js';
import { SIGNER_KINDS, type SignerKind } from '../keys/iaca-signer-usage.js';
import { addManagedSigner } from './certificate-signers.js';
import type { Duration } from './documents.js';
import type { CertificateSignerDocument, IacaDocument } from './identity-documents.js';
import type { KeyScope } from './signing-keys.js';

const DAY_MS = 86_400_000;
const RENEWAL_MS = 90 * DAY_MS;
/** However long credentials live, a signer is the newest for so long at least: 16 of a kind live at once, at most. */
const SHORTEST_USE_MS = 29 * DAY_MS;
/** Not worth a new signer. */
const LEAST_GAIN_MS = DAY_MS;

/**
 * Makes the signers that an IACA under management needs: where it has none to use, and ahead of time where the newest
 * is old, near its end, or ends before credentials made with it would. The one before stays valid; which is used,
 * `certifiedSigner` says. Safe to repeat and in several processes at once.
 *
 * @returns whether it made any
 * @throws {SignerError}
 */
export async function renewSigners(
  scope: KeyScope,
  iaca: IacaDocument,
  kinds: readonly SignerKind[] = SIGNER_KINDS,
): Promise<boolean> {
  const { db, issuerId, now } = scope;
  if (!iaca.isManaged || iaca.notAfter <= now) return false;
  const signers = await db.certificateSigners.find({ issuerId, iacaId: iaca._id }).toArray();
  const keys = await db.signingKeys
    .find({ _id: { $in: signers.map(({ keyRef }) => keyRef) } }, { projection: { _id: 1 } })
    .toArray();
  const withKey = signers.filter(({ keyRef }) => keys.some(({ _id }) => _id === keyRef));
  let made = false;
  for (const kind of kinds) {
    const own = signers.filter((signer) => signer.kind === kind);
    const needed = kind === 'document-signer' ? await longestLife(scope) : 0;
    const newest = newestInUse(withKey, { kind, now });
    if (!isDue(newest, { iaca, needed, now })) continue;
    const generation = Math.max(0, ...own.map((signer) => signer.generation ?? 0)) + 1;
    await addManagedSigner(scope, { iaca, kind, generation });
    made = true;
  }
  return made;
}

function newestInUse(
  signers: readonly CertificateSignerDocument[],
  { kind, now }: { kind: SignerKind; now: number },
): CertificateSignerDocument | undefined {
  return signers
    .filter((signer) => signer.kind === kind && signer.active && signer.revokedAt === undefined)
    .filter(({ notAfter = 0 }) => now < notAfter)
    .sort((a, b) => (b.notAfter ?? 0) - (a.notAfter ?? 0))[0];
}

function isDue(
  newest: CertificateSignerDocument | undefined,
  { iaca, needed, now }: { iaca: IacaDocument; needed: number; now: number },
): boolean {
  if (newest?.notAfter === undefined) return true;
  // A new one would end with the IACA as well.
  if (Math.min(now + SIGNER_LIFE_MS, iaca.notAfter) - newest.notAfter < LEAST_GAIN_MS) return false;
  const remaining = newest.notAfter - now;
  const isOld = now - newest.createdAt.getTime() >= RENEWAL_MS;
  return isOld || remaining < Math.max(RENEWAL_MS, Math.min(needed, SIGNER_LIFE_MS - SHORTEST_USE_MS));
}

/** The longest life that a mobile configuration gives its credentials, milliseconds. */
async function longestLife({ db, issuerId }: KeyScope): Promise<number> {
  const configurations = await db.credentialConfigurations
    .find({ issuerId, profile: 'mobile' }, { projection: { expiresIn: 1 } })
    .toArray();
  return Math.max(0, ...configurations.map(({ expiresIn }) => (expiresIn === undefined ? 0 : mostMilliseconds(expiresIn))));
}

/** Of a duration in calendar units, at its longest. */
function mostMilliseconds({ years = 0, months = 0, weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0 }: Duration): number {
  return (years * 366 + months * 31 + weeks * 7 + days) * DAY_MS + ((hours * 60 + minutes) * 60 + seconds) * 1000;
}
