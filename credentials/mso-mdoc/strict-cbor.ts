import { decode, Tag } from 'cbor2';
import { IssuedCredentialFault } from '../issued-credential-fault.js';

export type CborMap = ReadonlyMap<unknown, unknown>;

/**
 * Reads one item of deterministic CBOR: no indefinite lengths, no long forms, no duplicate keys, nothing after it. Tags stay
 * tags, and maps are maps.
 *
 * @throws {IssuedCredentialFault}
 */
export function decodeStrictly(bytes: Uint8Array): unknown {
  try {
    return decode(bytes, { cde: true, rejectDuplicateKeys: true, ignoreGlobalTags: true, preferMap: true });
  } catch (cause) {
    throw new IssuedCredentialFault('there are bytes that are no deterministic CBOR', { cause });
  }
}

/** @throws {IssuedCredentialFault} */
export function mapIn(value: unknown): CborMap {
  if (value instanceof Map) return value;
  throw new IssuedCredentialFault('there is something else where a map must be');
}

/** The array under a key. @throws {IssuedCredentialFault} */
export function listIn(map: CborMap, key: unknown): readonly unknown[] {
  const value = map.get(key);
  if (Array.isArray(value)) return value;
  throw new IssuedCredentialFault('there is something else where an array must be');
}

/** @throws {IssuedCredentialFault} */
export function bytesIn(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value;
  throw new IssuedCredentialFault('there is something else where bytes must be');
}

/** @throws {IssuedCredentialFault} */
export function textIn(value: unknown): string {
  if (typeof value === 'string') return value;
  throw new IssuedCredentialFault('there is something else where text must be');
}

/** What stands behind a tag. @throws {IssuedCredentialFault} */
export function taggedIn(value: unknown, tag: number): unknown {
  if (value instanceof Tag && value.tag === tag) return value.contents;
  throw new IssuedCredentialFault(`there is something else where tag ${tag} must be`);
}

/** The item that tag 24 embeds. @throws {IssuedCredentialFault} */
export function itemIn(value: unknown): unknown {
  return decodeStrictly(bytesIn(taggedIn(value, 24)));
}
