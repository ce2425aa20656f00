import { CrlContentionError } from '../../../store/certificate-revocation-list.js';
import { DEFAULT_ISSUER_ID } from '../../../store/issuer-directory.js';
import type { KeyScope } from '../../../store/signing-keys.js';
import type { ApiContext } from '../../context.js';
import { ManagementError, UnavailableError } from '../../http/errors.js';

/** What the issuer's certificates are made of, now. */
export function certificateScope({ config, db, directory, ring, stores, now }: ApiContext): KeyScope {
  const identifier = config.PUBLIC_URL;
  const identity = { issuerId: DEFAULT_ISSUER_ID, identifier, host: new URL(identifier).hostname };
  return { db, directory, ring, stores, ...identity, statusSigningUsage: config.STATUS_SIGNING_USAGE, now: now() };
}

/** 409 for what there may be only so many of. */
export function limitReached(what: string, most: number): ManagementError {
  return new ManagementError('Conflict', `There are ${most} ${what} already, the most there may be: delete one first`, {
    status: 409,
  });
}

/** Says contention as a dependency that is away: the same request may succeed later. */
export function contentionAsUnavailable(error: unknown): never {
  throw error instanceof CrlContentionError
    ? new UnavailableError('The revocation list is being changed by other requests', { cause: error })
    : error;
}
