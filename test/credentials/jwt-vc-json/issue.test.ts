import { verifyCredential } from 'did-jwt-vc';
import { decodeJwt, decodeProtectedHeader, importJWK, jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import { CredentialContentError } from '../../../credentials/credential-content-error.js';
import { issueJwtVc } from '../../../credentials/jwt-vc-json/issue.js';
import { SignerError } from '../../../keys/signer.js';
import type { JwtVcConfigurationDocument } from '../../../store/configuration-documents.js';
import { NOW } from '../../keys/issuer-keys.js';
import { signersWith } from '../../keys/test-signers.js';
import { holderJwk } from '../sd-jwt-vc/test-credential.js';
import { CREDENTIAL_ID, DID, jwtConfiguration, PERSON, TestIssuer } from '../verifiable-credential/test-issuer.js';

const issuer = new TestIssuer();
const HOUR = Date.parse('2026-03-14T15:00:00Z') / 1000;

const issue = (more: Partial<JwtVcConfigurationDocument> = {}, given = {}) =>
  issueJwtVc(issuer.input(jwtConfiguration(more), given));

/** Resolves the issuer's DID alone, to a document with its key. */
const resolver = {
  resolve: (did: string) => {
    if (did !== DID) throw new Error(`the verifier does not know ${did}`);
    const { signer, verificationMethod: id } = issuer.assertion('ES256');
    const method = { id, type: 'JsonWebKey2020', controller: DID, publicKeyJwk: { ...signer.publicJwk } };
    return Promise.resolve({
      didResolutionMetadata: {},
      didDocumentMetadata: {},
      didDocument: { id: DID, verificationMethod: [method], assertionMethod: [id] },
    });
  },
};

const joseVerify = async (jwt: string) =>
  jwtVerify(jwt, await importJWK({ ...issuer.es256.publicJwk }, 'ES256'), { issuer: DID, currentDate: new Date(NOW) });

describe('in VCDM 1.1', () => {
  it('verifies with jose, and as a credential with did-jwt-vc', async () => {
    const { credential, keyId, validFrom, validUntil } = await issue({ expiresIn: { years: 1 } });
    await joseVerify(credential);
    const verified = await verifyCredential(credential, resolver, { policies: { now: NOW / 1000 } });
    expect(verified.verified).toBe(true);
    expect(verified.verifiableCredential).toMatchObject({
      type: ['VerifiableCredential', 'Employee'],
      credentialSubject: PERSON,
      issuer: { id: DID },
    });
    expect(keyId).toBe(issuer.es256.keyId);
    expect([validFrom, validUntil]).toEqual([new Date('2026-03-14T15:00:00Z'), new Date('2027-03-14T15:00:00Z')]);
  });

  it('says everything in the claims of JWT and again in vc', async () => {
    const holderKey = holderJwk();
    const { kty, crv, x, y } = holderKey;
    const sub = `did:jwk:${Buffer.from(JSON.stringify({ crv, kty, x, y })).toString('base64url')}`;
    const { credential } = await issue({ expiresIn: { days: 1 }, contexts: ['https://own.example/v1'] }, { holderKey });
    expect(decodeProtectedHeader(credential)).toEqual({
      typ: 'JWT',
      alg: 'ES256',
      kid: issuer.assertion('ES256').verificationMethod,
    });
    expect(decodeJwt(credential)).toEqual({
      iss: DID,
      sub,
      jti: `urn:uuid:${CREDENTIAL_ID}`,
      iat: HOUR,
      nbf: HOUR,
      exp: HOUR + 86_400,
      cnf: { jwk: { kty, crv, x, y } },
      vc: {
        '@context': ['https://www.w3.org/2018/credentials/v1', 'https://own.example/v1'],
        id: `urn:uuid:${CREDENTIAL_ID}`,
        type: ['VerifiableCredential', 'Employee'],
        issuer: DID,
        issuanceDate: '2026-03-14T15:00:00Z',
        expirationDate: '2026-03-15T15:00:00Z',
        credentialSubject: { id: sub, ...PERSON },
      },
    });
  });

  it('has its status under the context that defines it', async () => {
    const status = { mechanism: 'bitstring-status-list', uri: 'https://issuer.example/lists/1', index: 7 } as const;
    const { credential } = await issue({ status: { suspendable: false, revokeOn: [] } }, { status });
    expect(decodeJwt(credential).vc).toMatchObject({
      '@context': ['https://www.w3.org/2018/credentials/v1', 'https://www.w3.org/ns/credentials/status/v1'],
      credentialStatus: { type: 'BitstringStatusListEntry', statusPurpose: 'revocation', statusListIndex: '7' },
    });
    expect((await verifyCredential(credential, resolver, { policies: { now: NOW / 1000 } })).verified).toBe(true);
  });

  it('names nobody where the configuration binds to no key', async () => {
    const payload = decodeJwt((await issue({ holderBinding: false, includeId: false })).credential);
    for (const claim of ['sub', 'cnf', 'jti']) expect(payload).not.toHaveProperty(claim);
    expect(payload.vc).toMatchObject({ credentialSubject: PERSON });
    expect(payload.vc).not.toHaveProperty('id');
  });

  it('is about the DID that the holder proved the key by', async () => {
    const payload = decodeJwt((await issue({}, { holderDid: 'did:key:z6Mk' })).credential);
    expect(payload).toMatchObject({ sub: 'did:key:z6Mk', vc: { credentialSubject: { id: 'did:key:z6Mk' } } });
  });

  it('is refused by did-jwt-vc once a claim is changed', async () => {
    const [header = '', , signature = ''] = (await issue()).credential.split('.');
    const payload = decodeJwt((await issue()).credential);
    const changed = Buffer.from(JSON.stringify({ ...payload, sub: 'did:example:impostor' })).toString('base64url');
    await expect(verifyCredential(`${header}.${changed}.${signature}`, resolver)).rejects.toThrow();
  });
});

describe('in VCDM 2.0', () => {
  it('is the credential itself, typed vc+jwt (VC-JOSE-COSE 3.1.1)', async () => {
    const { credential } = await issue({ vcdmVersion: '2.0', expiresIn: { days: 1 } });
    const { payload, protectedHeader } = await joseVerify(credential);
    expect(protectedHeader).toMatchObject({ typ: 'vc+jwt', cty: 'vc', alg: 'ES256' });
    expect(payload).toMatchObject({
      '@context': ['https://www.w3.org/ns/credentials/v2'],
      id: `urn:uuid:${CREDENTIAL_ID}`,
      type: ['VerifiableCredential', 'Employee'],
      issuer: DID,
      validFrom: '2026-03-14T15:00:00Z',
      validUntil: '2026-03-15T15:00:00Z',
      credentialSubject: PERSON,
      iss: DID,
      exp: HOUR + 86_400,
    });
    expect(payload).not.toHaveProperty('vc');
    expect(payload.sub).toBe((payload.credentialSubject as { id: string }).id);
    expect(payload.jti).toBe(payload.id);
  });
});

describe('no credential is made', () => {
  it('without the key that the configuration binds to, nor with one that is none', async () => {
    for (const holderKey of [null, { kty: 'oct', k: 'x' }])
      await expect(issue({}, { holderKey })).rejects.toBeInstanceOf(CredentialContentError);
  });

  it('by a signer that gives garbage', async () => {
    const real = issuer.assertion('ES256');
    const garbling = { ...real.signer, sign: () => Promise.resolve(new Uint8Array(64).fill(7)) };
    const signers = signersWith({ assertion: () => ({ ...real, signer: garbling }) });
    await expect(issue({}, { signers })).rejects.toMatchObject({ name: 'IssuedCredentialFault' });
  });

  it('by a signer that fails; its error comes through', async () => {
    const real = issuer.assertion('ES256');
    const away = { ...real.signer, sign: () => Promise.reject(new SignerError('the HSM is away', { retryable: true })) };
    const signers = signersWith({ assertion: () => ({ ...real, signer: away }) });
    await expect(issue({}, { signers })).rejects.toMatchObject({ name: 'SignerError', retryable: true });
  });
});
