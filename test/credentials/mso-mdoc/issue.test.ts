import { createHash, createPublicKey, verify, X509Certificate } from 'node:crypto';
import { decode, encode, Tag } from 'cbor2';
import { beforeAll, describe, expect, it } from 'vitest';
import { SignerError, type Signer } from '../../../keys/signer.js';
import { NOW } from '../../keys/issuer-keys.js';
import { freshSigner } from '../../keys/test-signers.js';
import { DRIVER, DRIVING_LICENCE } from './driving-licence.js';
import { parseMdoc } from './parsed-mdoc.js';
import { makeIaca, type TestIaca } from './test-iaca.js';
import { configurationOf, holderKeys, issue, MDL, oneElement } from './test-mdoc.js';

const licence = configurationOf(DRIVING_LICENCE.claimMappings, { type: MDL });
const card = oneElement({});
const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash('sha256').update(bytes).digest());
let iaca: TestIaca;
let signer: Signer;
beforeAll(async () => {
  iaca = await makeIaca({ now: NOW });
  signer = iaca.documentSigner;
});

describe('the items', () => {
  it('MDC-01 have four members, 32 random bytes of their own, and ids that are theirs alone', async () => {
    const { items } = parseMdoc((await issue(signer, licence, DRIVER)).credential);
    expect(items).toHaveLength(17);
    for (const { item } of items) {
      expect([...item.keys()].sort()).toEqual(['digestID', 'elementIdentifier', 'elementValue', 'random']);
      expect(item.get('random')).toHaveLength(32);
    }
    const all = (name: string) => new Set(items.map(({ item }) => Buffer.from(String(item.get(name))).toString()));
    expect([all('random').size, all('digestID').size]).toEqual([17, 17]);
  });

  it('MDC-01 have their ids in an order that is another each time', async () => {
    const orders = new Set<string>();
    for (let copy = 0; copy < 5; copy += 1) {
      const { items } = parseMdoc((await issue(signer, licence, DRIVER)).credential);
      orders.add(items.map(({ item }) => String(item.get('digestID'))).join());
    }
    expect(orders.size).toBe(5);
  });

  it('MDC-01 have ids unique within a namespace', async () => {
    const mapping = { mapFrom: 'claims.value' };
    const both = configurationOf({ one: { a: mapping, b: mapping }, two: { a: mapping } });
    const { items, mso } = parseMdoc((await issue(signer, both, { value: 'x' })).credential);
    const idsOf = (namespace: string) =>
      items.filter((item) => item.namespace === namespace).map(({ item }) => item.get('digestID'));
    expect(idsOf('one').sort()).toEqual([0, 1]);
    expect(idsOf('two')).toEqual([0]);
    expect([...(mso.get('valueDigests') as Map<string, Map<number, unknown>>)].map(([name, ids]) => [name, ids.size])).toEqual([
      ['one', 2],
      ['two', 1],
    ]);
  });

  it('MDC-02 have their digest in the MSO over the very bytes in the credential, tag 24 included', async () => {
    const { credential } = await issue(signer, licence, DRIVER);
    const { items, mso } = parseMdoc(credential);
    const bytes = Buffer.from(credential, 'base64url');
    const digests = (mso.get('valueDigests') as Map<string, Map<number, Uint8Array>>).get('org.iso.18013.5.1')!;
    expect(digests.size).toBe(items.length);
    for (const { tagged, item } of items) {
      const wrapped = Buffer.concat([Buffer.from([0xd8, 0x18]), encode(new Uint8Array(tagged.contents as Uint8Array))]);
      expect(bytes.includes(wrapped)).toBe(true);
      expect(digests.get(item.get('digestID') as number)).toEqual(sha256(wrapped));
    }
  });
});

describe('the security object', () => {
  it('MDC-03 MDC-04 has its members, and times as tdates without fraction or offset', async () => {
    const { mso } = parseMdoc((await issue(signer, licence, DRIVER)).credential);
    expect([...mso.keys()].sort()).toEqual([
      'deviceKeyInfo',
      'digestAlgorithm',
      'docType',
      'validityInfo',
      'valueDigests',
      'version',
    ]);
    expect([mso.get('version'), mso.get('digestAlgorithm'), mso.get('docType')]).toEqual(['1.0', 'SHA-256', MDL]);
    expect(mso.get('validityInfo')).toEqual(
      new Map([
        ['signed', new Tag(0, '2026-03-14T15:00:00Z')],
        ['validFrom', new Tag(0, '2026-03-14T15:00:00Z')],
        ['validUntil', new Tag(0, '2026-09-14T15:00:00Z')],
      ]),
    );
  });

  it('MDC-12 HAP-21 names its place in a status list, and no other mechanism', async () => {
    const status = { mechanism: 'token-status-list', uri: 'https://issuer.example/status/7', index: 12_345 } as const;
    const { mso } = parseMdoc((await issue(signer, card, { value: 'x' }, { status })).credential);
    expect(mso.get('status')).toEqual(
      new Map([
        [
          'status_list',
          new Map<string, unknown>([
            ['idx', 12_345],
            ['uri', 'https://issuer.example/status/7'],
          ]),
        ],
      ]),
    );
  });

  it.each([
    ['P-256', 2, 1],
    ['P-384', 2, 2],
    ['P-521', 2, 3],
    ['Ed25519', 1, 6],
  ] as const)('MDC-07 MDC-08 has a holder key of %s as a bare COSE_Key', async (curve, kty, crv) => {
    const { publicJwk, privateJwk } = holderKeys(curve);
    const holderKey = { ...publicJwk, d: privateJwk.d!, kid: 'k', alg: 'ES256', use: 'sig' };
    const { mso } = parseMdoc((await issue(signer, card, { value: 'x' }, { holderKey })).credential);
    const bytes = (text = '') => new Uint8Array(Buffer.from(text, 'base64url'));
    const coordinates =
      publicJwk.y === undefined
        ? [[-2, bytes(publicJwk.x)]]
        : [
            [-2, bytes(publicJwk.x)],
            [-3, bytes(publicJwk.y)],
          ];
    const deviceKey = new Map([[1, kty], [-1, crv], ...coordinates] as [number, unknown][]);
    expect(mso.get('deviceKeyInfo')).toEqual(new Map([['deviceKey', deviceKey]]));
  });
});

describe('the signature', () => {
  it('MDC-05 MDC-06 is an untagged COSE_Sign1 of ES256, with the document signer alone in x5chain', async () => {
    const { issuerAuth, protectedHeader } = parseMdoc((await issue(signer, licence, DRIVER)).credential);
    const [header, unprotected, payload, signature] = issuerAuth;
    expect(protectedHeader).toEqual(new Map([[1, -7]]));
    const der = new Uint8Array(Buffer.from(signer.certificateChain[0]!, 'base64'));
    expect(unprotected).toEqual(new Map([[33, der]]));
    expect(signature).toHaveLength(64);
    const certificate = new X509Certificate(der);
    expect(certificate.verify(new X509Certificate(Buffer.from(iaca.certificate, 'base64')).publicKey)).toBe(true);
    const signed = encode(['Signature1', header, new Uint8Array(), payload]);
    expect(verify('sha256', signed, { key: certificate.publicKey, dsaEncoding: 'ieee-p1363' }, signature)).toBe(true);
    expect(certificate.publicKey.equals(createPublicKey({ key: { ...signer.publicJwk }, format: 'jwk' }))).toBe(true);
    expect([...payload.subarray(0, 2)]).toEqual([0xd8, 0x18]);
  });

  it('MDC-07 is over deterministic CBOR, in every part: encoding it anew gives the same bytes', async () => {
    const { credential } = await issue(signer, licence, DRIVER);
    const { msoBytes, items } = parseMdoc(credential);
    const whole = new Uint8Array(Buffer.from(credential, 'base64url'));
    for (const bytes of [whole, msoBytes, ...items.map(({ tagged }) => tagged.contents as Uint8Array)]) {
      const decoded = decode(bytes, { ignoreGlobalTags: true, preferMap: true });
      expect(encode(decoded, { cde: true })).toEqual(new Uint8Array(bytes));
    }
  });
});

describe('beside the credential', () => {
  it('there are key id, times, and digests without values', async () => {
    const { publicJwk } = holderKeys();
    const { credential, keyId, validFrom, validUntil, mobileDigests } = await issue(signer, licence, DRIVER, {
      holderKey: { ...publicJwk, kid: 'k' },
    });
    expect([keyId, validFrom, validUntil]).toEqual([
      signer.keyId,
      new Date('2026-03-14T15:00:00Z'),
      new Date('2026-09-14T15:00:00Z'),
    ]);
    const { msoBytes, items, mso } = parseMdoc(credential);
    const digests = mso.get('valueDigests') as Map<string, Map<number, Uint8Array>>;
    expect(mobileDigests).toEqual({
      msoHash: Buffer.from(sha256(msoBytes)).toString('base64url'),
      devicePublicKey: publicJwk,
      elements: items.map(({ namespace, item }) => ({
        namespace,
        element: item.get('elementIdentifier'),
        digestId: item.get('digestID'),
        digest: Buffer.from(digests.get(namespace)!.get(item.get('digestID') as number)!).toString('base64url'),
      })),
    });
  });

  it('MDC-08 the credential is base64url without padding', async () => {
    expect((await issue(signer, licence, DRIVER)).credential).toMatch(/^[\w-]+$/);
  });
});

describe('no mdoc is made', () => {
  it.each<[string, Parameters<typeof issue>[2], Parameters<typeof issue>[3], RegExp]>([
    ['without a holder key', { value: 'x' }, { holderKey: null }, /bound to a key/],
    ['for a key of another kind', { value: 'x' }, { holderKey: { kty: 'RSA', n: 'AQAB', e: 'AQAB' } }, /holder key/],
    ['for a symmetric key', { value: 'x' }, { holderKey: { kty: 'oct', k: 'AQAB' } }, /holder key/],
    ['for a key too short', { value: 'x' }, { holderKey: { kty: 'EC', crv: 'P-256', x: 'AQAB', y: 'AQAB' } }, /holder key/],
    ['for a curve of another type', { value: 'x' }, { holderKey: { kty: 'OKP', crv: 'P-256', x: 'A'.repeat(43) } }, /holder key/],
    ['of no value', {}, {}, /none of the claims/],
    ['of a value that it cannot carry', {}, { claims: { 'org.example.1': { it: 5 } } }, /value of org\.example\.1\/it$/],
  ])('%s', async (_what, claims, more, message) => {
    const issuing = issue(signer, card, claims, more);
    await expect(issuing).rejects.toMatchObject({
      name: 'CredentialContentError',
      message: expect.stringMatching(message) as string,
    });
  });

  it('of claims that the configuration does not map', async () => {
    const claims = { 'org.example.1': { it: 'x', other: 'y' }, 'org.example.2': { it: 'z' }, __proto__: { it: 'w' } };
    const { items } = parseMdoc((await issue(signer, card, {}, { claims })).credential);
    expect(items.map(({ item }) => item.get('elementValue'))).toEqual(['x']);
  });

  it('MDC-09 of a licence whose issuing country is not the document signer’s: readers would refuse it', async () => {
    const abroad = (await makeIaca({ now: NOW, country: 'AU' })).documentSigner;
    await expect(issue(abroad, licence, DRIVER)).rejects.toMatchObject({
      name: 'CredentialContentError',
      message: 'issuing_country is not what the certificate of the document signer says',
    });
    const elsewhere = configurationOf({ 'org.example.1': { issuing_country: { defaultValue: 'NZ' } } });
    await expect(issue(abroad, elsewhere, {})).resolves.toBeDefined();
  });

  it('that is larger than half a mebibyte', async () => {
    const mapping = { type: 'bytes', mapFrom: 'claims.value' } as const;
    const wide = configurationOf({ 'org.example.1': { a: mapping, b: mapping, c: mapping } });
    const value = Buffer.alloc(200_000).toString('base64');
    await expect(issue(signer, wide, { value })).rejects.toThrow(/more than 524288 bytes/);
  });

  it('with a certificate that has ended, or has not begun: another key may be on its way', async () => {
    for (const now of [iaca.notAfter, iaca.notBefore - 1]) {
      await expect(issue(signer, card, { value: 'x' }, { now })).rejects.toMatchObject({ name: 'SignerError', retryable: true });
    }
  });

  it('by a key without certificate, or for another algorithm', async () => {
    for (const unfit of [freshSigner(), freshSigner('EdDSA', signer.certificateChain)]) {
      await expect(issue(unfit, card, { value: 'x' })).rejects.toMatchObject({ name: 'SignerError', retryable: false });
    }
  });

  it('by a signer that fails; its error comes through', async () => {
    const away = { ...signer, sign: () => Promise.reject(new SignerError('the HSM is away', { retryable: true })) };
    await expect(issue(away, card, { value: 'x' })).rejects.toMatchObject({ name: 'SignerError', retryable: true });
  });

  it('by a signer that returns garbage, or signs with another key than its certificate has', async () => {
    const garbage = { ...signer, sign: () => Promise.resolve(new Uint8Array(64)) };
    await expect(issue(garbage, card, { value: 'x' })).rejects.toThrow('the signature does not verify');
    const short = { ...signer, sign: () => Promise.resolve(new Uint8Array(3)) };
    await expect(issue(short, card, { value: 'x' })).rejects.toThrow('the signature does not verify');
    const foreign = { ...freshSigner(), certificateChain: signer.certificateChain };
    await expect(issue(foreign, card, { value: 'x' })).rejects.toThrow('the certificate is of another key');
  });

  it('with random bytes that repeat', async () => {
    const random = (bytes: number) => new Uint8Array(bytes);
    await expect(issue(signer, licence, DRIVER, { random })).rejects.toThrow('share a random');
  });
});
