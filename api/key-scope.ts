import { DEFAULT_ISSUER_ID } from '../store/issuer-directory.js';
import type { KeyScope } from '../store/signing-keys.js';
import type { ApiContext } from './context.js';

type Parts = Pick<ApiContext, 'config' | 'db' | 'directory' | 'ring' | 'stores' | 'now'>;

/** Whose keys and certificates the API makes, and what of, now. */
export function keyScope({ config, db, directory, ring, stores, now }: Parts): KeyScope {
  const { PUBLIC_URL: identifier, STATUS_SIGNING_USAGE: statusSigningUsage } = config;
  const identity = { issuerId: DEFAULT_ISSUER_ID, identifier, host: new URL(identifier).hostname };
  return { db, directory, ring, stores, ...identity, statusSigningUsage, now: now() };
}
