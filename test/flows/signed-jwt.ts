import { createHash, createHmac, generateKeyPairSync, randomUUID, sign, type KeyObject } from 'node:crypto';

type Algorithm = 'ES256' | 'ES384' | 'EdDSA' | 'ES512' | 'PS256' | 'HS256' | 'none';

/** A key pair of a wallet, with the one algorithm it signs with. */
export interface WalletKeyPair {
  readonly algorithm: Algorithm;
  readonly publicJwk: Readonly<Record<string, string>>;
  readonly privateKey: KeyObject;
}

const CURVES = { ES256: 'P-256', ES384: 'P-384', ES512: 'P-521' } as const;

export function newKeyPair(algorithm: 'ES256' | 'ES384' | 'ES512' | 'EdDSA' | 'PS256' = 'ES256'): WalletKeyPair {
  const { publicKey, privateKey } = generate(algorithm);
  return { algorithm, privateKey, publicJwk: publicKey.export({ format: 'jwk' }) as Record<string, string> };
}

/** What a JWT is made of. Members that are `undefined` are left out: so a test can take a required one away. */
export interface JwtParts {
  readonly header: Readonly<Record<string, unknown>>;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly key: Pick<WalletKeyPair, 'algorithm' | 'privateKey'>;
}

/** A compact JWS, signed whatever its header says. */
export function signedJwt({ header, payload, key }: JwtParts): string {
  const input = `${encode(header)}.${encode(payload)}`;
  return `${input}.${signature(Buffer.from(input), key).toString('base64url')}`;
}

type Overrides = Partial<Pick<JwtParts, 'header' | 'payload'>> & { readonly signWith?: JwtParts['key'] };

/** A key proof (OID4VCI F.1), right in all but the overrides. */
export function proofJwt({
  issuer,
  nonce,
  key = newKeyPair(),
  header,
  payload,
  signWith = key,
}: Overrides & { issuer: string; nonce: string; key?: WalletKeyPair }): string {
  return signedJwt({
    header: { typ: 'openid4vci-proof+jwt', alg: key.algorithm, jwk: key.publicJwk, ...header },
    payload: { aud: issuer, iat: now(), nonce, ...payload },
    key: signWith,
  });
}

/** A DPoP proof (RFC 9449 4.2) for a POST, right in all but the overrides. */
export function dpopProof({
  url,
  key,
  accessToken,
  header,
  payload,
  signWith = key,
}: Overrides & { url: string; key: WalletKeyPair; accessToken?: string }): string {
  const ath = accessToken === undefined ? {} : { ath: createHash('sha256').update(accessToken).digest('base64url') };
  return signedJwt({
    header: { typ: 'dpop+jwt', alg: key.algorithm, jwk: key.publicJwk, ...header },
    payload: { jti: randomUUID(), htm: 'POST', htu: url, iat: now(), ...ath, ...payload },
    key: signWith,
  });
}

/** Seconds since the epoch, moved by some. */
export function now(seconds = 0): number {
  return Math.floor(Date.now() / 1000) + seconds;
}

/** The same JWT with one bit of its signature changed. */
export function withChangedSignature(jwt: string): string {
  const dot = jwt.lastIndexOf('.');
  const bytes = Buffer.from(jwt.slice(dot + 1), 'base64url');
  bytes[9] = (bytes[9] ?? 0) ^ 1;
  return `${jwt.slice(0, dot)}.${bytes.toString('base64url')}`;
}

function generate(algorithm: 'ES256' | 'ES384' | 'ES512' | 'EdDSA' | 'PS256') {
  if (algorithm === 'EdDSA') return generateKeyPairSync('ed25519');
  if (algorithm === 'PS256') return generateKeyPairSync('rsa', { modulusLength: 2048 });
  return generateKeyPairSync('ec', { namedCurve: CURVES[algorithm] });
}

const DIGESTS = { ES256: 'sha256', ES384: 'sha384', ES512: 'sha512', PS256: 'sha256', EdDSA: null } as const;

function signature(input: Buffer, { algorithm, privateKey }: JwtParts['key']): Buffer {
  if (algorithm === 'none') return Buffer.alloc(0);
  if (algorithm === 'HS256') return createHmac('sha256', privateKey).update(input).digest();
  return sign(DIGESTS[algorithm], input, {
    key: privateKey,
    dsaEncoding: 'ieee-p1363',
    ...(algorithm === 'PS256' ? { padding: 6 } : {}),
  });
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
