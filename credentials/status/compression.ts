import { promisify } from 'node:util';
import { deflate, gunzip, gzip, inflate, type InputType } from 'node:zlib';

/** More than any list of ours has: what is decompressed ends there. */
const MOST_BYTES = 4 * 1024 * 1024;

const deflateAsync = promisify<InputType, { level: number }, Buffer>(deflate);
const gzipAsync = promisify<InputType, { level: number }, Buffer>(gzip);
const inflateAsync = promisify<InputType, { maxOutputLength: number }, Buffer>(inflate);
const gunzipAsync = promisify<InputType, { maxOutputLength: number }, Buffer>(gunzip);

/** ZLIB (RFC 1950) at the highest level, off the event loop. */
export async function zlibCompress(bytes: Uint8Array): Promise<Uint8Array> {
  return plain(await deflateAsync(bytes, { level: 9 }));
}

/** GZIP (RFC 1952), likewise. */
export async function gzipCompress(bytes: Uint8Array): Promise<Uint8Array> {
  return plain(await gzipAsync(bytes, { level: 9 }));
}

/** @throws {Error} for what is no ZLIB stream, or longer than any list */
export async function zlibDecompress(bytes: Uint8Array): Promise<Uint8Array> {
  return plain(await inflateAsync(bytes, { maxOutputLength: MOST_BYTES }));
}

/** @throws {Error} for what is no GZIP stream, or longer than any list */
export async function gzipDecompress(bytes: Uint8Array): Promise<Uint8Array> {
  return plain(await gunzipAsync(bytes, { maxOutputLength: MOST_BYTES }));
}

/** CBOR writes a Buffer as something else than bytes. */
function plain(buffer: Buffer): Uint8Array {
  return new Uint8Array(buffer);
}
