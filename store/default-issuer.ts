import { isDuplicateKey, type Database } from './database.js';
import { DEFAULT_ISSUER_ID } from './issuer-directory.js';

/**
 * Makes the issuer that a deployment starts with; does nothing where it exists, whatever its name.
 *
 * @param options.country ISO 3166-1 alpha-2
 * @param options.now milliseconds since the epoch
 */
export async function ensureDefaultIssuer({
  db,
  name,
  country,
  now,
}: {
  db: Database;
  name: string;
  country: string;
  now: number;
}): Promise<void> {
  try {
    await db.issuers.insertOne({
      _id: DEFAULT_ISSUER_ID,
      issuerId: DEFAULT_ISSUER_ID,
      name,
      country,
      display: [{ name }],
      revision: 1,
      createdAt: new Date(now),
    });
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
  }
}
