import { encode, type Tag } from 'cbor2';

/** What this format writes. Bytes are bare `Uint8Array`: the library would write a Buffer as an object. */
export type CborValue =
  string | number | boolean | null | Uint8Array | Tag | readonly CborValue[] | ReadonlyMap<string | number, CborValue>;

/** Tags of ISO 18013-5. */
export const TDATE = 0;
export const EMBEDDED_CBOR = 24;
export const FULL_DATE = 1004;

/** Deterministic, of definite length, map keys in order (MDC-07). */
export function toCbor(value: CborValue): Uint8Array {
  return encode(value, { cde: true });
}
