/** A byte string as CBOR writes it (RFC 8949 3.1), put together by hand: what checks an encoder's work does not use it. */
export function byteString(bytes: Uint8Array): Uint8Array {
  const { length } = bytes;
  const head =
    length < 24
      ? [0x40 | length]
      : length < 0x100
        ? [0x58, length]
        : length < 0x1_0000
          ? [0x59, length >> 8, length & 0xff]
          : [0x5a, length >>> 24, (length >> 16) & 0xff, (length >> 8) & 0xff, length & 0xff];
  return Buffer.concat([Buffer.from(head), bytes]);
}
