import { hashClientSecret, isClientSecret } from './client-secret.js';
import { isDuplicateKey, type Database } from './database.js';
import type { ClientDocument } from './documents.js';
import { DEFAULT_ISSUER_ID } from './issuer-directory.js';

/** The management client, if there is one. Its `_id` is the `client_id`. */
export function findClient(db: Database, clientId: string): Promise<ClientDocument | null> {
  return db.clients.findOne({ _id: clientId, issuerId: DEFAULT_ISSUER_ID });
}

/**
 * Makes the client that the configuration names the administrator, and the only one made so: a changed secret replaces
 * the old, a changed id ends the old client. Safe to repeat, and to run in several processes at once.
 */
export async function ensureAdminClient({
  db,
  clientId,
  clientSecret,
  now,
}: {
  db: Database;
  clientId: string;
  clientSecret: string;
  /** Milliseconds since the epoch. */
  now: number;
}): Promise<void> {
  const existing = await findClient(db, clientId);
  if (existing === null) await insertAdmin(db, { clientId, clientSecret, now });
  else await updateAdmin(db, { existing, clientSecret });
  await db.clients.deleteMany({ issuerId: DEFAULT_ISSUER_ID, fromConfiguration: true, _id: { $ne: clientId } });
}

async function insertAdmin(
  db: Database,
  { clientId, clientSecret, now }: { clientId: string; clientSecret: string; now: number },
): Promise<void> {
  try {
    await db.clients.insertOne({
      _id: clientId,
      issuerId: DEFAULT_ISSUER_ID,
      name: 'Administrator',
      secretHash: await hashClientSecret(clientSecret),
      roles: ['admin'],
      fromConfiguration: true,
      createdAt: new Date(now),
    });
  } catch (error) {
    // Another process that starts with the same configuration was faster.
    if (!isDuplicateKey(error)) throw error;
  }
}

async function updateAdmin(
  db: Database,
  { existing, clientSecret }: { existing: ClientDocument; clientSecret: string },
): Promise<void> {
  const sameSecret = await isClientSecret(clientSecret, existing.secretHash);
  if (sameSecret && existing.roles.includes('admin') && existing.fromConfiguration === true) return;
  const secretHash = sameSecret ? existing.secretHash : await hashClientSecret(clientSecret);
  await db.clients.updateOne(
    { _id: existing._id, issuerId: existing.issuerId },
    { $set: { secretHash, roles: ['admin'], fromConfiguration: true } },
  );
}
