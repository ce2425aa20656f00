import { X509Certificate } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { issuerSigners } from '../../keys/issuer-signers.js';
import { SignerError } from '../../keys/signer.js';
import { createSigningKey } from '../../keys/signing-key.js';
import type { KeyState, SigningKeyDocument } from '../../store/documents.js';
import { makeIssuerKeys, NOW, type IssuerKeys } from './issuer-keys.js';

let issuer: IssuerKeys;
beforeAll(async () => {
  issuer = await makeIssuerKeys();
});

const accessTokenKey = (generation: number, state: KeyState): Promise<SigningKeyDocument> =>
  createSigningKey({ issuerId: 'default', purpose: 'access-token', generation, state, ring: issuer.ring, now: NOW });

describe("an issuer's signers", () => {
  it('are made once per array of keys', () => {
    const keys = [issuer.root, issuer.leaf, issuer.accessToken];
    expect(issuerSigners({ keys, access: { ring: issuer.ring } })).toBe(issuerSigners({ keys, access: { ring: issuer.ring } }));
    expect(issuerSigners({ keys: [...keys], access: { ring: issuer.ring } })).not.toBe(
      issuerSigners({ keys, access: { ring: issuer.ring } }),
    );
  });

  it('sign with the newest active key of their purpose', async () => {
    const newer = await accessTokenKey(2, 'active');
    const keys = [await accessTokenKey(3, 'published'), issuer.accessToken, newer, issuer.leaf, issuer.root];
    const signers = issuerSigners({ keys, access: { ring: issuer.ring } });
    expect(signers.accessToken.keyId).toBe(newer.keyId);
    expect(signers.credential.keyId).toBe(issuer.leaf.keyId);
  });

  it('publish active, coming and retired keys, the active one first, each with kid, alg and use', async () => {
    const [retired, active, coming] = [
      await accessTokenKey(1, 'retired'),
      await accessTokenKey(2, 'active'),
      await accessTokenKey(3, 'published'),
    ];
    const { accessTokenJwks } = issuerSigners({
      keys: [retired, active, coming, issuer.leaf, issuer.root],
      access: { ring: issuer.ring },
    });
    expect(accessTokenJwks).toEqual({
      keys: [active, coming, retired].map(({ publicJwk, keyId }) => ({ ...publicJwk, kid: keyId, alg: 'ES256', use: 'sig' })),
    });
  });

  it('never mix purposes, nor publish a root key or a private part', () => {
    const { accessTokenJwks, credentialJwks } = issuerSigners({
      keys: [issuer.root, issuer.leaf, issuer.accessToken],
      access: { ring: issuer.ring },
    });
    expect(accessTokenJwks.keys.map(({ kid }) => kid)).toEqual([issuer.accessToken.keyId]);
    expect(credentialJwks.keys.map(({ kid }) => kid)).toEqual([issuer.leaf.keyId]);
    for (const key of [...accessTokenJwks.keys, ...credentialJwks.keys]) {
      expect(Object.keys(key).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
    }
  });

  it('give the root certificate as PEM', () => {
    const { rootCertificatesPem } = issuerSigners({
      keys: [issuer.root, issuer.leaf, issuer.accessToken],
      access: { ring: issuer.ring },
    });
    expect(new X509Certificate(rootCertificatesPem).raw.toString('base64')).toBe(issuer.root.certificateChain[0]);
  });

  it.each(['credential-signing', 'access-token'] as const)('say so when there is no active %s key', (purpose) => {
    const keys = [issuer.root, issuer.leaf, issuer.accessToken].map((key) =>
      key.purpose === purpose ? { ...key, state: 'published' as const } : key,
    );
    expect(() => issuerSigners({ keys, access: { ring: issuer.ring } })).toThrow(SignerError);
    expect(() => issuerSigners({ keys, access: { ring: issuer.ring } })).toThrow(`no active ${purpose} key`);
  });
});
