import { execFileSync } from 'node:child_process';
import { createPublicKey, verify, X509Certificate } from 'node:crypto';
import { gunzipSync, inflateSync } from 'node:zlib';
import { decode, type Tag } from 'cbor2';
import { decodeProtectedHeader, importJWK, importX509, jwtVerify, type JWK } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { PublishedListFault } from '../../../credentials/status/signature-check.js';
import { signStatusForms, type StatusFormsInput } from '../../../credentials/status/status-forms.js';
import { statusAt, bitAt } from '../../../credentials/status/status-array.js';
import type { CredentialSigners } from '../../../keys/credential-signers.js';
import type { Signer } from '../../../keys/signer.js';
import { SignerError } from '../../../keys/signer.js';
import type { StatusListDocument } from '../../../store/status-documents.js';
import { ISSUER, makeIssuerKeys, NOW, toPem } from '../../keys/issuer-keys.js';
import { didWebDocument } from '../../../keys/did-document.js';
import { freshSigner, signersWith } from '../../keys/test-signers.js';
import { LinkedDataVerifier, type PublishedDid } from '../ldp-vc/verifier.js';

const JWT = 'application/statuslist+jwt';
const CWT = 'application/statuslist+cwt';
const DID = 'did:web:issuer.example';
const LIST: StatusListDocument = {
  _id: '0f0e0d0c-0b0a-8908-8706-050403020100',
  issuerId: 'default',
  profile: 'sd-jwt',
  mechanism: 'token-status-list',
  bits: 2,
  size: 131_072,
  pool: 'a pool',
  sequence: 1,
  revision: 3,
  createdAt: new Date(NOW),
};
const CHANGED = [
  { index: 7, status: 1 as const },
  { index: 100_000, status: 2 as const },
];
const TOKEN_URI = `${ISSUER}/v2/credentials/sd-jwt/status-lists/${LIST._id}/token`;

let signer: Signer;

beforeAll(async () => {
  ({ signer } = await makeIssuerKeys());
});

const form = (
  overrides: Partial<StatusListDocument>,
  signers: Partial<CredentialSigners>,
  more: Partial<StatusFormsInput> = {},
) =>
  signStatusForms({
    list: { ...LIST, ...overrides },
    changed: CHANGED,
    signers: signersWith(signers),
    issuerIdentifier: ISSUER,
    now: NOW,
    ...more,
  });
const byDid = (own: Signer): Partial<CredentialSigners> => ({
  assertion: (algorithm, did = DID) => {
    if (algorithm !== own.algorithm) throw new SignerError('no such key', { retryable: true });
    return { signer: own, did, verificationMethod: `${did}#${own.keyId}` };
  },
});

/** The Sig_structure of a COSE_Sign1 (RFC 9052 4.4), written by hand. */
function signedBytes(protectedHeader: Uint8Array, payload: Uint8Array): Buffer {
  const bytes = (value: Uint8Array) => {
    const { length } = value;
    const head = length < 24 ? [0x40 + length] : length < 256 ? [0x58, length] : [0x59, length >> 8, length & 0xff];
    return Buffer.concat([Buffer.from(head), value]);
  };
  const context = Buffer.concat([Buffer.from([0x6a]), Buffer.from('Signature1')]);
  return Buffer.concat([Buffer.from([0x84]), context, bytes(protectedHeader), Buffer.from([0x40]), bytes(payload)]);
}

describe('a Token Status List', () => {
  it('TSL-01 TSL-07 TSL-13 HAP-18 as JWT verifies in jose, by its chain and by its key alike', async () => {
    const { forms, times } = await form({}, { statusList: () => signer });
    const jwt = forms[JWT]!;
    const header = decodeProtectedHeader(jwt);
    expect(header).toMatchObject({ alg: 'ES256', typ: 'statuslist+jwt', kid: signer.keyId, jwk: signer.publicJwk });
    expect(header.x5c).toHaveLength(1);
    const options = { typ: 'statuslist+jwt', currentDate: new Date(NOW) };
    const { payload } = await jwtVerify(jwt, await importJWK(header.jwk as JWK, 'ES256'), options);
    await jwtVerify(jwt, await importX509(toPem(header.x5c![0]!), 'ES256'), options);
    const iat = Math.floor(NOW / 1000);
    expect(payload).toMatchObject({ sub: TOKEN_URI, iat, exp: iat + 7 * 86_400, ttl: 86_400 });
    expect(times).toEqual({ issuedAt: iat, expiresAt: iat + 7 * 86_400, ttl: 86_400 });
    const { bits, lst, aggregation_uri: all } = payload.status_list as { bits: number; lst: string; aggregation_uri: string };
    expect([bits, all]).toEqual([2, `${ISSUER}/v2/credentials/sd-jwt/status-lists/distribution`]);
    const bytes = inflateSync(Buffer.from(lst, 'base64url'));
    expect(bytes).toHaveLength(32_768);
    expect([6, 7, 100_000].map((index) => statusAt(bytes, 2, index))).toEqual([0, 1, 2]);
  });

  it('as CWT is a tagged COSE_Sign1 that verifies with the key of its certificate', async () => {
    const { forms } = await form({}, { statusList: () => signer });
    const cwt = Buffer.from(forms[CWT]!, 'base64');
    expect(cwt[0]).toBe(0xd2);
    const { contents } = decode<Tag>(cwt);
    const [protectedHeader, unprotected, payload, signature] = contents as [
      Uint8Array,
      Map<number, Uint8Array>,
      Uint8Array,
      Uint8Array,
    ];
    expect(decode(protectedHeader)).toEqual(
      new Map<number, unknown>([
        [1, -7],
        [16, CWT],
      ]),
    );
    const key = new X509Certificate(unprotected.get(33)!).publicKey;
    const signed = signedBytes(protectedHeader, payload);
    expect(verify('sha256', signed, { key, dsaEncoding: 'ieee-p1363' }, signature)).toBe(true);
    const claims = decode<Map<number, unknown>>(payload);
    const iat = Math.floor(NOW / 1000);
    expect([2, 6, 4, 65_534].map((claim) => claims.get(claim))).toEqual([TOKEN_URI, iat, iat + 7 * 86_400, 86_400]);
    const { bits, lst } = claims.get(65_533) as { bits: number; lst: Uint8Array };
    expect([bits, statusAt(inflateSync(lst), 2, 100_000)]).toEqual([2, 2]);
  });

  it('is decoded by an independent zlib', async () => {
    const { forms } = await form({}, { statusList: () => signer });
    const script =
      'import sys,json,zlib,base64;p=sys.argv[1].split(".")[1];' +
      'd=lambda t:base64.urlsafe_b64decode(t+"="*(-len(t)%4));l=json.loads(d(p))["status_list"];' +
      'b=zlib.decompress(d(l["lst"]));s=lambda i:(b[i*l["bits"]//8]>>(i*l["bits"]%8))&3;print(s(6),s(7),s(100000),len(b))';
    expect(execFileSync('python3', ['-c', script, forms[JWT]!], { encoding: 'utf8' }).trim()).toBe('0 1 2 32768');
  });

  it('of mobile credentials is signed by the status-list signer of its IACA, for as long as its configuration says', async () => {
    const asked: string[] = [];
    const mobileStatusSigner = (iacaId: string) => {
      asked.push(iacaId);
      return signer;
    };
    const configuration = { timeToLiveDuration: { hours: 1 }, expiryDuration: { days: 2 } };
    const { times } = await form({ profile: 'mobile', iacaId: 'iaca-1', bits: 2 }, { mobileStatusSigner }, { configuration });
    expect(asked).toEqual(['iaca-1']);
    expect(times).toMatchObject({ expiresAt: Math.floor(NOW / 1000) + 2 * 86_400, ttl: 3600 });
  });

  it('TSL-07 never lasts beyond the certificate of its signer, nor its ttl beyond itself', async () => {
    const notAfter = Date.parse(new X509Certificate(Buffer.from(signer.certificateChain[0]!, 'base64')).validTo);
    const now = notAfter - 3_600_000;
    const { times } = await form({}, { statusList: () => signer }, { now });
    expect(times).toEqual({ issuedAt: now / 1000, expiresAt: notAfter / 1000, ttl: 3600 });
    await expect(form({}, { statusList: () => signer }, { now: notAfter })).rejects.toThrow(SignerError);
  });

  it('does not leave with a signature that does not verify, nor with the certificate of another key', async () => {
    const broken: Signer = { ...signer, sign: (data) => freshSigner().sign(data) };
    await expect(form({}, { statusList: () => broken })).rejects.toThrow(PublishedListFault);
    const foreign = freshSigner('ES256', signer.certificateChain);
    await expect(form({}, { statusList: () => foreign })).rejects.toThrow(PublishedListFault);
    const garbage: Signer = { ...signer, sign: () => Promise.resolve(new Uint8Array(3)) };
    await expect(form({}, { statusList: () => garbage })).rejects.toThrow();
  });
});

describe('a Bitstring Status List', () => {
  it.each(['ES256', 'EdDSA'] as const)(
    'is a credential of VCDM 2.0 for each purpose, signed by the DID with %s',
    async (algorithm) => {
      const own = freshSigner(algorithm);
      const { forms } = await form({ profile: 'jwt', mechanism: 'bitstring-status-list', issuerDid: DID }, byDid(own));
      expect(Object.keys(forms)).toEqual(['revocation', 'suspension']);
      for (const [purpose, set, other] of [
        ['revocation', 7, 100_000],
        ['suspension', 100_000, 7],
      ] as const) {
        const jwt = forms[purpose]!;
        expect(decodeProtectedHeader(jwt)).toEqual({ alg: algorithm, typ: 'vc+jwt', cty: 'vc', kid: `${DID}#${own.keyId}` });
        const { payload } = await jwtVerify(jwt, await importJWK(own.publicJwk as JWK, algorithm), {
          currentDate: new Date(NOW),
        });
        const uri = `${ISSUER}/v2/credentials/jwt/status-lists/${LIST._id}/${purpose}`;
        expect(payload).toMatchObject({
          '@context': ['https://www.w3.org/ns/credentials/v2'],
          id: uri,
          issuer: DID,
          type: ['VerifiableCredential', 'BitstringStatusListCredential'],
          validFrom: '2026-03-14T15:09:26Z',
          validUntil: '2026-03-21T15:09:26Z',
          credentialSubject: { id: `${uri}#list`, type: 'BitstringStatusList', statusPurpose: purpose, ttl: 86_400_000 },
        });
        const { encodedList } = payload.credentialSubject as { encodedList: string };
        expect(encodedList[0]).toBe('u');
        const bits = gunzipSync(Buffer.from(encodedList.slice(1), 'base64url'));
        expect([bits.length, bitAt(bits, set), bitAt(bits, other)]).toEqual([16_384, true, false]);
      }
    },
  );

  it('of credentials that cannot be suspended has no list of suspensions', async () => {
    const { forms } = await form(
      { profile: 'jwt', mechanism: 'bitstring-status-list', issuerDid: DID, bits: 1 },
      byDid(freshSigner()),
    );
    expect(Object.keys(forms)).toEqual(['revocation']);
  });
});

describe('the list of linked-data credentials', () => {
  const verifierOf = (signer: Signer) => {
    const keys = [{ verificationMethod: `${DID}#${signer.keyId}`, publicJwk: signer.publicJwk, retired: false }];
    const document = didWebDocument({ did: DID, keys, origin: ISSUER });
    return new LinkedDataVerifier(document as unknown as PublishedDid, new Map());
  };

  it('is for RevocationList2020 a credential of VCDM 1.1 with Ed25519Signature2018, its list compressed in base64', async () => {
    const own = freshSigner('EdDSA');
    const list = { profile: 'web-semantic', mechanism: 'revocation-list-2020', issuerDid: DID, bits: 1 } as const;
    const { forms } = await form(list, byDid(own));
    const credential = JSON.parse(forms.revocation!) as Readonly<Record<string, unknown>>;
    const uri = `${ISSUER}/v2/credentials/web-semantic/revocation-lists/${LIST._id}`;
    expect(credential).toMatchObject({
      id: uri,
      issuer: DID,
      type: ['VerifiableCredential', 'RevocationList2020Credential'],
      credentialSubject: { id: `${uri}#list`, type: 'RevocationList2020' },
      proof: { type: 'Ed25519Signature2018' },
    });
    expect(await verifierOf(own).verifies2018(credential)).toBe(true);
    const { encodedList } = credential.credentialSubject as { encodedList: string };
    const bits = inflateSync(Buffer.from(encodedList, 'base64'));
    expect([bitAt(bits, 7), bitAt(bits, 8)]).toEqual([true, false]);
  });

  it.each([
    ['ES256', 'ecdsa-rdfc-2019'],
    ['EdDSA', 'eddsa-rdfc-2022'],
  ] as const)('is for Bitstring Status List signed with %s by %s', async (algorithm, cryptosuite) => {
    const own = freshSigner(algorithm);
    const list = { profile: 'web-semantic', mechanism: 'bitstring-status-list', issuerDid: DID, bits: 1 } as const;
    const { forms } = await form(list, byDid(own));
    const credential = JSON.parse(forms.revocation!) as Readonly<Record<string, unknown>>;
    expect(credential.proof).toMatchObject({ type: 'DataIntegrityProof', cryptosuite });
    expect(await verifierOf(own).verifies(credential, { now: new Date(NOW) })).toBe(true);
  });
});

describe('the CWT list', () => {
  it.each(['ES256', 'EdDSA'] as const)('names the DID that signs it with %s', async (algorithm) => {
    const own = freshSigner(algorithm);
    const changed = [{ index: 7, status: 1 as const }];
    const { forms } = await form({ profile: 'compact', mechanism: 'cwt-revocation-list', issuerDid: DID, bits: 1 }, byDid(own), {
      changed,
    });
    const { contents } = decode<Tag>(Buffer.from(forms.revocation!, 'base64'));
    const [protectedHeader, , payload, signature] = contents as [Uint8Array, unknown, Uint8Array, Uint8Array];
    const kid = decode<Map<number, Uint8Array>>(protectedHeader).get(4)!;
    expect(Buffer.from(kid).toString()).toBe(`${DID}#${own.keyId}`);
    const key = createPublicKey({ key: { ...own.publicJwk }, format: 'jwk' });
    const signed = signedBytes(protectedHeader, payload);
    expect(verify(algorithm === 'ES256' ? 'sha256' : null, signed, { key, dsaEncoding: 'ieee-p1363' }, signature)).toBe(true);
    const claims = decode<Map<number, unknown>>(payload);
    expect([claims.get(1), claims.get(2)]).toEqual([DID, `${ISSUER}/v2/credentials/compact/revocation-lists/${LIST._id}`]);
    const { lst } = claims.get(65_533) as { lst: Uint8Array };
    expect([7, 8].map((index) => statusAt(inflateSync(lst), 1, index))).toEqual([1, 0]);
  });

  it('waits for a key of the DID where there is none', async () => {
    const assertion = () => {
      throw new SignerError('none', { retryable: true });
    };
    await expect(form({ mechanism: 'cwt-revocation-list', issuerDid: DID }, { assertion })).rejects.toThrow(SignerError);
  });
});
