import { createHash } from 'node:crypto';
import { encode, Tag } from 'cbor2';
import { beforeAll, describe, expect, it } from 'vitest';
import { checkIssued, type ExpectedMdoc } from '../../../credentials/mso-mdoc/check-issued.js';
import { mobileElements } from '../../../credentials/mso-mdoc/mobile-elements.js';
import { NOW } from '../../keys/issuer-keys.js';
import { makeIaca, type TestIaca } from './test-iaca.js';
import { configurationOf, holderKeys } from './test-mdoc.js';

type Members = Map<unknown, unknown>;
type Change = (parts: Parts) => void;

/** What an mdoc is put together from, to be changed before it is signed. */
interface Parts {
  items: Members[];
  digests: Members;
  mso: Members;
  deviceKey: Members;
  times: Members;
  header: Members;
  unprotected: Members;
  root: Members;
  /** Of the finished bytes. */
  finish: (bytes: Uint8Array) => Uint8Array;
}

const cbor = (value: unknown) => encode(value, { cde: true });
const bytesOf = (text: string, encoding: 'base64' | 'base64url' = 'base64url') => new Uint8Array(Buffer.from(text, encoding));
const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash('sha256').update(bytes).digest());
const tdate = (text: string) => new Tag(0, text);
const SIGNED = '2026-03-14T15:00:00Z';
const UNTIL = '2026-09-14T15:00:00Z';
const seconds = (text: string) => Date.parse(text) / 1000;

const { publicJwk } = holderKeys();
const mappings = {
  'org.example.1': {
    name: { mapFrom: 'claims.name' },
    born: { mapFrom: 'claims.born', type: 'fullDate' },
    face: { mapFrom: 'claims.face', type: 'bytes' },
    seen: { mapFrom: 'claims.seen', type: 'dateTime' },
  },
} as const;
const VALUES: Readonly<Record<string, unknown>> = {
  name: 'Ada',
  born: '1815-12-10',
  face: 'data:image/jpeg;base64,/+8=',
  seen: '2026-01-01T01:00:00.5+01:00',
};
const status = { uri: 'https://issuer.example/s', index: 5 };
let iaca: TestIaca;
let expected: ExpectedMdoc;
beforeAll(async () => {
  iaca = await makeIaca({ now: NOW });
  const elements = mobileElements(configurationOf(mappings).claimMappings);
  expected = {
    docType: 'org.example.card',
    claims: elements.map((element) => ({ element, value: VALUES[element.element] })),
    holderKey: publicJwk,
    validity: { signed: seconds(SIGNED), validFrom: seconds(SIGNED), validUntil: seconds(UNTIL) },
    status,
    signer: iaca.documentSigner,
  };
});

function itemOf(digestID: number, elementIdentifier: string, elementValue: unknown): Members {
  const random = new Uint8Array(32).fill(digestID + 1);
  return new Map(Object.entries({ digestID, random, elementIdentifier, elementValue }));
}

async function forge(change: Change = () => undefined): Promise<Uint8Array> {
  const parts: Parts = {
    items: [
      itemOf(2, 'name', 'Ada'),
      itemOf(0, 'born', new Tag(1004, '1815-12-10')),
      itemOf(1, 'face', new Uint8Array([0xff, 0xef])),
      itemOf(3, 'seen', tdate('2026-01-01T00:00:00Z')),
    ],
    digests: new Map(),
    deviceKey: new Map<unknown, unknown>([
      [1, 2],
      [-1, 1],
      [-2, bytesOf(publicJwk.x!)],
      [-3, bytesOf(publicJwk.y!)],
    ]),
    times: new Map(Object.entries({ signed: tdate(SIGNED), validFrom: tdate(SIGNED), validUntil: tdate(UNTIL) })),
    mso: new Map(),
    header: new Map([[1, -7]]),
    unprotected: new Map([[33, bytesOf(iaca.documentSigner.certificateChain[0]!, 'base64')]]),
    root: new Map(),
    finish: (bytes) => bytes,
  };
  const { deviceKey, times, digests, mso, header, unprotected, root } = parts;
  for (const [name, value] of Object.entries({
    version: '1.0',
    digestAlgorithm: 'SHA-256',
    docType: 'org.example.card',
    deviceKeyInfo: new Map([['deviceKey', deviceKey]]),
    validityInfo: times,
    status: new Map([
      [
        'status_list',
        new Map<string, unknown>([
          ['idx', 5],
          ['uri', 'https://issuer.example/s'],
        ]),
      ],
    ]),
  })) {
    mso.set(name, value);
  }
  change(parts);
  const wrapped = parts.items.map((item) => new Tag(24, cbor(item)));
  for (const [index, item] of parts.items.entries()) {
    if (!digests.has(item.get('digestID'))) digests.set(item.get('digestID'), sha256(cbor(wrapped[index])));
  }
  if (!mso.has('valueDigests')) mso.set('valueDigests', new Map([['org.example.1', digests]]));
  const [protectedBytes, payload] = [cbor(header), cbor(new Tag(24, cbor(mso)))];
  const toSign = cbor(['Signature1', protectedBytes, new Uint8Array(), payload]);
  const issuerAuth = [protectedBytes, unprotected, payload, new Uint8Array(await iaca.documentSigner.sign(toSign))];
  root.set('nameSpaces', root.get('nameSpaces') ?? new Map([['org.example.1', wrapped]]));
  root.set('issuerAuth', issuerAuth);
  return parts.finish(cbor(root));
}

describe('the check of a finished mdoc', () => {
  it('lets a right one pass', async () => {
    await expect(checkIssued(await forge(), expected)).resolves.toBeUndefined();
  });

  it.each<[string, Change, RegExp]>([
    ['another value', ({ items }) => items[0]!.set('elementValue', 'Eve'), /^org\.example\.1\/name has another value$/],
    ['a date as text', ({ items }) => items[1]!.set('elementValue', '1815-12-10'), /born has another value/],
    ['another date', ({ items }) => items[1]!.set('elementValue', new Tag(1004, '1815-12-11')), /born has another value/],
    ['other bytes', ({ items }) => items[2]!.set('elementValue', new Uint8Array([1])), /face has another value/],
    ['a fraction of a second', ({ items }) => items[3]!.set('elementValue', tdate('2026-01-01T00:00:00.5Z')), /seen has another/],
    ['another second', ({ items }) => items[3]!.set('elementValue', tdate('2026-01-01T00:00:01Z')), /seen has another value/],
    ['an element left out', ({ items }) => void items.pop(), /^org\.example\.1\/seen is not there$/],
    ['an element too many', ({ items }) => void items.push(itemOf(4, 'extra', 1)), /no claim is mapped to/],
    ['an element twice', ({ items }) => void items.push(itemOf(4, 'name', 'Ada')), /no claim is mapped to/],
    ['a member too many in an item', ({ items }) => items[0]!.set('x', 1), /no claim is mapped to/],
    ['a wrong digest', ({ digests }) => digests.set(2, new Uint8Array(32)), /name has another digest/],
    ['a digest of nothing', ({ digests }) => digests.set(9, new Uint8Array(32)), /digests of other elements/],
    ['too little random', ({ items }) => items[0]!.set('random', new Uint8Array(16)), /too little random/],
    ['a random used twice', ({ items }) => items[0]!.set('random', items[1]!.get('random')), /share a random/],
    ['another docType', ({ mso }) => mso.set('docType', 'org.example.other'), /docType/],
    ['another version', ({ mso }) => mso.set('version', '1.1'), /another kind/],
    ['another digest algorithm', ({ mso }) => mso.set('digestAlgorithm', 'SHA-512'), /another kind/],
    ['a member too many', ({ mso }) => mso.set('x', 1), /other members/],
    ['no status', ({ mso }) => mso.delete('status'), /other members/],
    ['another status', ({ mso }) => mso.set('status', new Map([['status_list', new Map([['idx', 6]])]])), /status/],
    ['another end', ({ times }) => times.set('validUntil', tdate('2027-09-14T15:00:00Z')), /validUntil is another time/],
    ['a time with an offset', ({ times }) => times.set('signed', tdate('2026-03-14T16:00:00+01:00')), /signed is another time/],
    ['a time as text', ({ times }) => times.set('signed', SIGNED), /tag 0/],
    ['another key', ({ deviceKey }) => deviceKey.set(-2, new Uint8Array(32)), /device key/],
    ['a key with its private part', ({ deviceKey }) => deviceKey.set(-4, new Uint8Array(32)), /device key/],
    ['a key of another curve', ({ deviceKey }) => deviceKey.set(-1, 2), /device key/],
    ['another algorithm', ({ header }) => header.set(1, -9), /another algorithm/],
    ['another protected header', ({ header }) => header.set(4, new Uint8Array(1)), /another form/],
    ['a chain with its root', ({ unprotected }) => unprotected.set(33, [new Uint8Array(1), new Uint8Array(1)]), /bytes must be/],
    ['an unprotected header too many', ({ unprotected }) => unprotected.set(4, new Uint8Array(1)), /another form/],
    ['no name spaces', ({ root }) => root.set('nameSpaces', 5), /a map must be/],
    [
      'bytes after it',
      (parts) => {
        parts.finish = (bytes) => new Uint8Array([...bytes, 0]);
      },
      /no deterministic CBOR/,
    ],
    [
      'a long form',
      (parts) => {
        parts.finish = (bytes) => new Uint8Array([0xb8, 0x02, ...bytes.subarray(1)]);
      },
      /no deterministic CBOR/,
    ],
    [
      'an indefinite length',
      (parts) => {
        parts.finish = (bytes) => new Uint8Array([0xbf, ...bytes.subarray(1), 0xff]);
      },
      /no deterministic CBOR/,
    ],
  ])('stops %s, and does not say the value', async (_what, change, message) => {
    const failure = await checkIssued(await forge(change), expected).then(
      () => undefined,
      (error: unknown) => error as Error,
    );
    expect(failure?.name).toBe('IssuedCredentialFault');
    expect(failure?.message).toMatch(message);
    expect(failure?.message).not.toMatch(/Ada|Eve|1815/);
  });

  it('stops what was changed after it was signed, and the signature of another key', async () => {
    const bytes = Buffer.from(await forge());
    bytes[bytes.indexOf('2026-09-14') + 3]! += 1;
    await expect(checkIssued(new Uint8Array(bytes), expected)).rejects.toThrow('does not verify');
    const { documentSigner } = await makeIaca({ now: NOW });
    await expect(checkIssued(await forge(), { ...expected, signer: documentSigner })).rejects.toThrow('of another key');
  });
});
