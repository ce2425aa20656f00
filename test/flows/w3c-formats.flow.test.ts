import { verifyCredential } from 'did-jwt-vc';
import { randomUUID } from 'node:crypto';
import type { JWK } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { didJwkOf } from '../../credentials/verifiable-credential/holder-did.js';
import type { LinkedDataProofType } from '../../store/configuration-documents.js';
import { LinkedDataVerifier, type PublishedDid } from '../credentials/ldp-vc/verifier.js';
import { useSharedSystem } from '../harness/use-system.js';
import { IssuerBackend, PERSON, PERSON_MAPPINGS } from './issuer-backend.js';
import { LIBRARIES, LibraryWallet } from './library-wallet.js';
import { credentialsOf, newHolderKey, PlainWallet } from './plain-wallet.js';

type JsonObject = Readonly<Record<string, unknown>>;

const system = useSharedSystem();
let backend: IssuerBackend;
const contextUrl = `https://issuer.example/contexts/${randomUUID()}`;
const vocabulary = 'https://issuer.example/terms#';
const TYPES = {
  '1.1': `Person${randomUUID()}`,
  '2.0': `Person${randomUUID()}`,
  sd: `Person${randomUUID()}`,
  legacy: `Person${randomUUID()}`,
};
const context = {
  '@context': {
    ...Object.fromEntries(Object.values(TYPES).map((type) => [type, vocabulary + type])),
    given_name: 'https://schema.org/givenName',
    family_name: 'https://schema.org/familyName',
    nationalities: `${vocabulary}nationalities`,
    address: {
      '@id': 'https://schema.org/address',
      '@context': { locality: 'https://schema.org/addressLocality', country: 'https://schema.org/addressCountry' },
    },
  },
};
const { nationalities: _elements, ...mappings } = PERSON_MAPPINGS;
const claimMappings = { ...mappings, nationalities: { mapFrom: 'claims.nationalities' } };

const SUITES: readonly (readonly [LinkedDataProofType, '1.1' | '2.0', string])[] = [
  ['Ed25519Signature2018', '1.1', TYPES.legacy],
  ['eddsa-rdfc-2022', '2.0', TYPES['2.0']],
  ['ecdsa-rdfc-2019', '1.1', TYPES['1.1']],
  ['ecdsa-sd-2023', '2.0', TYPES.sd],
];
/** Configuration ids by suite, and of `jwt` by version. */
const configurations = new Map<string, string>();

beforeAll(async () => {
  backend = await IssuerBackend.login(system());
  const create = async (path: string, body: object) => ((await backend.session.post(path, body)) as { id: string }).id;
  await create('/v2/credentials/web-semantic/contexts', { url: contextUrl, content: context });
  for (const [proofType, vcdmVersion, type] of SUITES) {
    const looks = { name: 'Person', issuer: { name: 'Ministry' } };
    const body = { type, ...looks, contexts: [contextUrl], proofType, vcdmVersion, claimMappings, expiresIn: { months: 6 } };
    configurations.set(proofType, await create('/v2/credentials/web-semantic/configurations', body));
  }
  for (const vcdmVersion of ['1.1', '2.0']) {
    const body = { type: `urn:test:${randomUUID()}`, vcdmVersion, claimMappings, expiresIn: { months: 6 } };
    configurations.set(vcdmVersion, await create('/v2/credentials/jwt/configurations', body));
  }
});

const idOf = (name: string) => configurations.get(name) ?? '';

/** The document of the issuer's did:web, from its place. */
async function issuerDid(): Promise<PublishedDid> {
  return (await (await fetch(`${system().url}/.well-known/did.json`)).json()) as PublishedDid;
}

async function verifiesLinkedData(credential: JsonObject, proofType: LinkedDataProofType): Promise<boolean> {
  const verifier = new LinkedDataVerifier(await issuerDid(), new Map([[contextUrl, JSON.stringify(context)]]));
  if (proofType === 'Ed25519Signature2018') return verifier.verifies2018(credential);
  const shown = proofType === 'ecdsa-sd-2023' ? await verifier.disclose(credential, ['/credentialSubject']) : credential;
  return verifier.verifies(shown, { now: new Date() });
}

async function verifiedJwt(jwt: string): Promise<JsonObject> {
  const didDocument = await issuerDid();
  const resolve = (asked: string) => {
    if (asked !== didDocument.id) throw new Error('this is another DID');
    return Promise.resolve({ didResolutionMetadata: {}, didDocumentMetadata: {}, didDocument: didDocument as never });
  };
  return (await verifyCredential(jwt, { resolve })).verifiableCredential;
}

describe('over bare HTTP', () => {
  const collect = async (configurationId: string) => {
    const wallet = new PlainWallet(system().url);
    const { uri } = await backend.offer([configurationId]);
    const token = await wallet.token(uri);
    const key = newHolderKey();
    const answer = await wallet.requestCredential(token, await wallet.credentialRequest(configurationId, [key]));
    expect(answer.status, answer.text).toBe(200);
    return { answer, did: didJwkOf(key.publicJwk) };
  };

  it.each(SUITES)('CRD-12 an ldp_vc signed by %s is a JSON object that verifies', async (proofType) => {
    const { answer, did } = await collect(idOf(proofType));
    const [credential] = credentialsOf(answer) as unknown as readonly JsonObject[];
    expect(await verifiesLinkedData(credential!, proofType)).toBe(true);
    expect(credential).toMatchObject({
      issuer: { id: (await issuerDid()).id, name: 'Ministry' },
      credentialSubject: { id: did, ...PERSON },
    });
  });

  it('CRD-12 a jwt_vc_json verifies', async () => {
    const { answer, did } = await collect(idOf('1.1'));
    const verified = await verifiedJwt(credentialsOf(answer)[0]!);
    expect(verified).toMatchObject({ issuer: { id: (await issuerDid()).id }, credentialSubject: { id: did, ...PERSON } });
  });

  it('both formats come from one offer, and a batch has one credential for each key', async () => {
    const ids = [idOf('1.1'), idOf('eddsa-rdfc-2022')];
    const wallet = new PlainWallet(system().url);
    const token = await wallet.token((await backend.offer(ids)).uri);
    const keys = [newHolderKey(), newHolderKey()];
    const subjects: unknown[] = [];
    const jwts = credentialsOf(await wallet.requestCredential(token, await wallet.credentialRequest(ids[0]!, keys)));
    for (const jwt of jwts) subjects.push(((await verifiedJwt(jwt)).credentialSubject as { id: string }).id);
    const objects = credentialsOf(await wallet.requestCredential(token, await wallet.credentialRequest(ids[1]!, keys)));
    for (const object of objects as unknown as readonly JsonObject[]) {
      expect(await verifiesLinkedData(object, 'eddsa-rdfc-2022')).toBe(true);
      subjects.push((object.credentialSubject as { id: string }).id);
    }
    const dids = keys.map(({ publicJwk }) => didJwkOf(publicJwk));
    expect(subjects).toEqual([...dids, ...dids]);
  });
});

describe.each(LIBRARIES)('a wallet built on %s', (_name, library) => {
  const collect = async (configurationId: string) =>
    new LibraryWallet(library).collect((await backend.offer([configurationId])).uri);
  const subjectOf = ({ kty = '', crv = '', x = '', y = '' }: JWK) => didJwkOf({ kty, crv, x, y });

  it.each(['1.1', '2.0'])('OFR-11 CRD-12 collects a jwt_vc_json of VCDM %s', async (version) => {
    const { credentials, holderKeys, notificationStatus } = await collect(idOf(version));
    expect(notificationStatus).toBe(204);
    const payload = JSON.parse(Buffer.from(credentials[0]!.split('.')[1]!, 'base64url').toString()) as JsonObject;
    const subject = { id: subjectOf(holderKeys[0]!), ...PERSON };
    expect(version === '1.1' ? await verifiedJwt(credentials[0]!) : payload).toMatchObject({ credentialSubject: subject });
  });

  it.each(SUITES)('OFR-11 CRD-12 collects an ldp_vc signed by %s', async (proofType) => {
    const { credentials, holderKeys, notificationStatus } = await collect(idOf(proofType));
    expect(notificationStatus).toBe(204);
    const [credential] = credentials as unknown as readonly JsonObject[];
    expect(credential?.credentialSubject).toEqual({ id: subjectOf(holderKeys[0]!), ...PERSON });
    expect(await verifiesLinkedData(credential!, proofType)).toBe(true);
  });
});
