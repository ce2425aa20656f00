import { createVerifiableCredentialJwt, verifyCredential } from 'did-jwt-vc';
import { importJWK, jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import { didVerificationMethod, didWebDocument, representedAs, type DidDocument } from '../../keys/did-document.js';
import { issuerDids } from '../../keys/did-issuer.js';
import { didJwkDocument, didJwkOf } from '../../keys/did-jwk.js';
import { didKeyDocument, didKeyOf } from '../../keys/did-key.js';
import { didResolver } from '../../keys/did-resolver.js';
import { KeyEncryptionRing } from '../../keys/key-encryption.js';
import type { Signer } from '../../keys/signer.js';
import { createSigningKey } from '../../keys/signing-key.js';
import type { KeyPurpose, KeyState, SigningKeyDocument } from '../../store/documents.js';
import { multikeyLibrary } from './did-libraries.js';
import { freshSigner } from './test-signers.js';

const DID = 'did:web:issuer.example';
const ORIGIN = 'https://issuer.example';
const ALGORITHMS = ['ES256', 'EdDSA'] as const;

/** A document of each method for a key, and the key's DID URL. */
function documentsOf(signer: Signer): readonly { document: DidDocument; verificationMethod: string }[] {
  const { publicJwk, keyId } = signer;
  const verificationMethod = `${DID}#${keyId}`;
  const [byKey, byJwk] = [didKeyOf(publicJwk), didJwkOf(publicJwk)];
  return [
    {
      document: didWebDocument({ did: DID, keys: [{ verificationMethod, publicJwk, retired: false }], origin: ORIGIN }),
      verificationMethod,
    },
    { document: didKeyDocument(byKey.did)!, verificationMethod: byKey.verificationMethod },
    { document: didJwkDocument(byJwk.did)!, verificationMethod: byJwk.verificationMethod },
  ];
}

const methodOf = ({ verificationMethod }: DidDocument, id: string) => verificationMethod.find((each) => each.id === id)!;

describe.each(ALGORITHMS)('a document with a %s key', (algorithm) => {
  const signer = freshSigner(algorithm);

  it('verifies a JWT VC in did-jwt-vc, by the DID URL of the key', async () => {
    const sign = async (data: string | Uint8Array) => Buffer.from(await signer.sign(Buffer.from(data))).toString('base64url');
    const other = freshSigner(algorithm);
    const forge = async (data: string | Uint8Array) => Buffer.from(await other.sign(Buffer.from(data))).toString('base64url');
    for (const { document, verificationMethod } of documentsOf(signer)) {
      const issue = (by: typeof sign) =>
        createVerifiableCredentialJwt(
          {
            sub: 'did:example:holder',
            nbf: 1_700_000_000,
            vc: {
              '@context': ['https://www.w3.org/2018/credentials/v1'],
              type: ['VerifiableCredential'],
              credentialSubject: { degree: 'BSc' },
            },
          },
          { did: document.id, signer: by, alg: algorithm },
          { header: { alg: algorithm, kid: verificationMethod } },
        );
      const resolver = didResolver(new Map([[document.id, document]])) as unknown as Parameters<typeof verifyCredential>[1];
      const verified = await verifyCredential(await issue(sign), resolver);
      expect([verified.verified, verified.issuer]).toEqual([true, document.id]);
      await expect(verifyCredential(await issue(forge), resolver)).rejects.toThrow('invalid_signature');
    }
  });

  it('verifies in jose, by its JWK', async () => {
    const parts = [{ alg: algorithm }, { iss: DID }].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'));
    const signed = parts.join('.');
    const jwt = `${signed}.${Buffer.from(await signer.sign(Buffer.from(signed))).toString('base64url')}`;
    for (const { document, verificationMethod } of documentsOf(signer)) {
      const method =
        methodOf(document, verificationMethod).publicKeyJwk ??
        didKeyDocument(document.id, 'JsonWebKey2020')!.verificationMethod[0]!.publicKeyJwk!;
      const { payload } = await jwtVerify(jwt, await importJWK({ ...method, key_ops: ['verify'] }, algorithm));
      expect(payload.iss).toBe(DID);
    }
  });

  it('verifies in the library of Data Integrity suites, by the Multikey and by the main DID URL', async () => {
    const library = await multikeyLibrary(signer.publicJwk.crv);
    const data = Buffer.from('some data');
    const signature = await signer.sign(data);
    for (const { document, verificationMethod } of documentsOf(signer)) {
      for (const id of [representedAs(verificationMethod, 'Multikey'), verificationMethod]) {
        const key = await library.from(methodOf(document, id));
        expect([key.id, key.controller]).toEqual([id, document.id]);
        expect(await key.verifier().verify({ data, signature })).toBe(true);
        expect(await key.verifier().verify({ data: Buffer.from('other data'), signature })).toBe(false);
      }
    }
  });

  it('authorizes each form of the key for assertions, and names each method once', () => {
    for (const { document } of documentsOf(signer)) {
      const ids = document.verificationMethod.map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
      expect(document.assertionMethod).toEqual(ids);
      expect(document.authentication).toEqual(ids);
      for (const { controller } of document.verificationMethod) expect(controller).toBe(document.id);
      expect(document['@context'][0]).toBe('https://www.w3.org/ns/did/v1');
    }
  });

  it('has a key in one form a method, and public halves alone', () => {
    for (const { document } of documentsOf(signer))
      for (const { id: _id, type: _type, controller: _controller, ...material } of document.verificationMethod) {
        expect(Object.keys(material)).toHaveLength(1);
        if (material.publicKeyJwk !== undefined) expect(material.publicKeyJwk).not.toHaveProperty('d');
      }
  });
});

describe('the document of a did:web', () => {
  const ed25519 = freshSigner('EdDSA');
  const p256 = freshSigner('ES256');
  const keys = [ed25519, p256].map(({ publicJwk, keyId }) => ({
    verificationMethod: `${DID}#${keyId}`,
    publicJwk,
    retired: false,
  }));

  it('has an Ed25519 key for Ed25519Signature2018 as well, as a library reads it', async () => {
    const document = didWebDocument({ did: DID, keys, origin: ORIGIN });
    expect(document.verificationMethod.map(({ type }) => type)).toEqual([
      'JsonWebKey2020',
      'Multikey',
      'Ed25519VerificationKey2018',
      'JsonWebKey2020',
      'Multikey',
    ]);
    const id = representedAs(`${DID}#${ed25519.keyId}`, 'Ed25519VerificationKey2018');
    const key = await (await multikeyLibrary('Ed25519')).from(methodOf(document, id));
    const data = Buffer.from('x');
    expect(await key.verifier().verify({ data, signature: await ed25519.sign(data) })).toBe(true);
  });

  it('names the origin that it is linked with', () => {
    expect(didWebDocument({ did: DID, keys, origin: ORIGIN }).service).toEqual([
      { id: `${DID}#linked-domain`, type: 'LinkedDomains', serviceEndpoint: ORIGIN },
    ]);
  });

  it('keeps a retired key for what it signed, and takes it for no presence any more', () => {
    const [first, second] = keys as [(typeof keys)[0], (typeof keys)[0]];
    const { authentication, assertionMethod } = didWebDocument({
      did: DID,
      keys: [{ ...first, retired: true }, second],
      origin: ORIGIN,
    });
    expect(assertionMethod).toContain(first.verificationMethod);
    expect(authentication).not.toContain(first.verificationMethod);
    expect(authentication).toContain(second.verificationMethod);
  });
});

describe('how other resolvers show a did:key', () => {
  it.each(['JsonWebKey2020', 'Multikey', 'Ed25519VerificationKey2018'] as const)('%s has the same DID URL', (type) => {
    const { did, verificationMethod } = didKeyOf(freshSigner('EdDSA').publicJwk);
    expect(didKeyDocument(did, type)!.verificationMethod).toMatchObject([{ id: verificationMethod, type }]);
    expect(representedAs(verificationMethod, type)).toBe(verificationMethod);
  });
});

describe("an issuer's DIDs", () => {
  const ring = new KeyEncryptionRing([new Uint8Array(32)]);
  const make = (purpose: KeyPurpose, generation: number, state: KeyState, recordId?: string): Promise<SigningKeyDocument> =>
    createSigningKey({
      issuerId: 'default',
      purpose,
      generation,
      state,
      algorithm: purpose === 'assertion-eddsa' ? 'EdDSA' : 'ES256',
      ...(recordId === undefined ? {} : { recordId }),
      ring,
      now: 0,
    });

  it('are its own did:web with its assertion keys of every state, and those on record with theirs', async () => {
    const keys = await Promise.all([
      make('assertion-es256', 1, 'retired'),
      make('assertion-es256', 2, 'active'),
      make('assertion-es256', 3, 'published'),
      make('assertion-eddsa', 1, 'active'),
      make('access-token', 1, 'active'),
      make('did', 1, 'active', 'r1'),
    ]);
    const recorded = keys[5];
    const other = didKeyOf(recorded.publicJwk);
    const record = {
      _id: `default/${other.did}`,
      issuerId: 'default',
      did: other.did,
      method: 'key' as const,
      keys: [{ keyRef: recorded._id, verificationMethod: other.verificationMethod }],
      createdAt: new Date(0),
    };
    const dids = issuerDids({ keys, dids: [record], issuerDid: DID, origin: ORIGIN });
    expect([...dids.keys()]).toEqual([DID, other.did]);
    const idOf = (index: number) => `${DID}#${keys[index]!.keyId}`;
    expect(dids.get(DID)!.keys.map(({ verificationMethod, active }) => [verificationMethod, active])).toEqual([
      [idOf(2), false],
      [idOf(1), true],
      [idOf(0), false],
      [idOf(3), true],
    ]);
    const shown = dids.get(DID)!.document.verificationMethod.map(({ id }) => id);
    for (const index of [0, 1, 2, 3]) expect(shown).toContain(idOf(index));
    expect(JSON.stringify(dids.get(DID)!.document)).not.toContain(keys[4].keyId);
    expect(dids.get(other.did)).toMatchObject({ method: 'key', document: didKeyDocument(other.did)! });
  });

  it('stand without a key that is gone', () => {
    const record = {
      _id: 'default/did:web:a',
      issuerId: 'default',
      did: 'did:web:a',
      method: 'web' as const,
      keys: [{ keyRef: 'gone', verificationMethod: 'did:web:a#x' }],
      createdAt: new Date(0),
    };
    const did = issuerDids({ keys: [], dids: [record], issuerDid: DID, origin: ORIGIN }).get('did:web:a')!;
    expect(did.keys).toEqual([]);
    expect(did.document).toMatchObject({ id: 'did:web:a', verificationMethod: [], assertionMethod: [] });
  });
});

it('a verification method of a form has that form alone', () => {
  const { publicJwk } = freshSigner('EdDSA');
  const common = { id: 'a', controller: 'b', publicJwk };
  expect(Object.keys(didVerificationMethod({ ...common, type: 'Multikey' }))).toEqual([
    'id',
    'type',
    'controller',
    'publicKeyMultibase',
  ]);
});
