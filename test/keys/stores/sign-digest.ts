import { createECDH, randomBytes, type KeyObject } from 'node:crypto';

/** Order of P-256. */
const N = BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551');

/** ECDSA on P-256 over a digest that is made already (FIPS 186-5 6.4.1), which node:crypto does not offer. Raw, 64 bytes. */
export function signDigest(privateKey: KeyObject, digest: Uint8Array): Buffer {
  const { d = '' } = privateKey.export({ format: 'jwk' });
  const k = number(randomBytes(32)) % N;
  const nonce = createECDH('prime256v1');
  nonce.setPrivateKey(bytes(k));
  const r = number(nonce.getPublicKey().subarray(1, 33)) % N;
  const s = (inverse(k) * (number(digest) + r * number(Buffer.from(d, 'base64url')))) % N;
  return Buffer.concat([bytes(r), bytes(s)]);
}

/** The same as DER. */
export function derSignature(raw: Uint8Array): Buffer {
  const integers = [raw.subarray(0, 32), raw.subarray(32)].map((half) => {
    const first = half.findIndex((byte) => byte !== 0);
    const value = half.subarray(first);
    const padded = (value[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), value]) : Buffer.from(value);
    return Buffer.concat([Buffer.of(2, padded.length), padded]);
  });
  const content = Buffer.concat(integers);
  return Buffer.concat([Buffer.of(0x30, content.length), content]);
}

function number(value: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(value).toString('hex')}`);
}

function bytes(value: bigint): Buffer {
  return Buffer.from(value.toString(16).padStart(64, '0'), 'hex');
}

function inverse(value: bigint): bigint {
  let [r, next, t, nextT] = [N, value, 0n, 1n];
  while (next !== 0n) {
    const quotient = r / next;
    [r, next, t, nextT] = [next, r - quotient * next, nextT, t - quotient * nextT];
  }
  return ((t % N) + N) % N;
}
