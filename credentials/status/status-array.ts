import type { StatusValue } from '../../store/status-documents.js';

/** An entry that says something else than "valid". */
export interface ChangedStatus {
  readonly index: number;
  readonly status: StatusValue;
}

/** What a list says: every entry is valid (0) but those listed. */
export interface StatusListContent {
  /** How many entries it has. */
  readonly size: number;
  readonly changed: readonly ChangedStatus[];
}

/**
 * The byte array of a Token Status List (TSL 4.1): each entry takes `bits` bits, the first one the least significant of a byte.
 *
 * @throws {RangeError} for an index beyond the list, or a status that does not fit
 */
export function packStatuses({ size, changed }: StatusListContent, bits: 1 | 2 | 4 | 8): Uint8Array {
  const bytes = new Uint8Array(Math.ceil((size * bits) / 8));
  const perByte = 8 / bits;
  for (const { index, status } of changed) {
    requireIndex(index, size);
    if (status >= 2 ** bits) throw new RangeError(`a status of ${status} does not fit into ${bits} bit`);
    const at = Math.floor(index / perByte);
    bytes[at] = (bytes[at] ?? 0) | (status << ((index % perByte) * bits));
  }
  return bytes;
}

/** The status at an index of such an array. */
export function statusAt(bytes: Uint8Array, bits: 1 | 2 | 4 | 8, index: number): number {
  const perByte = 8 / bits;
  return ((bytes[Math.floor(index / perByte)] ?? 0) >> ((index % perByte) * bits)) & (2 ** bits - 1);
}

/** Fewer entries than this would tell holders apart (Bitstring Status List 3.2: at least 16 kB). */
const SHORTEST_BITSTRING = 131_072;

/**
 * A bit string of the W3C lists: one bit an entry, index 0 the left-most, and at least 16 kB.
 *
 * @param isSet which statuses the purpose of the list is about
 * @throws {RangeError} for an index beyond the list
 */
export function packBitstring({ size, changed }: StatusListContent, isSet: (status: StatusValue) => boolean): Uint8Array {
  const bytes = new Uint8Array(Math.ceil(Math.max(size, SHORTEST_BITSTRING) / 8));
  for (const { index, status } of changed) {
    requireIndex(index, size);
    if (isSet(status)) bytes[index >> 3] = (bytes[index >> 3] ?? 0) | (0x80 >> (index & 7));
  }
  return bytes;
}

/** Whether the bit at an index of such a string is set. */
export function bitAt(bytes: Uint8Array, index: number): boolean {
  return ((bytes[index >> 3] ?? 0) & (0x80 >> (index & 7))) !== 0;
}

function requireIndex(index: number, size: number): void {
  if (!Number.isInteger(index) || index < 0 || index >= size) throw new RangeError('the index is beyond the status list');
}
