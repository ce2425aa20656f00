import { ECDH } from 'node:crypto';

/** Not a DID URL of a kind that is resolved here. The message says what is wrong, and repeats nothing of it. */
export class DidKeyError extends Error {
  override readonly name = 'DidKeyError';
}

const DID_URL = /^did:(jwk|key):([A-Za-z0-9_-]{1,2048})#([A-Za-z0-9_-]{1,2048})$/;

/**
 * The public key that a `did:jwk` or `did:key` DID URL names, as a JWK that is yet to be checked. Both carry the key
 * themselves: nothing is fetched.
 *
 * @throws {DidKeyError}
 */
export function jwkOfDidUrl(didUrl: string): unknown {
  const [, method, id, fragment] = DID_URL.exec(didUrl) ?? [];
  if (method === undefined || id === undefined) throw new DidKeyError('is not a did:jwk or did:key DID URL');
  // Each document has one verification method to prove with, and it goes by this name.
  if (fragment !== (method === 'jwk' ? '0' : id)) throw new DidKeyError('does not name the verification method of its DID');
  return method === 'jwk' ? decodeJwk(id) : decodeMultikey(id);
}

function decodeJwk(id: string): unknown {
  try {
    return JSON.parse(Buffer.from(id, 'base64url').toString('utf8'));
  } catch {
    throw new DidKeyError('holds no JSON');
  }
}

interface KeyType {
  /** The multicodec code as a varint. */
  readonly prefix: readonly [number, number];
  readonly bytes: number;
  readonly toJwk: (key: Buffer) => unknown;
}

const KEY_TYPES: readonly KeyType[] = [
  { prefix: [0xed, 0x01], bytes: 32, toJwk: (key) => ({ kty: 'OKP', crv: 'Ed25519', x: key.toString('base64url') }) },
  { prefix: [0x80, 0x24], bytes: 33, toJwk: (key) => uncompressed(key, { name: 'prime256v1', crv: 'P-256' }) },
  { prefix: [0x81, 0x24], bytes: 49, toJwk: (key) => uncompressed(key, { name: 'secp384r1', crv: 'P-384' }) },
];

const LONGEST_MULTIKEY = 128;

function decodeMultikey(id: string): unknown {
  if (!id.startsWith('z') || id.length > LONGEST_MULTIKEY) throw new DidKeyError('holds no base58btc key');
  const bytes = base58(id.slice(1));
  const type = KEY_TYPES.find(
    ({ prefix, bytes: length }) => bytes[0] === prefix[0] && bytes[1] === prefix[1] && bytes.length === length + 2,
  );
  if (type === undefined) throw new DidKeyError('holds no P-256, P-384 or Ed25519 key');
  return type.toJwk(bytes.subarray(2));
}

function uncompressed(key: Buffer, { name, crv }: { name: string; crv: string }): unknown {
  let point: Buffer;
  try {
    point = ECDH.convertKey(key, name, undefined, undefined, 'uncompressed') as Buffer;
  } catch {
    throw new DidKeyError('holds no point on its curve');
  }
  const size = (point.length - 1) / 2;
  return {
    kty: 'EC',
    crv,
    x: point.subarray(1, 1 + size).toString('base64url'),
    y: point.subarray(1 + size).toString('base64url'),
  };
}

const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

function base58(text: string): Buffer {
  let value = 0n;
  for (const character of text) {
    const digit = ALPHABET.indexOf(character);
    if (digit < 0) throw new DidKeyError('holds no base58btc key');
    value = value * 58n + BigInt(digit);
  }
  // No key type here starts with a zero byte, so leading ones (zero bytes) need no care: they match no prefix.
  const hex = value.toString(16);
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
}
