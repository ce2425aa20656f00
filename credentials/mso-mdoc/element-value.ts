import { Tag } from 'cbor2';
import type { MobileValueType } from '../../store/configuration-documents.js';
import { FULL_DATE, TDATE, type CborValue } from './cbor.js';
import { instantOf, isFullDate, tdate } from './dates.js';
import { drivingPrivileges } from './driving-privileges.js';

/** Of text, in characters of UTF-16. */
const LONGEST_TEXT = 65_536;
/** Of bytes: a portrait takes some 30,000. */
const MOST_BYTES = 262_144;
const DEEPEST = 32;
const BASE64 = /^(?:[A-Za-z0-9+/]+|[A-Za-z0-9_-]+)={0,2}$/;
const DATA_URI = /^data:[^,]{0,255};base64,/;

/**
 * A claim as CBOR writes it (MDC-10): `dateTime` takes a date-time of RFC 3339, `fullDate` a date, `bytes` base64, base64url
 * or a data: URI.
 *
 * @param value JSON
 * @returns `undefined` where the value is none of that type, or too large
 */
export function elementValue(type: MobileValueType, value: unknown): CborValue | undefined {
  switch (type) {
    case 'string':
      return typeof value === 'string' ? text(value) : undefined;
    case 'int':
      return Number.isSafeInteger(value) ? number(value as number) : undefined;
    case 'number':
      return typeof value === 'number' ? number(value) : undefined;
    case 'boolean':
      return typeof value === 'boolean' ? value : undefined;
    case 'dateTime':
      return typeof value === 'string' ? dateTime(value) : undefined;
    case 'fullDate':
      return typeof value === 'string' && isFullDate(value) ? new Tag(FULL_DATE, value) : undefined;
    case 'bytes':
      return typeof value === 'string' ? bytes(value) : undefined;
    case 'object':
      return isObject(value) ? json(value) : undefined;
    case 'array':
      return Array.isArray(value) ? json(value) : undefined;
    case 'drivingPrivileges':
      return drivingPrivileges(value);
  }
}

function text(value: string): string | undefined {
  return value.length <= LONGEST_TEXT && isWellFormed(value) ? value : undefined;
}

/** UTF-8 has no lone surrogates. */
function isWellFormed(value: string): boolean {
  return !/\p{Surrogate}/u.test(value);
}

/** The two zeros are one to JSON. */
function number(value: number): number | undefined {
  return Number.isFinite(value) ? value + 0 : undefined;
}

function dateTime(value: string): Tag | undefined {
  const instant = instantOf(value);
  return instant === undefined ? undefined : new Tag(TDATE, tdate(Math.floor(instant / 1000)));
}

function bytes(value: string): Uint8Array | undefined {
  const encoded = value.replace(DATA_URI, '');
  if (encoded.length > (MOST_BYTES / 3) * 4 + 4 || !BASE64.test(encoded)) return undefined;
  const bare = encoded.replace(/=+$/, '');
  if (bare.length < encoded.length && encoded.length % 4 !== 0) return undefined;
  const decoded = Buffer.from(bare, 'base64');
  // Not every text of these characters is what some bytes are written as.
  const canonical = decoded.toString('base64url') === bare.replaceAll('+', '-').replaceAll('/', '_');
  return canonical && decoded.length <= MOST_BYTES ? new Uint8Array(decoded) : undefined;
}

function json(value: unknown, depth = 0): CborValue | undefined {
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'string') return text(value);
  if (typeof value === 'number') return number(value);
  if (typeof value !== 'object' || depth >= DEEPEST) return undefined;
  if (Array.isArray(value)) return allUsable(value.map((element) => json(element, depth + 1)));
  // Readers whose maps are objects would lose it.
  if (Object.hasOwn(value, '__proto__')) return undefined;
  const names = allUsable(Object.keys(value).map(text));
  const members = allUsable(Object.values(value).map((member) => json(member, depth + 1)));
  return names && members && new Map(names.map((name, index) => [name, members[index] ?? null]));
}

function allUsable<T>(values: readonly (T | undefined)[]): readonly T[] | undefined {
  return values.every((value) => value !== undefined) ? values : undefined;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
