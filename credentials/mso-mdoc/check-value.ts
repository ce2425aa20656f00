import { Tag } from 'cbor2';
import type { MobileValueType } from '../../store/configuration-documents.js';

/**
 * Whether a value read from an mdoc is what a claim had to become: the way from CBOR back to JSON, and no part of the way
 * there.
 *
 * @param claim JSON
 * @param read as `decodeStrictly` gives it
 */
export function hasValue(type: MobileValueType, claim: unknown, read: unknown): boolean {
  switch (type) {
    case 'dateTime':
      return isTagged(read, 0, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/) && isSecondOf(read.contents, claim);
    case 'fullDate':
      return isTagged(read, 1004, /^\d{4}-\d\d-\d\d$/) && read.contents === claim;
    case 'bytes':
      return read instanceof Uint8Array && base64(read) === afterComma(claim);
    case 'drivingPrivileges':
      return sameJson(withoutNull(claim), asJson(read, true));
    case 'string':
    case 'int':
    case 'number':
    case 'boolean':
    case 'object':
    case 'array':
      return sameJson(claim, asJson(read, false));
  }
}

function isTagged(read: unknown, tag: number, form: RegExp): read is Tag & { contents: string } {
  return read instanceof Tag && read.tag === tag && typeof read.contents === 'string' && form.test(read.contents);
}

function isSecondOf(text: string, claim: unknown): boolean {
  return Date.parse(text) === Math.floor(Date.parse(String(claim)) / 1000) * 1000;
}

/** In one alphabet, without padding. */
function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url');
}

function afterComma(claim: unknown): string {
  return String(claim).replace(/^.*,/s, '').replace(/=+$/, '').replaceAll('+', '-').replaceAll('/', '_');
}

const NOT_JSON = Symbol('no JSON');

/** Dates count as their text where they are allowed. */
function asJson(read: unknown, withDates: boolean): unknown {
  if (read instanceof Map) {
    const members = [...read].map(([name, member]) => [name, asJson(member, withDates)] as const);
    return members.every(([name]) => typeof name === 'string') ? new Map(members) : NOT_JSON;
  }
  if (Array.isArray(read)) return read.map((element) => asJson(element, withDates));
  if (withDates && isTagged(read, 1004, /^\d{4}-\d\d-\d\d$/)) return read.contents;
  if (typeof read === 'bigint') return Number(read);
  return read === null || ['string', 'number', 'boolean'].includes(typeof read) ? read : NOT_JSON;
}

function withoutNull(claim: unknown): unknown {
  if (Array.isArray(claim)) return claim.map(withoutNull);
  if (typeof claim !== 'object' || claim === null) return claim;
  const members = Object.entries(claim).filter(([, member]) => member !== null);
  return Object.fromEntries(members.map(([name, member]) => [name, withoutNull(member)]));
}

function sameJson(claim: unknown, read: unknown): boolean {
  if (Array.isArray(claim)) {
    return Array.isArray(read) && read.length === claim.length && claim.every((element, at) => sameJson(element, read[at]));
  }
  if (typeof claim === 'object' && claim !== null) {
    const members = Object.entries(claim);
    if (!(read instanceof Map) || read.size !== members.length) return false;
    return members.every(([name, member]) => read.has(name) && sameJson(member, read.get(name)));
  }
  return claim === read;
}
