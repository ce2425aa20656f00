import { describe, expect, it } from 'vitest';
import { CredentialContentError } from '../../../credentials/credential-content-error.js';
import { ldpVc } from '../../../credentials/ldp-vc/format.js';
import { issueLdpVc } from '../../../credentials/ldp-vc/issue.js';
import { SignerError } from '../../../keys/signer.js';
import type { LinkedDataProofType, WebSemanticConfigurationDocument } from '../../../store/configuration-documents.js';
import { NOW } from '../../keys/issuer-keys.js';
import { signersWith } from '../../keys/test-signers.js';
import { holderJwk } from '../sd-jwt-vc/test-credential.js';
import {
  CONTEXTS,
  CREDENTIAL_ID,
  DID,
  ldpConfiguration,
  OWN_CONTEXT,
  PERSON,
  TestIssuer,
} from '../verifiable-credential/test-issuer.js';
import { LinkedDataVerifier, type PublishedDid } from './verifier.js';
import { didWebDocument } from '../../../keys/did-document.js';

const issuer = new TestIssuer();
const now = new Date(NOW);

const ALGORITHMS = {
  Ed25519Signature2018: 'EdDSA',
  'eddsa-rdfc-2022': 'EdDSA',
  'ecdsa-rdfc-2019': 'ES256',
  'ecdsa-sd-2023': 'ES256',
} as const;

function verifierOf(proofType: LinkedDataProofType, did = DID): LinkedDataVerifier {
  const { signer, verificationMethod } = issuer.assertion(ALGORITHMS[proofType], did);
  const keys = [{ verificationMethod, publicJwk: signer.publicJwk, retired: false }];
  const document = didWebDocument({ did, keys, origin: 'https://issuer.example' });
  return new LinkedDataVerifier(document as unknown as PublishedDid, CONTEXTS);
}

async function verifies(credential: Readonly<Record<string, unknown>>, proofType: LinkedDataProofType): Promise<boolean> {
  const verifier = verifierOf(proofType);
  if (proofType === 'Ed25519Signature2018') return verifier.verifies2018(credential);
  if (proofType !== 'ecdsa-sd-2023') return verifier.verifies(credential, { now });
  return verifier.verifies(await verifier.disclose(credential, ['/credentialSubject']), { now });
}

const SUITES: readonly (readonly [LinkedDataProofType, '1.1' | '2.0'])[] = [
  ['Ed25519Signature2018', '1.1'],
  ['eddsa-rdfc-2022', '1.1'],
  ['eddsa-rdfc-2022', '2.0'],
  ['ecdsa-rdfc-2019', '1.1'],
  ['ecdsa-rdfc-2019', '2.0'],
  ['ecdsa-sd-2023', '1.1'],
  ['ecdsa-sd-2023', '2.0'],
];

describe.each(SUITES)('%s in VCDM %s', (proofType, vcdmVersion) => {
  const configuration = ldpConfiguration({ proofType, vcdmVersion, expiresIn: { years: 1 } });
  const issue = (more: Partial<WebSemanticConfigurationDocument> = {}, given = {}) =>
    issueLdpVc(issuer.input({ ...configuration, ...more }, given));

  it('verifies in an independent implementation', async () => {
    const { credential, keyId, validFrom, validUntil } = await issue();
    expect(await verifies(credential, proofType)).toBe(true);
    expect(keyId).toBe(issuer.signer(ALGORITHMS[proofType]).keyId);
    expect([validFrom, validUntil]).toEqual([new Date('2026-03-14T15:00:00Z'), new Date('2027-03-14T15:00:00Z')]);
    expect(credential.proof).toMatchObject({
      ...(proofType === 'Ed25519Signature2018' ? { type: proofType } : { type: 'DataIntegrityProof', cryptosuite: proofType }),
      proofPurpose: 'assertionMethod',
      created: '2026-03-14T15:00:00Z',
      verificationMethod: `${issuer.assertion(ALGORITHMS[proofType]).verificationMethod}${proofType === 'Ed25519Signature2018' ? '-2018' : '-multikey'}`,
    });
  });

  it('no longer verifies when a claim is changed, and not with another key', async () => {
    const { credential } = await issue();
    const changed = { ...credential, credentialSubject: { ...credential.credentialSubject, given_name: 'Impostor' } };
    expect(await verifies(changed, proofType)).toBe(false);
    const stranger = new TestIssuer();
    const { credential: foreign } = await issueLdpVc({ ...stranger.input(configuration), signers: stranger.signers });
    const named = { ...foreign, proof: { ...foreign.proof, verificationMethod: credential.proof.verificationMethod } };
    expect(await verifies(named, proofType)).toBe(false);
  });

  it('has a status that is signed along with it', async () => {
    const mechanism = ldpVc.statusMechanism(configuration);
    const reference = {
      mechanism,
      uri: 'https://issuer.example/lists/1',
      suspensionUri: 'https://issuer.example/lists/2',
      index: 94567,
    };
    const { credential } = await issue({ status: { suspendable: true, revokeOn: [] } }, { status: reference });
    expect(await verifies(credential, proofType)).toBe(true);
    if (proofType === 'Ed25519Signature2018') {
      expect(credential.credentialStatus).toEqual({
        id: 'https://issuer.example/lists/1#94567',
        type: 'RevocationList2020Status',
        revocationListIndex: '94567',
        revocationListCredential: 'https://issuer.example/lists/1',
      });
    } else {
      expect(credential.credentialStatus).toEqual(
        [
          ['revocation', 'https://issuer.example/lists/1'],
          ['suspension', 'https://issuer.example/lists/2'],
        ].map(([statusPurpose, uri]) => ({
          id: `${uri!}#94567`,
          type: 'BitstringStatusListEntry',
          statusPurpose,
          statusListIndex: '94567',
          statusListCredential: uri,
        })),
      );
    }
  });
});

describe('a credential', () => {
  const issue = (more: Partial<WebSemanticConfigurationDocument> = {}, given = {}) =>
    issueLdpVc(issuer.input(ldpConfiguration(more), given)).then(({ credential }) => credential);

  it('reads in VCDM 1.1 as MATTR issues it', async () => {
    const holderKey = holderJwk();
    const credential = await issue({ expiresIn: { months: 1 }, additionalTypes: ['Person'] }, { holderKey });
    const { kty, crv, x, y } = holderKey;
    expect({ ...credential, proof: undefined }).toEqual({
      '@context': [
        'https://www.w3.org/2018/credentials/v1',
        expect.objectContaining({ name: 'https://schema.org/name' }) as object,
        OWN_CONTEXT,
        'https://w3id.org/vc-revocation-list-2020/v1',
      ],
      id: `urn:uuid:${CREDENTIAL_ID}`,
      type: ['VerifiableCredential', 'Employee', 'Person'],
      name: 'Employee card',
      description: 'Who works here',
      credentialBranding: { backgroundColor: '#0b3d91' },
      issuer: { id: DID, name: 'Ministry of Tests', logoUrl: 'https://issuer.example/logo.png' },
      issuanceDate: '2026-03-14T15:00:00Z',
      expirationDate: '2026-04-14T15:00:00Z',
      credentialSubject: {
        id: `did:jwk:${Buffer.from(JSON.stringify({ crv, kty, x, y })).toString('base64url')}`,
        ...PERSON,
      },
      proof: undefined,
    });
  });

  it('has the dates and the core context of its version', async () => {
    const credential = await issue({ vcdmVersion: '2.0', proofType: 'eddsa-rdfc-2022', expiresIn: { days: 1 } });
    expect(credential['@context'][0]).toBe('https://www.w3.org/ns/credentials/v2');
    expect(credential).toMatchObject({ validFrom: '2026-03-14T15:00:00Z', validUntil: '2026-03-15T15:00:00Z' });
    expect(credential).not.toHaveProperty('issuanceDate');
  });

  it('is about the DID that the holder proved the key by, where it did', async () => {
    const credential = await issue({}, { holderDid: 'did:key:z6Mk' });
    expect(credential.credentialSubject.id).toBe('did:key:z6Mk');
  });

  it('names nobody where the configuration binds to no key, and has no id where it wants none', async () => {
    const credential = await issue({ holderBinding: false, includeId: false }, { holderKey: null });
    expect(credential.credentialSubject).toEqual(PERSON);
    expect(credential).not.toHaveProperty('id');
    expect(await verifies(credential, 'Ed25519Signature2018')).toBe(true);
  });

  it('is signed by the DID of the configuration', async () => {
    const issuerDid = 'did:key:zDnae';
    const credential = await issue({ issuerDid, proofType: 'ecdsa-rdfc-2019' });
    expect(credential.issuer).toMatchObject({ id: issuerDid });
    expect(await verifierOf('ecdsa-rdfc-2019', issuerDid).verifies(credential, { now })).toBe(true);
  });

  it('survives as JSON: what is stored and sent verifies', async () => {
    const credential = JSON.parse(JSON.stringify(await issue({ proofType: 'eddsa-rdfc-2022' }))) as Record<string, unknown>;
    expect(await verifies(credential, 'eddsa-rdfc-2022')).toBe(true);
  });
});

describe('selective disclosure', () => {
  const configuration = ldpConfiguration({
    proofType: 'ecdsa-sd-2023',
    status: { suspendable: false, revokeOn: [] },
    claimMappings: {
      given_name: { mapFrom: 'claims.given_name' },
      family_name: { mapFrom: 'claims.family_name', selectiveDisclosure: false },
      'address.locality': { mapFrom: 'claims.address.locality' },
      'address.country': { mapFrom: 'claims.address.country', selectiveDisclosure: false },
    },
  });
  const status = { mechanism: 'bitstring-status-list', uri: 'https://issuer.example/lists/1', index: 1 } as const;

  it('shows what is mandatory and what the holder picks, and nothing else', async () => {
    const verifier = verifierOf('ecdsa-sd-2023');
    const { credential } = await issueLdpVc(issuer.input(configuration, { status }));
    const shown = await verifier.disclose(credential, ['/credentialSubject/given_name']);
    expect(await verifier.verifies(shown, { now })).toBe(true);
    expect(shown).toMatchObject({ type: ['VerifiableCredential', 'Employee'], issuer: credential.issuer });
    expect(shown).toHaveProperty('issuanceDate');
    expect(shown).toHaveProperty('credentialStatus');
    expect(shown).not.toHaveProperty('description');
    expect(shown.credentialSubject).toEqual({
      id: credential.credentialSubject.id,
      given_name: 'Ngaio',
      family_name: 'Tester',
      address: { country: 'NZ' },
    });
    const forged = { ...shown, credentialSubject: { ...(shown.credentialSubject as object), given_name: 'Impostor' } };
    expect(await verifier.verifies(forged, { now })).toBe(false);
  });

  it('goes without a mandatory claim that the credential does not have', async () => {
    const verifier = verifierOf('ecdsa-sd-2023');
    const { credential } = await issueLdpVc(issuer.input(configuration, { status, claims: { given_name: 'Ngaio' } }));
    const shown = await verifier.disclose(credential, []);
    expect(shown.credentialSubject).toEqual({ id: credential.credentialSubject.id });
    expect(await verifier.verifies(shown, { now })).toBe(true);
  });
});

describe('no credential is made', () => {
  const claims = (value: unknown) => ({ ...PERSON, given_name: value });
  const configuration = ldpConfiguration({
    claimMappings: { given_name: { mapFrom: 'claims.given_name' }, homepage: { mapFrom: 'claims.homepage' } },
  });
  const issue = (given: object, more: Partial<WebSemanticConfigurationDocument> = {}) =>
    issueLdpVc(issuer.input({ ...configuration, ...more }, given));

  it('of a value with a member that no context defines: nothing is dropped without a word', async () => {
    await expect(issue({ claims: claims({ shoe_size: 43 }) })).rejects.toBeInstanceOf(CredentialContentError);
  });

  it('of something that is no identifier where the context wants one', async () => {
    await expect(issue({ claims: { ...PERSON, homepage: 'not an IRI' } })).rejects.toBeInstanceOf(CredentialContentError);
    expect(await issue({ claims: { ...PERSON, homepage: 'https://ngaio.example/' } })).toBeDefined();
  });

  it('under a context that is neither built in nor uploaded', async () => {
    await expect(issue({ contexts: new Map() })).rejects.toBeInstanceOf(CredentialContentError);
  });

  it('without the key that the configuration binds to', async () => {
    await expect(issue({ holderKey: null })).rejects.toBeInstanceOf(CredentialContentError);
  });

  it('by a signer that fails; its error comes through', async () => {
    const away = { ...issuer.eddsa, sign: () => Promise.reject(new SignerError('the HSM is away', { retryable: true })) };
    const signers = signersWith({ assertion: () => ({ ...issuer.assertion('EdDSA'), signer: away }) });
    await expect(issue({ signers })).rejects.toMatchObject({ name: 'SignerError', retryable: true });
  });

  it.each(SUITES)('by a signer that gives garbage: %s, VCDM %s', async (proofType, vcdmVersion) => {
    const real = issuer.assertion(ALGORITHMS[proofType]);
    const garbling = { ...real.signer, sign: () => Promise.resolve(new Uint8Array(64).fill(7)) };
    const signers = signersWith({ assertion: () => ({ ...real, signer: garbling }) });
    await expect(issue({ signers }, { proofType, vcdmVersion })).rejects.toMatchObject({ name: 'IssuedCredentialFault' });
  });
});

describe('claims from a source', () => {
  const configuration = ldpConfiguration({ claimMappings: { given_name: { mapFrom: 'claims.given_name' } } });
  const unusable = (value: unknown) => ldpVc.mapClaims({ configuration, source: { claims: { given_name: value } } }).unusable;

  it('must not bring keywords of JSON-LD, which would change what the credential says', () => {
    for (const value of [{ '@context': {} }, [{ '@id': 'did:example:other' }], { deep: { '@value': 1 } }])
      expect(unusable(value)).toEqual(['given_name']);
    expect(unusable({ at: 'name@host' })).toEqual([]);
  });
});
