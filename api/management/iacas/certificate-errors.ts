import { CrlContentionError } from '../../../store/certificate-revocation-list.js';
import { ManagementError, UnavailableError } from '../../http/errors.js';

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
