import { generateKeyPairSync, sign } from 'node:crypto';

interface ProofClaims {
  /** Credential issuer identifier. */
  readonly audience: string;
  readonly nonce: string;
}

/** A proof of possession of a key made for it: an ES256 JWT as of OID4VCI F.1. */
export function freshKeyProof({ audience, nonce }: ProofClaims): string {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { kty, crv, x, y } = publicKey.export({ format: 'jwk' });
  const header = encode({ alg: 'ES256', typ: 'openid4vci-proof+jwt', jwk: { kty, crv, x, y } });
  const payload = encode({ aud: audience, iat: Math.floor(Date.now() / 1000), nonce });
  const signature = sign('sha256', Buffer.from(`${header}.${payload}`), { key: privateKey, dsaEncoding: 'ieee-p1363' });
  return `${header}.${payload}.${signature.toString('base64url')}`;
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
