import { isDuplicateKey, type Database } from './database.js';

/**
 * Spends something that may be used once.
 *
 * @param options.id `<issuerId>/<kind>/<hash>`
 * @param options.usedBy names the use: the same use may spend it again
 * @returns false where another use has spent it
 */
export async function spendOnce({
  db,
  id,
  issuerId,
  usedBy,
  expireAt,
}: {
  db: Database;
  id: string;
  issuerId: string;
  usedBy: string;
  expireAt: Date;
}): Promise<boolean> {
  try {
    await db.spent.insertOne({ _id: id, issuerId, usedBy, expireAt });
    return true;
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
  }
  const spent = await db.spent.findOne({ _id: id, issuerId }, { projection: { usedBy: 1 } });
  return spent?.usedBy === usedBy;
}
