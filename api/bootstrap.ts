import type { Logger } from 'pino';
import type { Config } from '../config/config.js';
import { issuerSigners } from '../keys/issuer-signers.js';
import type { KeyEncryptionRing } from '../keys/key-encryption.js';
import type { KeyStores } from '../keys/key-store.js';
import { SignerError } from '../keys/signer.js';
import { ensureIndexes, type Database } from '../store/database.js';
import { ensureDefaultIssuer } from '../store/default-issuer.js';
import { DEFAULT_ISSUER_ID, type IssuerDirectory } from '../store/issuer-directory.js';
import { relocateSigningKeys } from '../store/key-relocation.js';
import { ensureSigningKeys, rotateDueKeys } from '../store/key-rotation.js';
import { ensureAdminClient } from '../store/management-clients.js';
import { readSigningKeys } from '../store/signing-keys.js';
import { keyScope } from './key-scope.js';

interface Parts {
  readonly config: Config;
  readonly db: Database;
  readonly directory: IssuerDirectory;
  readonly ring: KeyEncryptionRing;
  readonly stores: KeyStores;
  readonly logger: Logger;
  readonly now: () => number;
}

/** The database was made under another key-encryption key. */
class WrongMasterKeyError extends Error {
  override readonly name = 'WrongMasterKeyError';
}

/**
 * Makes what a database needs before the first request: indexes, the default issuer, its keys, the admin client. Safe to repeat.
 *
 * @throws {WrongMasterKeyError} rather than begin, since every request would fail
 */
export async function bootstrap(parts: Parts): Promise<void> {
  const { config, db, ring, stores, now } = parts;
  await ensureIndexes(db);
  await ensureDefaultIssuer({ db, name: config.ISSUER_NAME, country: config.ISSUER_COUNTRY, now: now() });
  await ensureSigningKeys(keyScope(parts));
  await relocateKeys(parts);
  requireOpenKeys({ keys: await readSigningKeys({ db, issuerId: DEFAULT_ISSUER_ID }), access: { ring, stores } });
  if (config.ADMIN_CLIENT_ID !== undefined && config.ADMIN_CLIENT_SECRET !== undefined) {
    await ensureAdminClient({ db, clientId: config.ADMIN_CLIENT_ID, clientSecret: config.ADMIN_CLIENT_SECRET, now: now() });
  }
}

function requireOpenKeys(keys: Parameters<typeof issuerSigners>[0]): void {
  try {
    issuerSigners(keys);
  } catch (cause) {
    if (!(cause instanceof SignerError) || cause.retryable) throw cause;
    throw new WrongMasterKeyError(
      'MASTER_KEY does not open the signing keys in the database: set it to the key they were made with, or add that one to MASTER_KEYS_PREVIOUS.',
      { cause },
    );
  }
}

/** Rotates the keys whose time has come; call it now and then. */
export async function rotateKeys(parts: Parts): Promise<void> {
  await relocateKeys(parts);
  await rotateDueKeys({ ...keyScope(parts), maximumAgeDays: parts.config.KEY_ROTATION_DAYS });
}

/** Keys go on where they are as long as the store they are to go to is away. */
async function relocateKeys(parts: Parts): Promise<void> {
  try {
    await relocateSigningKeys(keyScope(parts));
  } catch (error) {
    if (!(error instanceof SignerError)) throw error;
    parts.logger.warn({ reason: error.message }, 'a key could not be made in its key store; trying again later');
  }
}
