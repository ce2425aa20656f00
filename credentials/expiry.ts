import type { Duration } from '../store/documents.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const LONGEST_YEARS = 1000;

/**
 * The instant a duration after another, by the UTC calendar: a month after 31 January is the last of February.
 *
 * @param from milliseconds since the epoch
 */
export function addDuration(
  from: number,
  { years = 0, months = 0, weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0 }: Duration,
): number {
  const date = new Date(from);
  const dayOfMonth = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + 12 * years + months);
  const lastDay = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  date.setUTCDate(Math.min(dayOfMonth, lastDay));
  return date.getTime() + (7 * weeks + days) * DAY_MS + hours * HOUR_MS + minutes * 60_000 + seconds * 1000;
}

/** What is wrong with an `expiresIn`, as a sentence without its subject; `undefined` where it can be used. */
export function durationFault(duration: Duration): string | undefined {
  const parts = Object.values(duration);
  if (!parts.every((part) => Number.isInteger(part) && part >= 0)) return 'needs whole numbers that are not negative';
  if (parts.every((part) => part === 0)) return 'must be longer than nothing';
  const end = addDuration(0, duration);
  return end <= addDuration(0, { years: LONGEST_YEARS }) ? undefined : `must not be longer than ${LONGEST_YEARS} years`;
}
