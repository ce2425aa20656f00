import type { WalletKeyPair } from '../../flows/signed-jwt.js';

const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
const MULTICODEC = { 'P-256': [0x80, 0x24], 'P-384': [0x81, 0x24], Ed25519: [0xed, 0x01] } as const;

/** The DID URL of a key's verification method, by the did:jwk method. */
export function didJwkUrl(jwk: WalletKeyPair['publicJwk']): string {
  return `did:jwk:${Buffer.from(JSON.stringify(jwk)).toString('base64url')}#0`;
}

/** Likewise by the did:key method. `x` replaces the key's own coordinate. */
export function didKeyUrl(
  { publicJwk }: Pick<WalletKeyPair, 'publicJwk'>,
  x = Buffer.from(publicJwk.x ?? '', 'base64url'),
): string {
  const { crv, y } = publicJwk;
  const isOdd = ((Buffer.from(y ?? '', 'base64url').at(-1) ?? 0) & 1) === 1;
  const compressed = y === undefined ? x : Buffer.concat([Buffer.from([isOdd ? 3 : 2]), x]);
  const id = `z${base58(Buffer.concat([Buffer.from(MULTICODEC[crv as keyof typeof MULTICODEC]), compressed]))}`;
  return `did:key:${id}#${id}`;
}

function base58(bytes: Buffer): string {
  let value = BigInt(`0x${bytes.toString('hex')}`);
  let text = '';
  for (; value > 0n; value /= 58n) text = ALPHABET.charAt(Number(value % 58n)) + text;
  return text;
}
