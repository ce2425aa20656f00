import { isDuplicateKey, type Database } from '../../../store/database.js';
import { UnavailableError } from '../../http/errors.js';

/** A provider of an issuer. */
interface Choice {
  readonly issuerId: string;
  readonly providerId: string;
}

const MOST_ATTEMPTS = 20;

/**
 * The provider that offers without a choice use; `undefined` as long as there is none at all.
 *
 * One record names it, so that there are never two, whoever writes at the same time; where that names none that is
 * there, it is the oldest. The providers' own `isDefault` follows it (`settleDefault`).
 */
export async function defaultProviderId(db: Database, issuerId: string): Promise<string | undefined> {
  const chosen = await chosenProvider(db, issuerId);
  if (chosen !== undefined && (await exists(db, { issuerId, providerId: chosen }))) return chosen;
  return oldestProvider(db, issuerId);
}

/** Chooses the default, whichever it was before; call `settleDefault` afterwards. */
export async function chooseDefault(db: Database, { issuerId, providerId }: Choice): Promise<void> {
  const change = () => db.reservations.updateOne({ _id: choiceId(issuerId) }, { $set: { ownerId: providerId } });
  if ((await change()).matchedCount === 1) return;
  try {
    await db.reservations.insertOne({ _id: choiceId(issuerId), issuerId, ownerId: providerId });
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
    await change();
  }
}

/** Before a provider is deleted: where it is the default, makes the oldest of the others that. Returns whether it was. */
export async function handOverDefault(db: Database, { issuerId, providerId }: Choice): Promise<boolean> {
  if ((await defaultProviderId(db, issuerId)) !== providerId) return false;
  const next = await oldestProvider(db, issuerId, providerId);
  if (next === undefined) return true;
  // Guarded: what somebody else chose meanwhile stands.
  await db.reservations.updateOne({ _id: choiceId(issuerId), ownerId: providerId }, { $set: { ownerId: next } });
  await settleDefault(db, issuerId);
  return true;
}

/**
 * Brings the providers' `isDefault` in line with the choice; safe to repeat. Whoever writes looks again afterwards, so
 * the last of several at once leaves it right. On the way there may be two for a moment, but never none.
 *
 * @throws {UnavailableError} while others keep changing it
 */
export async function settleDefault(db: Database, issuerId: string): Promise<void> {
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt += 1) {
    const providerId = await defaultProviderId(db, issuerId);
    if (providerId === undefined) return;
    if (!(await confirmChoice(db, { issuerId, providerId }))) continue;
    const marked = await db.authenticationProviders.updateOne({ _id: providerId, issuerId }, { $set: { isDefault: true } });
    await db.authenticationProviders.updateMany(
      { issuerId, isDefault: true, _id: { $ne: providerId } },
      { $set: { isDefault: false } },
    );
    if (marked.matchedCount === 1 && (await chosenProvider(db, issuerId)) === providerId) return;
  }
  throw new UnavailableError('The default authentication provider is being changed by other requests');
}

/** Puts the choice on record where it was made by age. False where somebody else chose meanwhile. */
async function confirmChoice(db: Database, { issuerId, providerId }: Choice): Promise<boolean> {
  const chosen = await chosenProvider(db, issuerId);
  if (chosen === providerId) return true;
  if (chosen === undefined) {
    try {
      await db.reservations.insertOne({ _id: choiceId(issuerId), issuerId, ownerId: providerId });
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }
  if (await exists(db, { issuerId, providerId: chosen })) return false;
  const { matchedCount } = await db.reservations.updateOne(
    { _id: choiceId(issuerId), ownerId: chosen },
    { $set: { ownerId: providerId } },
  );
  return matchedCount === 1;
}

async function chosenProvider(db: Database, issuerId: string): Promise<string | undefined> {
  return (await db.reservations.findOne({ _id: choiceId(issuerId) }))?.ownerId;
}

async function exists(db: Database, { issuerId, providerId }: Choice): Promise<boolean> {
  return (await db.authenticationProviders.findOne({ _id: providerId, issuerId }, { projection: { _id: 1 } })) !== null;
}

async function oldestProvider(db: Database, issuerId: string, except?: string): Promise<string | undefined> {
  const [oldest] = await db.authenticationProviders
    .find({ issuerId, ...(except === undefined ? {} : { _id: { $ne: except } }) }, { projection: { _id: 1 } })
    .sort({ createdAt: 1, _id: 1 })
    .limit(1)
    .toArray();
  return oldest?._id;
}

function choiceId(issuerId: string): string {
  return `${issuerId}/default/authentication-provider`;
}
