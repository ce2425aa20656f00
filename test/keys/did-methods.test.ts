import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jwkOfDidUrl } from '../../api/wallet/did-key.js';
import { didJwkDocument, didJwkOf } from '../../keys/did-jwk.js';
import { didKeyDocument, didKeyOf } from '../../keys/did-key.js';
import { jwkOfMultikey, multikeyOf } from '../../keys/did-multikey.js';
import { didResolver } from '../../keys/did-resolver.js';
import { didWebOf, didWebPath } from '../../keys/did-web.js';
import type { PublicJwk } from '../../keys/signer.js';
import { multikeyLibrary } from './did-libraries.js';
import { freshSigner } from './test-signers.js';

const ALGORITHMS = ['ES256', 'EdDSA'] as const;

describe('did:key', () => {
  // Vectors of the did:key method.
  it.each([
    ['Ed25519', 'z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK'],
    ['P-256', 'zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169'],
  ])('of a known %s key is what the method says', (crv, multikey) => {
    const jwk = jwkOfMultikey(multikey)!;
    expect(jwk.crv).toBe(crv);
    expect(didKeyOf(jwk)).toEqual({ did: `did:key:${multikey}`, verificationMethod: `did:key:${multikey}#${multikey}` });
    expect(jwkOfDidUrl(`did:key:${multikey}#${multikey}`)).toEqual(jwk);
  });

  it.each(ALGORITHMS)('of any %s key says the key, to other libraries too', async (algorithm) => {
    // Enough keys for both signs of y and for coordinates that begin with zeros.
    for (let count = 0; count < 40; count += 1) {
      const { publicJwk } = freshSigner(algorithm);
      const multikey = multikeyOf(publicJwk);
      expect(jwkOfMultikey(multikey)).toEqual(publicJwk);
      const library = await multikeyLibrary(publicJwk.crv);
      const theirs = await library.from({
        type: 'JsonWebKey',
        id: 'a',
        controller: 'b',
        publicKeyJwk: { ...publicJwk, key_ops: ['verify'] },
      });
      expect((await theirs.export({ publicKey: true })).publicKeyMultibase).toBe(multikey);
      const { did, verificationMethod } = didKeyOf(publicJwk);
      expect(didKeyDocument(did)).toMatchObject({ id: did, assertionMethod: [verificationMethod] });
    }
  });

  it('has no document where the DID is none', () => {
    const good = didKeyOf(freshSigner('ES256').publicJwk).did;
    const p384 = 'did:key:z82Lm1MpAkeJcix9K8TMiLd5NMAhnwkjjCBeWHXyu3U4oT2MVJJKXkcVBgjGhnLBn2Kaau9';
    for (const did of [
      'did:key:',
      'did:key:z',
      'did:key:z0OIl',
      `${good}x`,
      good.slice(0, -1),
      p384,
      `did:key:${'z'.repeat(9999)}`,
      'did:web:a',
    ])
      expect(didKeyDocument(did), did).toBeUndefined();
  });
});

describe('did:jwk', () => {
  it('of a known key is what the method says', () => {
    const did =
      'did:jwk:eyJjcnYiOiJQLTI1NiIsImt0eSI6IkVDIiwieCI6ImFjYklRaXVNczNpOF91c3pFakoydHBUdFJNNEVVM3l6OTFQSDZDZEgyVjAiLCJ5IjoiX0tjeUxqOXZXTXB0bm1LdG00NkdxRHo4d2Y3NEk1TEtncmwyR3pIM25TRSJ9';
    const document = didJwkDocument(did)!;
    expect(document.verificationMethod).toEqual([
      {
        id: `${did}#0`,
        type: 'JsonWebKey2020',
        controller: did,
        publicKeyJwk: {
          kty: 'EC',
          crv: 'P-256',
          x: 'acbIQiuMs3i8_uszEjJ2tpTtRM4EU3yz91PH6CdH2V0',
          y: '_KcyLj9vWMptnmKtm46GqDz8wf74I5LKgrl2GzH3nSE',
          key_ops: ['verify'],
        },
      },
    ]);
  });

  it.each(ALGORITHMS)('of a %s key carries that key', (algorithm) => {
    const { publicJwk } = freshSigner(algorithm);
    const { did, verificationMethod } = didJwkOf(publicJwk);
    expect(verificationMethod).toBe(`${did}#0`);
    expect(didJwkDocument(did)).toMatchObject({ id: did, assertionMethod: [verificationMethod] });
    expect(jwkOfDidUrl(verificationMethod)).toEqual(publicJwk);
  });

  it('has no document where the DID is none, or holds a private key', () => {
    const encode = (jwk: unknown) => `did:jwk:${Buffer.from(JSON.stringify(jwk)).toString('base64url')}`;
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const other = generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey;
    for (const did of [
      'did:jwk:',
      'did:jwk:%%%',
      encode(null),
      encode([]),
      encode({ kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA' }),
      encode(privateKey.export({ format: 'jwk' })),
      encode(other.export({ format: 'jwk' })),
      encode({ kty: 'oct', k: 'x'.repeat(2000) }),
      'did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK',
    ])
      expect(didJwkDocument(did), did).toBeUndefined();
  });
});

describe('did:web', () => {
  it.each([
    ['https://example.com', 'did:web:example.com', '/.well-known/did.json'],
    ['https://example.com/', 'did:web:example.com', '/.well-known/did.json'],
    ['http://localhost:3000', 'did:web:localhost%3A3000', '/.well-known/did.json'],
    ['https://example.com:8443/user/alice', 'did:web:example.com%3A8443:user:alice', '/user/alice/did.json'],
    ['https://Example.com/A%20b/', 'did:web:example.com:A%20b', '/A%20b/did.json'],
    ['https://h/a:b(1)*', 'did:web:h:a%3Ab%281%29%2A', '/a:b(1)*/did.json'],
  ])('of %s is %s, at %s', (url, did, path) => {
    expect(didWebOf(url)).toBe(did);
    expect(didWebPath(url)).toBe(path);
  });

  it('is always a DID (DID Core 3.1), and tells different URLs apart', () => {
    const segment = fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' }).filter((text) => !/^\.+$/.test(text));
    const url = fc
      .array(segment, { maxLength: 4 })
      .map((segments) => ['https://example.com', ...segments.map((text) => encodeURIComponent(text))].join('/'));
    fc.assert(
      fc.property(url, url, (one, other) => {
        expect(didWebOf(one)).toMatch(/^did:web:(?:[A-Za-z0-9._-]|%[0-9A-F]{2})+(?::(?:[A-Za-z0-9._-]|%[0-9A-F]{2})+)*$/);
        if (new URL(one).href !== new URL(other).href) expect(didWebOf(one)).not.toBe(didWebOf(other));
      }),
    );
  });
});

describe('the resolver', () => {
  const key: PublicJwk = freshSigner('EdDSA').publicJwk;

  it('knows did:key and did:jwk by themselves, of DID URLs too', async () => {
    for (const { did, verificationMethod } of [didKeyOf(key), didJwkOf(key)]) {
      const { didDocument, didResolutionMetadata } = await didResolver().resolve(verificationMethod);
      expect([didDocument?.id, didResolutionMetadata.error]).toEqual([did, undefined]);
    }
  });

  it('knows others where it has their documents', async () => {
    const { did } = didKeyOf(key);
    const document = { ...didKeyDocument(did)!, id: 'did:web:a' };
    const resolver = didResolver(new Map([['did:web:a', document]]));
    expect((await resolver.resolve('did:web:a#x')).didDocument).toBe(document);
    expect(await resolver.resolve('did:web:b')).toMatchObject({
      didDocument: null,
      didResolutionMetadata: { error: 'notFound' },
    });
  });
});
