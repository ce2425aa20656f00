import type { Config } from '../config/config.js';
import type { KeyEncryptionRing } from '../keys/key-encryption.js';
import { ensureIndexes, type Database } from '../store/database.js';
import { ensureDefaultIssuer } from '../store/default-issuer.js';
import { DEFAULT_ISSUER_ID, type IssuerDirectory } from '../store/issuer-directory.js';
import { ensureSigningKeys, rotateDueKeys } from '../store/key-rotation.js';
import { ensureAdminClient } from '../store/management-clients.js';

interface Parts {
  readonly config: Config;
  readonly db: Database;
  readonly directory: IssuerDirectory;
  readonly ring: KeyEncryptionRing;
  readonly now: () => number;
}

/** Makes what a database needs before the first request: indexes, the default issuer, its keys, the admin client. Safe to repeat. */
export async function bootstrap({ config, db, directory, ring, now }: Parts): Promise<void> {
  await ensureIndexes(db);
  await ensureDefaultIssuer({ db, name: config.ISSUER_NAME, country: config.ISSUER_COUNTRY, now: now() });
  await ensureSigningKeys({ db, directory, ring, issuerId: DEFAULT_ISSUER_ID, ...identity(config), now: now() });
  if (config.ADMIN_CLIENT_ID !== undefined && config.ADMIN_CLIENT_SECRET !== undefined) {
    await ensureAdminClient({ db, clientId: config.ADMIN_CLIENT_ID, clientSecret: config.ADMIN_CLIENT_SECRET, now: now() });
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
