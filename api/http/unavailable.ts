import { MongoError, MongoServerError } from 'mongodb';
import { SignerError } from '../../keys/signer.js';
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

/** Whether an error only means that a dependency is away, so that the same request may succeed later. */
export function isUnavailable(error: unknown): boolean {
  if (error instanceof UnavailableError) return true;
  if (error instanceof SignerError) return error.retryable;
  if (!(error instanceof MongoError)) return false;
  if (STORE_AWAY.has(error.name) || error.hasErrorLabel('RetryableWriteError')) return true;
  return error instanceof MongoServerError && STORE_AWAY_CODES.has(error.code);
}
