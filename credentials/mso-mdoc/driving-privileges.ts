import { Tag } from 'cbor2';
import { FULL_DATE, type CborValue } from './cbor.js';
import { isFullDate } from './dates.js';

const MOST_ENTRIES = 100;
const LONGEST_TEXT = 150;

type Reader = (value: unknown) => CborValue | undefined;

/**
 * Driving privileges as ISO 18013-5 7.2.4 has them (MDC-10): an array of objects with `vehicle_category_code` and, where
 * there are any, `issue_date`, `expiry_date` (full-dates) and `codes`, an array of objects with `code`, `sign` and `value`.
 * A member that is `null` counts as not there.
 *
 * @param value JSON
 * @returns `undefined` where it is anything else
 */
export function drivingPrivileges(value: unknown): CborValue | undefined {
  return listOf(readPrivilege, 0)(value);
}

const readPrivilege = objectOf(
  {
    vehicle_category_code: readText,
    issue_date: readDate,
    expiry_date: readDate,
    codes: listOf(objectOf({ code: readText, sign: readText, value: readText }, 'code'), 1),
  },
  'vehicle_category_code',
);

function readText(value: unknown): string | undefined {
  if (typeof value !== 'string' || value === '' || value.length > LONGEST_TEXT) return undefined;
  return /\p{Surrogate}/u.test(value) ? undefined : value;
}

function readDate(value: unknown): Tag | undefined {
  return typeof value === 'string' && isFullDate(value) ? new Tag(FULL_DATE, value) : undefined;
}

function listOf(read: Reader, fewest: number): Reader {
  return (value) => {
    if (!Array.isArray(value) || value.length < fewest || value.length > MOST_ENTRIES) return undefined;
    const entries = value.map(read);
    return entries.every((entry) => entry !== undefined) ? entries : undefined;
  };
}

function objectOf(readers: Readonly<Record<string, Reader>>, required: string): Reader {
  return (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    const members = new Map<string, CborValue>();
    for (const [name, member] of Object.entries(value)) {
      if (member === null) continue;
      const read = Object.hasOwn(readers, name) ? readers[name]?.(member) : undefined;
      if (read === undefined) return undefined;
      members.set(name, read);
    }
    return members.has(required) ? members : undefined;
  };
}
