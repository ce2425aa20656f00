import type { Config } from '../config/config.js';
import { issuerSigners } from '../keys/issuer-signers.js';
import type { KeyEncryptionRing } from '../keys/key-encryption.js';
import { SignerError } from '../keys/signer.js';
import { ensureIndexes, type Database } from '../store/database.js';
import { ensureDefaultIssuer } from '../store/default-issuer.js';
import { DEFAULT_ISSUER_ID, type IssuerDirectory } from '../store/issuer-directory.js';
import { ensureSigningKeys, rotateDueKeys } from '../store/key-rotation.js';
import { ensureAdminClient } from '../store/management-clients.js';
import { readSigningKeys } from '../store/signing-keys.js';

interface Parts {
  readonly config: Config;
  readonly db: Database;
  readonly directory: IssuerDirectory;
  readonly ring: KeyEncryptionRing;
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
export async function bootstrap({ config, db, directory, ring, now }: Parts): Promise<void> {
  await ensureIndexes(db);
  await ensureDefaultIssuer({ db, name: config.ISSUER_NAME, country: config.ISSUER_COUNTRY, now: now() });
  await ensureSigningKeys({ db, directory, ring, issuerId: DEFAULT_ISSUER_ID, ...identity(config), now: now() });
  requireOpenKeys({ keys: await readSigningKeys({ db, issuerId: DEFAULT_ISSUER_ID }), ring });
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
export async function rotateKeys({ config, db, directory, ring, now }: Parts): Promise<void> {
  const maximumAgeDays = config.KEY_ROTATION_DAYS;
  await rotateDueKeys({ db, directory, ring, issuerId: DEFAULT_ISSUER_ID, ...identity(config), now: now(), maximumAgeDays });
}

function identity(config: Config): { host: string; identifier: string } {
  return { host: new URL(config.PUBLIC_URL).hostname, identifier: config.PUBLIC_URL };
}
