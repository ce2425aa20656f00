import { readCertificate } from '../../keys/certificates.js';
import { SignerError, type Signer } from '../../keys/signer.js';
import type { Duration } from '../../store/documents.js';
import { addDuration } from '../expiry.js';

/** When a signed list begins and ends, in seconds since the epoch, and for how many seconds a copy may be kept. */
export interface ListTimes {
  readonly issuedAt: number;
  readonly expiresAt: number;
  readonly ttl: number;
}

/** How long lists are good that no configuration says anything about. */
export const DEFAULT_TIME_TO_LIVE: Duration = { days: 1 };
export const DEFAULT_EXPIRY: Duration = { days: 7 };

/**
 * The times of a list (TSL-07): `exp` never lies beyond the signer's certificate, and `ttl` never beyond `exp`.
 *
 * @param options.now milliseconds since the epoch
 * @throws {SignerError} retryable, where the certificate has ended
 */
export function listTimes({
  now,
  durations = {},
  signer,
}: {
  now: number;
  durations?: { readonly timeToLiveDuration?: Duration; readonly expiryDuration?: Duration } | undefined;
  signer: Signer;
}): ListTimes {
  const { timeToLiveDuration = DEFAULT_TIME_TO_LIVE, expiryDuration = DEFAULT_EXPIRY } = durations;
  const [leaf] = signer.certificateChain;
  const notAfter = leaf === undefined ? Infinity : readCertificate(leaf).notAfter;
  if (notAfter <= now) throw new SignerError('the certificate of the status-list signer has ended', { retryable: true });
  const issuedAt = Math.floor(now / 1000);
  const expiresAt = Math.floor(Math.min(addDuration(issuedAt * 1000, expiryDuration), notAfter) / 1000);
  const ttl = Math.floor((addDuration(issuedAt * 1000, timeToLiveDuration) - issuedAt * 1000) / 1000);
  return { issuedAt, expiresAt, ttl: Math.max(1, Math.min(ttl, expiresAt - issuedAt)) };
}
