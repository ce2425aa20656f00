import { encode, Tag } from 'cbor2';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeBase32, decodeBase32 } from '../../../credentials/cwt/base32.js';
import { CompactDecodeError } from '../../../credentials/cwt/compact-decode-error.js';
import { decodeCompact } from '../../../credentials/cwt/decode-compact.js';
import { verifyCompact } from '../../../credentials/cwt/verify-compact.js';
import { freshSigner } from '../../keys/test-signers.js';
import { usePythonCwt } from './python-cwt.js';
import { assertionOf, CREDENTIAL_ID, DID, signed } from './test-compact.js';

const python = usePythonCwt();
const assertion = assertionOf();

/** The worked example of the NZ COVID Pass specification (section 9.1), and the key of its DID document. */
const NZ_COVID_PASS =
  '2KCEVIQEIVVWK6JNGEASNICZAEP2KALYDZSGSZB2O5SWEOTOPJRXALTDN53GSZBRHEXGQZLBNR2GQLTOPICRUYMBTIFAIGTUKBAAUYTWMOSGQQDDN5XHIZLYOSBHQJTIOR2HA4Z2F4XXO53XFZ3TGLTPOJTS6MRQGE4C6Y3SMVSGK3TUNFQWY4ZPOYYXQKTIOR2HA4Z2F4XW46TDOAXGG33WNFSDCOJONBSWC3DUNAXG46RPMNXW45DFPB2HGL3WGFTXMZLSONUW63TFGEXDALRQMR2HS4DFQJ2FMZLSNFTGSYLCNRSUG4TFMRSW45DJMFWG6UDVMJWGSY2DN53GSZCQMFZXG4LDOJSWIZLOORUWC3CTOVRGUZLDOSRWSZ3JOZSW4TTBNVSWISTBMNVWUZTBNVUWY6KOMFWWKZ2TOBQXE4TPO5RWI33CNIYTSNRQFUYDILJRGYDVAYFE6VGU4MCDGK7DHLLYWHVPUS2YIDJOA6Y524TD3AZRM263WTY2BE4DPKIF27WKF3UDNNVSVWRDYIYVJ65IRJJJ6Z25M2DO4YZLBHWFQGVQR5ZLIWEQJOZTS3IQ7JTNCFDX';
const NZ_KEY = {
  kty: 'EC',
  crv: 'P-256',
  x: 'zRR-XGsCp12Vvbgui4DD6O6cqmhfPuXMhi1OxPl8760',
  y: 'Iv5SU6FuW-TRYh5_GOrJlcV_gpF_GpFQhCOD8LSk3T0',
} as const;

const HEADER = encode(
  new Map<number, unknown>([
    [1, -7],
    [4, new Uint8Array([107])],
  ]),
);
const CLAIMS: [unknown, unknown][] = [
  [1, DID],
  [7, new Uint8Array(16)],
];
const claimsSet = (...more: [unknown, unknown][]) => encode(new Map([...CLAIMS, ...more]));
/** cbor2 takes a Buffer for an object. */
const bytes = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'));
const text = (message: unknown, prefix = 'CSC:/1/') => prefix + encodeBase32(encode(message));
const sign1 = ({
  header = HEADER,
  unprotectedHeader = {},
  payload = claimsSet(),
  signature = new Uint8Array(64),
  tag = 18,
} = {}) => new Tag(tag, [header, unprotectedHeader, payload, signature]);

describe('an encoded compact credential', () => {
  it('is read as what was signed, whatever that was, and verifies; python-cwt reads the same', async () => {
    const values = fc.jsonValue({ maxDepth: 4, depthSize: 'small', stringUnit: 'binary' });
    const name = fc
      .string({ minLength: 1, unit: 'binary' })
      .filter((own) => !/^(?:iss|jti|sub|aud|exp|nbf|iat|cnf|status)$/.test(own));
    const written: { encoded: string; claims: Readonly<Record<string, unknown>> }[] = [];
    await fc.assert(
      fc.asyncProperty(fc.dictionary(name, values, { maxKeys: 5, noNullPrototype: true }), async (claims) => {
        const { encoded, decoded } = await signed(claims, assertion);
        expect(decodeCompact(encoded)).toEqual(decoded);
        expect(decoded.claims).toEqual({ ...claims, iss: DID, jti: CREDENTIAL_ID });
        expect(await verifyCompact(decoded, assertion.signer.publicJwk)).toBe(true);
        written.push({ encoded, claims });
      }),
      { numRuns: 100 },
    );
    const read = await python.readAll(written.map(({ encoded }) => ({ encoded, jwk: assertion.signer.publicJwk })));
    for (const [index, { claims }] of read.entries()) {
      const { '#1': iss, '#7': cti, ...own } = claims;
      expect([iss, cti]).toEqual([DID, { hex: CREDENTIAL_ID.replaceAll('-', '') }]);
      expect(JSON.parse(JSON.stringify(own))).toEqual(JSON.parse(JSON.stringify(written[index]!.claims)));
    }
  });

  it('may be that of another issuer: the example of the NZ COVID Pass is read, and verifies with its key', async () => {
    const decoded = decodeCompact(`CSS:/1/${NZ_COVID_PASS}`);
    expect(decoded.kid).toBe('key-1');
    expect(decoded.claims).toEqual({
      iss: 'did:web:nzcp.covid19.health.nz',
      nbf: 1_635_883_530,
      exp: 1_951_416_330,
      jti: '60a4f54d-4e30-4332-be33-ad78b1eafa4b',
      vc: {
        '@context': ['https://www.w3.org/2018/credentials/v1', 'https://nzcp.covid19.health.nz/contexts/v1'],
        version: '1.0.0',
        type: ['VerifiableCredential', 'PublicCovidPass'],
        credentialSubject: { givenName: 'Jack', familyName: 'Sparrow', dob: '1960-04-16' },
      },
    });
    expect(await verifyCompact(decoded, NZ_KEY)).toBe(true);
    expect(await verifyCompact(decoded, freshSigner().publicJwk)).toBe(false);
  });

  it('does not verify once any byte of it is another, here or in python-cwt', async () => {
    const { encoded } = await signed({ name: 'Hana Ruru' }, assertion);
    const bytes = decodeBase32(encoded.slice(7))!;
    const changed = Array.from(bytes, (_byte, index) => {
      const other = Uint8Array.from(bytes);
      other[index] = (other[index] ?? 0) ^ 1;
      return `CSC:/1/${encodeBase32(other)}`;
    });
    for (const text of changed) {
      const verified = await Promise.resolve()
        .then(() => verifyCompact(decodeCompact(text), assertion.signer.publicJwk))
        .catch((error: unknown) => (error instanceof CompactDecodeError ? false : Promise.reject(error as Error)));
      expect(verified).toBe(false);
    }
    const last = changed.at(-1)!;
    await expect(python.read({ encoded: last, jwk: assertion.signer.publicJwk })).rejects.toThrow('VerifyError');
  });

  it('does not verify with a key of another kind', async () => {
    const { decoded } = await signed({}, assertion);
    expect(await verifyCompact(decoded, freshSigner('EdDSA').publicJwk)).toBe(false);
  });
});

describe('what is no compact credential is refused, and not repeated:', () => {
  it.each<[string, string, RegExp]>([
    ['nothing', '', /must begin with CSC:\/1\/ or CSS:\/1\//],
    ['another version', text(sign1(), 'CSC:/2/'), /must begin with/],
    ['a prefix in lower case', text(sign1(), 'csc:/1/'), /must begin with/],
    ['no base32', 'CSC:/1/secret', /not base32/],
    ['more than it can hold', `CSC:/1/${'A'.repeat(104_866)}`, /longer than 104865 characters/],
    ['nothing after its prefix', 'CSC:/1/', /not well-formed CBOR/],
    ['text', text('secret'), /not a tagged COSE_Sign1/],
    ['a COSE_Sign1 without its tag', text(sign1().contents), /not a tagged COSE_Sign1/],
    ['a COSE_Mac0', text(sign1({ tag: 17 })), /not a tagged COSE_Sign1/],
    ['three parts', text(new Tag(18, [HEADER, {}, claimsSet()])), /not a tagged COSE_Sign1/],
    ['a header nobody signed', text(sign1({ unprotectedHeader: new Map([[4, new Uint8Array([1])]]) })), /unprotected header/],
    ['a header of text keys nobody signed', text(sign1({ unprotectedHeader: { a: 1 } })), /unprotected header/],
    ['a signature of 63 bytes', text(sign1({ signature: new Uint8Array(63) })), /by ES256 with its payload/],
    ['a detached payload', text(sign1({ payload: null as never })), /by ES256 with its payload/],
    [
      'another algorithm',
      text(
        sign1({
          header: encode(
            new Map<number, unknown>([
              [1, -8],
              [4, new Uint8Array([1])],
            ]),
          ),
        }),
      ),
      /ES256/,
    ],
    ['no kid', text(sign1({ header: encode(new Map([[1, -7]])) })), /alg \(ES256\) and kid/],
    [
      'a kid of text',
      text(
        sign1({
          header: encode(
            new Map<number, unknown>([
              [1, -7],
              [4, 'k'],
            ]),
          ),
        }),
      ),
      /no usable kid/,
    ],
    [
      'an empty kid',
      text(
        sign1({
          header: encode(
            new Map<number, unknown>([
              [1, -7],
              [4, new Uint8Array()],
            ]),
          ),
        }),
      ),
      /no usable kid/,
    ],
    [
      'a further header',
      text(
        sign1({
          header: encode(
            new Map<number, unknown>([
              [1, -7],
              [2, [99]],
              [4, new Uint8Array([1])],
            ]),
          ),
        }),
      ),
      /alg \(ES256\) and kid/,
    ],
    ['a payload that is no map', text(sign1({ payload: encode([1]) })), /no CWT claims set/],
    ['a payload of text keys alone', text(sign1({ payload: encode({ iss: DID }) })), /no CWT claims set/],
    ['an unknown integer key', text(sign1({ payload: claimsSet([99, 1]) })), /key means nothing here/],
    ['a registered claim under its name', text(sign1({ payload: claimsSet(['exp', 1]) })), /key means nothing here/],
    ['no issuer', text(sign1({ payload: encode(new Map([CLAIMS[1]!])) })), /lacks its iss or cti/],
    ['no id', text(sign1({ payload: encode(new Map([CLAIMS[0]!])) })), /lacks its iss or cti/],
    ['an id that is no UUID', text(sign1({ payload: encode(new Map([CLAIMS[0]!, [7, new Uint8Array(8)]])) })), /value of jti/],
    ['an expiry of text', text(sign1({ payload: claimsSet([4, 'secret']) })), /value of exp/],
    ['an expiry between seconds', text(sign1({ payload: claimsSet([4, 1.5]) })), /value of exp/],
    ['a status without an index', text(sign1({ payload: claimsSet([-65_537, new Map([[3, 'secret']])]) })), /value of status/],
    [
      'a confirmation that is no key',
      text(sign1({ payload: claimsSet([8, new Map([[1, new Map([[1, 2]])]])]) })),
      /value of cnf/,
    ],
    ['bytes as a claim', text(sign1({ payload: claimsSet(['secret', new Uint8Array(3)]) })), /value of a claim/],
    ['a tag as a claim', text(sign1({ payload: claimsSet(['secret', new Tag(0, '2026-01-01T00:00:00Z')]) })), /value of a claim/],
    ['NaN as a claim', text(sign1({ payload: claimsSet(['secret', NaN]) })), /value of a claim/],
    ['a map of integers as a claim', text(sign1({ payload: claimsSet(['secret', new Map([[1, 2]])]) })), /value of a claim/],
    ['a semantic credential without its vc', text(sign1(), 'CSS:/1/'), /lacks its vc/],
    ['a claim twice', text(sign1({ payload: bytes('a3016178016178075000000000000000000000000000000000') })), /not well-formed/],
    ['a claims set of indefinite length', text(sign1({ payload: bytes('bf016178ff') })), /shortest form/],
    ['a number not in its shortest form', text(sign1({ payload: bytes('a1041801') })), /shortest form/],
    ['something after it', `CSC:/1/${encodeBase32(Buffer.concat([encode(sign1()), Buffer.from([0])]))}`, /not well-formed/],
    ['a depth without end', text(sign1({ payload: bytes(`a16161${'81'.repeat(500)}00`) })), /not well-formed/],
    ['a length without end', text(sign1({ payload: bytes('bb00ffffffffffffff') })), /not well-formed/],
  ])('%s', (_what, encoded, message) => {
    const refused = (() => {
      try {
        return decodeCompact(encoded);
      } catch (error) {
        return error as Error;
      }
    })();
    expect(refused).toBeInstanceOf(CompactDecodeError);
    expect((refused as Error).message).toMatch(message);
    expect((refused as Error).message).not.toContain('secret');
  });

  it('anything at all', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (bytes, isPayload) => {
        const encoded = isPayload ? text(sign1({ payload: bytes })) : `CSC:/1/${encodeBase32(bytes)}`;
        expect(() => decodeCompact(encoded)).toThrow(CompactDecodeError);
      }),
      { numRuns: 300 },
    );
  });
});
