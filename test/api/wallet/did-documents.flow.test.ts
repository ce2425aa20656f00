import { randomUUID } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader, importJWK, jwtVerify, type JWK } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import type { DidDocument } from '../../../keys/did-document.js';
import { didJwkDocument } from '../../../keys/did-jwk.js';
import { didKeyDocument } from '../../../keys/did-key.js';
import { didWebOf } from '../../../keys/did-web.js';
import { DEFAULT_ISSUER_ID, IssuerDirectory } from '../../../store/issuer-directory.js';
import { exchange } from '../../flows/http-exchange.js';
import { useSharedSystem } from '../../harness/use-system.js';
import { ManagementClient } from '../management/management-client.js';

const LINKAGE = '/.well-known/did-configuration.json';

const system = useSharedSystem();
let api: ManagementClient;
let own: string;

beforeAll(async () => {
  api = await ManagementClient.admin(system());
  own = didWebOf(system().url);
});

const create = async (body: unknown) => (await api.create('/v1/dids', body)).did as string;
const remove = (did: string) => api.delete(`/v1/dids/${encodeURIComponent(did)}`);
const documentAt = async (path: string) => (await exchange(system().url + path)).json as unknown as DidDocument;
const keyIdsOf = ({ verificationMethod }: DidDocument) => verificationMethod.map(({ id }) => id);

async function assertionKeys() {
  const keys = await system().db.signingKeys.find({ issuerId: DEFAULT_ISSUER_ID }).toArray();
  return keys.filter(({ purpose }) => purpose === 'assertion-es256' || purpose === 'assertion-eddsa');
}

/** The key that a JWT names, out of the document of its DID: one at hand, or one that the DID itself says. */
async function keyNamedBy(jwt: string, documents: readonly DidDocument[]) {
  const { kid = '', alg } = decodeProtectedHeader(jwt);
  const [did = ''] = kid.split('#');
  const document = documents.find(({ id }) => id === did) ?? didKeyDocument(did, 'JsonWebKey2020') ?? didJwkDocument(did);
  expect(document?.assertionMethod).toContain(kid);
  const { publicKeyJwk } = document!.verificationMethod.find(({ id }) => id === kid)!;
  return importJWK(publicKeyJwk as unknown as JWK, alg);
}

describe("the document of the issuer's did:web", () => {
  it('has the keys that credentials are signed with, public halves alone', async () => {
    const document = await documentAt('/.well-known/did.json');
    expect(document.id).toBe(own);
    const keys = await assertionKeys();
    expect(keys.length).toBeGreaterThanOrEqual(2);
    for (const { keyId, publicJwk } of keys) {
      const method = document.verificationMethod.find(({ id }) => id === `${own}#${keyId}`);
      expect(method).toMatchObject({ type: 'JsonWebKey2020', controller: own, publicKeyJwk: { ...publicJwk } });
    }
    expect(JSON.stringify(document)).not.toMatch(/"d":|private|secret/i);
  });

  it('has the next key before it signs, and keeps the one before it', async () => {
    const { db } = system();
    const active = (await assertionKeys()).find(({ purpose, state }) => purpose === 'assertion-es256' && state === 'active')!;
    expect((await api.post('/v1/keys/assertion-es256/rotate', undefined)).status).toBe(200);
    const next = (await assertionKeys()).find(({ purpose, state }) => purpose === 'assertion-es256' && state === 'published')!;
    const ids = keyIdsOf(await documentAt('/.well-known/did.json'));
    expect(ids).toEqual(expect.arrayContaining([`${own}#${active.keyId}`, `${own}#${next.keyId}`]));
    // A day later.
    await db.signingKeys.updateOne({ _id: next._id }, { $set: { createdAt: new Date(Date.now() - 2 * 86_400_000) } });
    await api.post('/v1/keys/assertion-es256/rotate', undefined);
    const after = await documentAt('/.well-known/did.json');
    expect(keyIdsOf(after)).toContain(`${own}#${active.keyId}`);
    expect(after.authentication).not.toContain(`${own}#${active.keyId}`);
    expect(await db.signingKeys.findOne({ _id: active._id })).toMatchObject({ state: 'retired' });
    expect(await db.signingKeys.findOne({ _id: active._id })).not.toHaveProperty('privateKey');
  });
});

describe('the document of another did:web', () => {
  it('is at its place where that is below the public URL, as long as there is the DID', async () => {
    const path = `/departments/${randomUUID()}/Tax & more`.replaceAll(' ', '%20');
    const did = await create({ method: 'web', options: { url: system().url + path } });
    const document = await documentAt(`${path}/did.json`);
    expect(document.id).toBe(did);
    expect(document.verificationMethod.length).toBe(5);
    expect((await exchange(`${system().url}${path}/did.json`)).headers.get('access-control-allow-origin')).toBe('*');
    expect((await exchange(`${system().url}${path}/DID.json`)).status).toBe(404);
    await remove(did);
    expect((await exchange(`${system().url}${path}/did.json`)).status).toBe(404);
  });

  it('is not here where it is elsewhere', async () => {
    const path = `/elsewhere/${randomUUID()}`;
    const did = await create({ method: 'web', options: { url: `https://other.example${path}` } });
    expect((await exchange(`${system().url}${path}/did.json`)).status).toBe(404);
    await remove(did);
  });

  it.each(['/did.json', '/.well-known/x/did.json', '/%E0%A4%A/did.json', '//did.json', '/..%2f/did.json', '/a/did.json/b'])(
    'is nothing at %s',
    async (path) => {
      const { status } = await exchange(system().url + path);
      expect([400, 404]).toContain(status);
    },
  );
});

describe('domain linkage (DIF Well Known DID Configuration)', () => {
  it('is said by every DID of the issuer, each with a key of its document', async () => {
    const { url } = system();
    const path = `/linked/${randomUUID()}`;
    const dids = [
      own,
      await create({ method: 'key' }),
      await create({ method: 'jwk', options: { keyType: 'P-256' } }),
      await create({ method: 'web', options: { url: url + path } }),
    ];
    const documents = [await documentAt('/.well-known/did.json'), await documentAt(`${path}/did.json`)];
    const { json } = await exchange(url + LINKAGE);
    expect(json['@context']).toBe('https://identity.foundation/.well-known/did-configuration/v1');
    const linked = json.linked_dids as string[];
    const said = new Map<string, unknown>();
    // Others' DIDs may be beside them.
    for (const jwt of linked.filter((one) => dids.includes(decodeJwt(one).iss ?? ''))) {
      const { payload } = await jwtVerify(jwt, await keyNamedBy(jwt, documents));
      expect(payload.sub).toBe(payload.iss);
      expect(said.has(payload.iss ?? '')).toBe(false);
      said.set(payload.iss ?? '', payload.vc);
      expect(payload.exp! * 1000 - Date.now()).toBeGreaterThan(300 * 86_400_000);
    }
    for (const did of dids) expect(said.get(did)).toMatchObject({ issuer: did, credentialSubject: { id: did, origin: url } });
    for (const did of dids.slice(1)) await remove(did);
    expect(((await exchange(url + LINKAGE)).json.linked_dids as string[]).length).toBe(linked.length - 3);
  });

  it('is not signed anew for every request, nor for changes of other records', async () => {
    const { url, db } = system();
    const before = await exchange(url + LINKAGE);
    expect((await exchange(url + LINKAGE)).text).toBe(before.text);
    await new IssuerDirectory({ db }).changed(DEFAULT_ISSUER_ID);
    await api.post('/v1/claim-sources', {});
    const did = await create({ method: 'key' });
    const linked = (await exchange(url + LINKAGE)).json.linked_dids as string[];
    expect(linked).toEqual(expect.arrayContaining(before.json.linked_dids as string[]));
    await remove(did);
    expect((await exchange(url + LINKAGE)).text).toBe(before.text);
    expect((await exchange(`${url}/.well-known/did-configuration`)).text).toBe(before.text);
  });
});
