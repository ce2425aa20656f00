import type { Duration } from '../store/documents.js';
import { CredentialContentError } from './credential-content-error.js';
import { addDuration, durationFault } from './expiry.js';

/** Seconds since the epoch. */
export interface CredentialTimes {
  readonly issuedAt: number;
  readonly expiresAt?: number;
}

const DAY_MS = 86_400_000;

/**
 * When a credential begins and ends. Both are cut to the hour (SDV-12, SEC-10), so that all credentials of an hour carry the
 * same times and copies of one batch cannot be told from others; one that lives less than a day is cut to the minute, one
 * that lives less than an hour to the second. The end is `expiresIn` after the cut beginning: never later than asked for,
 * and earlier by less than one such step. It never lies beyond the signing certificate (its `notAfter`).
 *
 * @param options.now milliseconds since the epoch
 * @param options.notAfter likewise
 * @throws {CredentialContentError} for an `expiresIn` that makes no sense
 */
export function credentialTimes({
  now,
  expiresIn,
  notAfter,
}: {
  now: number;
  expiresIn?: Duration | undefined;
  notAfter: number;
}): CredentialTimes {
  if (expiresIn === undefined) return { issuedAt: cut(now, 3600) };
  const fault = durationFault(expiresIn);
  if (fault !== undefined) throw new CredentialContentError(`the configuration's expiresIn ${fault}`);
  const lifetime = addDuration(now, expiresIn) - now;
  const step = timeStep(lifetime);
  const issuedAt = cut(now, step);
  const expiresAt = Math.floor(addDuration(issuedAt * 1000, expiresIn) / 1000);
  return { issuedAt, expiresAt: Math.min(expiresAt, cut(notAfter, step)) };
}

/** What the times of a credential that lives so many milliseconds are cut to a multiple of, in seconds. */
export function timeStep(lifetime: number): number {
  return lifetime >= DAY_MS ? 3600 : lifetime >= DAY_MS / 24 ? 60 : 1;
}

/** Whole seconds, cut to a multiple of the step. */
export function cut(milliseconds: number, step: number): number {
  return Math.floor(milliseconds / 1000 / step) * step;
}
