import { createPublicKey, verify } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { KeyEncryptionRing, type WrappedKey } from '../../keys/key-encryption.js';
import { createLocalSigner } from '../../keys/local-signer.js';
import { jwkThumbprint } from '../../keys/public-jwk.js';
import { SignerError } from '../../keys/signer.js';
import type { SigningKeyDocument } from '../../store/documents.js';
import { makeIssuerKeys, type IssuerKeys } from './issuer-keys.js';

let keys: IssuerKeys;
beforeAll(async () => {
  keys = await makeIssuerKeys();
});

const rejection = (document: SigningKeyDocument, ring = keys.ring): unknown => {
  try {
    createLocalSigner({ document, ring });
  } catch (error) {
    return error;
  }
  return undefined;
};

const flipped = (wrapped: WrappedKey, member: 'iv' | 'data', position: number): WrappedKey => {
  const bytes = Buffer.from(wrapped[member], 'base64url');
  bytes[position] = bytes[position]! ^ 1;
  return { ...wrapped, [member]: bytes.toString('base64url') };
};

describe('a local signer', () => {
  it('makes raw 64-byte ES256 signatures that verify with its public key', async () => {
    const signer = createLocalSigner({ document: keys.accessToken, ring: keys.ring });
    const key = createPublicKey({ key: { ...signer.publicJwk }, format: 'jwk' });
    for (const data of [new Uint8Array(0), Buffer.from('data'), new Uint8Array(100_000)]) {
      const signature = await signer.sign(data);
      expect(signature).toHaveLength(64);
      expect(verify('sha256', data, { key, dsaEncoding: 'ieee-p1363' }, signature)).toBe(true);
      expect(verify('sha256', Buffer.concat([data, Buffer.of(0)]), { key, dsaEncoding: 'ieee-p1363' }, signature)).toBe(false);
    }
  });

  it('is named by the RFC 7638 thumbprint of its key', () => {
    const signer = createLocalSigner({ document: keys.leaf, ring: keys.ring });
    expect(signer.keyId).toBe(jwkThumbprint({ ...keys.leaf.publicJwk }));
    expect(signer.certificateChain).toEqual(keys.leaf.certificateChain);
  });

  it('unwraps with an older key of the ring', () => {
    const current = new Uint8Array(32).fill(9);
    const ring = new KeyEncryptionRing([current, new Uint8Array(32).map((_, index) => index)]);
    expect(createLocalSigner({ document: keys.leaf, ring }).keyId).toBe(keys.leaf.keyId);
  });
});

describe('a wrapped private key', () => {
  it('is nowhere in clear in its record', () => {
    expect(JSON.stringify(keys.leaf)).not.toContain('"d"');
    expect(Object.keys(keys.leaf.publicJwk).sort()).toEqual(['crv', 'kty', 'x', 'y']);
    expect(keys.leaf.privateKey!.data).not.toBe('');
  });

  it.each([
    ['its first byte', 'data', 0],
    ['its tag', 'data', -1],
    ['its nonce', 'iv', 0],
  ] as const)('does not open with %s changed', (_name, member, position) => {
    const privateKey = keys.leaf.privateKey!;
    const length = Buffer.from(privateKey[member], 'base64url').length;
    const document = { ...keys.leaf, privateKey: flipped(privateKey, member, (position + length) % length) };
    expect(rejection(document)).toBeInstanceOf(SignerError);
  });

  it('does not open as another key (wrong context)', () => {
    expect(rejection({ ...keys.leaf, keyId: keys.accessToken.keyId })).toBeInstanceOf(SignerError);
    expect(rejection({ ...keys.leaf, privateKey: keys.accessToken.privateKey! })).toBeInstanceOf(SignerError);
  });

  it('does not open with another key-encryption key, and says which record and not what is in it', () => {
    const error = rejection(keys.leaf, new KeyEncryptionRing([new Uint8Array(32).fill(1)])) as SignerError;
    expect(error).toBeInstanceOf(SignerError);
    expect(error.retryable).toBe(false);
    expect(error.message).toContain('default/credential-signing/1');
  });

  it('is refused where it is not the private half of the key on record', () => {
    const { ring } = keys;
    const pkcs8 = ring.unwrap(keys.accessToken.privateKey!, keys.accessToken.keyId);
    const document = { ...keys.leaf, privateKey: ring.wrap(pkcs8, keys.leaf.keyId) };
    expect(rejection(document)).toMatchObject({ name: 'SignerError', retryable: false });
  });
});
