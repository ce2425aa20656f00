import { createPublicKey, verify, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { SignerError, type Signer } from './signer.js';

const SEQUENCE = 0x30;
const BIT_STRING = 0x03;

const verifyAsync = promisify<string, Uint8Array, KeyObject, Uint8Array, boolean>(verify);

/**
 * Makes sure, without the library that built it, that a certificate, a certificate request or a revocation list is
 * signed by its signer. All three are `SEQUENCE { what is signed, algorithm, BIT STRING }`.
 *
 * @throws {SignerError} retryable: a key store that gives back another signature is broken, and may be mended
 */
export async function requireGenuine(der: Uint8Array, signer: Signer): Promise<void> {
  if (await isGenuine(der, createPublicKey({ key: { ...signer.publicJwk }, format: 'jwk' }))) return;
  throw new SignerError(`what key ${signer.keyId} signed does not verify with its public key`, { retryable: true });
}

async function isGenuine(der: Uint8Array, publicKey: KeyObject): Promise<boolean> {
  const whole = elementAt(der, 0);
  if (whole?.tag !== SEQUENCE || whole.end !== der.length) return false;
  const signed = elementAt(der, whole.content);
  const algorithm = signed === undefined ? undefined : elementAt(der, signed.end);
  const signature = algorithm === undefined ? undefined : elementAt(der, algorithm.end);
  if (signed === undefined || signature?.tag !== BIT_STRING || signature.end !== der.length) return false;
  // The first octet of a bit string counts its unused bits: none here.
  return verifyAsync('sha256', der.subarray(whole.content, signed.end), publicKey, der.subarray(signature.content + 1));
}

interface Element {
  readonly tag: number;
  /** Where its content begins, and where it ends. */
  readonly content: number;
  readonly end: number;
}

/** The DER element at an offset; `undefined` where there is none whole. */
function elementAt(der: Uint8Array, offset: number): Element | undefined {
  const [tag, first] = der.subarray(offset, offset + 2);
  if (tag === undefined || first === undefined) return undefined;
  const octets = first < 0x80 ? 0 : first & 0x7f;
  const content = offset + 2 + octets;
  const length = octets === 0 ? first : der.subarray(offset + 2, content).reduce((sum, octet) => sum * 256 + octet, 0);
  return content + length > der.length ? undefined : { tag, content, end: content + length };
}
