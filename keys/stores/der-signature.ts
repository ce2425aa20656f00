const SEQUENCE = 0x30;
const INTEGER = 0x02;
const HALF_BYTES = 32;

/**
 * `r || s` of an ECDSA signature on P-256 that a store gives as DER (RFC 3279 2.2.3).
 *
 * @returns 64 bytes, or nothing where the bytes are no such signature, to the last of them
 */
export function rawEcdsaSignature(der: Uint8Array): Uint8Array | undefined {
  // Two integers of at most 33 bytes: every length fits into one byte.
  if (der[0] !== SEQUENCE || der[1] !== der.length - 2) return undefined;
  const r = readInteger(der, 2);
  const s = r === undefined ? undefined : readInteger(der, r.end);
  if (r === undefined || s?.end !== der.length) return undefined;
  const raw = new Uint8Array(2 * HALF_BYTES);
  raw.set(r.value, HALF_BYTES - r.value.length);
  raw.set(s.value, 2 * HALF_BYTES - s.value.length);
  return raw;
}

/** The integer at an offset, positive and minimally encoded, without leading zero. */
function readInteger(der: Uint8Array, offset: number): { value: Uint8Array; end: number } | undefined {
  const length = der[offset + 1] ?? 0;
  const end = offset + 2 + length;
  if (der[offset] !== INTEGER || length === 0 || end > der.length) return undefined;
  const [first = 0, second = 0] = [der[offset + 2], der[offset + 3]];
  if (first >= 0x80 || (first === 0 && length > 1 && second < 0x80)) return undefined;
  const value = der.subarray(first === 0 ? offset + 3 : offset + 2, end);
  return value.length <= HALF_BYTES ? { value, end } : undefined;
}
