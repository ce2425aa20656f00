import { MongoError, MongoServerError } from 'mongodb';
import { SignerError } from '../../keys/signer.js';
import { StatusContentionError } from '../../store/change-status.js';
import { UserContentionError } from '../../store/users.js';
import { UnavailableError } from './errors.js';

/** Names under which the driver says that no server could be asked; anything else it throws is a fault of ours. */
const STORE_AWAY = new Set([
  'MongoServerSelectionError',
  'MongoNetworkError',
  'MongoNetworkTimeoutError',
  'MongoWaitQueueTimeoutError',
  'MongoPoolClearedError',
  'PoolClearedOnNetworkError',
  'MongoPoolClosedError',
  'MongoTopologyClosedError',
  'MongoNotConnectedError',
  'MongoClientClosedError',
  'MongoOperationTimeoutError',
]);
/** Server error codes of a member that is shutting down, stepping down or timed out. */
const STORE_AWAY_CODES = new Set<number | string | undefined>([50, 64, 89, 91, 189, 10107, 11600, 11602, 13435, 13436]);
/** Of a connection that breaks while the driver waits to write, the socket's own error comes out as it is. */
const CONNECTION_BROKEN = new Set(['EPIPE', 'ECONNRESET', 'ECONNREFUSED', 'ETIMEDOUT', 'ERR_STREAM_DESTROYED']);

/** Whether an error only means that a dependency is away or a record contended for: the same request may succeed later. */
export function isUnavailable(error: unknown): boolean {
  if (error instanceof UnavailableError || error instanceof UserContentionError || error instanceof StatusContentionError)
    return true;
  if (error instanceof SignerError) return error.retryable;
  if (!(error instanceof MongoError)) return isBrokenConnection(error);
  if (STORE_AWAY.has(error.name) || error.hasErrorLabel('RetryableWriteError')) return true;
  return error instanceof MongoServerError && STORE_AWAY_CODES.has(error.code);
}

function isBrokenConnection(error: unknown): boolean {
  return error instanceof Error && 'code' in error && CONNECTION_BROKEN.has(String(error.code));
}
