import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { didKeyDocument } from '../../../../keys/did-key.js';
import { didWebOf } from '../../../../keys/did-web.js';
import { DEFAULT_ISSUER_ID } from '../../../../store/issuer-directory.js';
import { exchange } from '../../../flows/http-exchange.js';
import { useSharedSystem } from '../../../harness/use-system.js';
import { OpenApiDescription } from '../../http/openapi-description.js';
import { ManagementClient, placesOf } from '../management-client.js';

const PATH = '/v1/dids';

interface Listed {
  readonly did: string;
  readonly registrationStatus: string;
  readonly localMetadata: {
    readonly keys: readonly { readonly didDocumentKeyId: string; readonly kmsKeyId: string }[];
    readonly registered: number;
    readonly initialDidDocument: Readonly<Record<string, unknown>>;
  };
}

const system = useSharedSystem();
let api: ManagementClient;
let description: OpenApiDescription;
let own: string;

beforeAll(async () => {
  api = await ManagementClient.admin(system());
  description = new OpenApiDescription((await exchange(`${system().url}/openapi.json`)).json);
  own = didWebOf(system().url);
});

const pathOf = (did: string) => `${PATH}/${encodeURIComponent(did)}`;
const list = async (query = {}) => (await api.pages<Listed>(PATH, query)).flat();
const keysOf = ({ localMetadata }: Listed) =>
  system()
    .db.signingKeys.find({ keyId: { $in: localMetadata.keys.map(({ kmsKeyId }) => kmsKeyId) } })
    .toArray();

/** Calls an operation; its answer, and the request where it was taken, have to be as the API's description says. */
async function call(method: string, path: string, body?: unknown) {
  const answer = await api.call(method, path, body === undefined ? {} : { body });
  expect(description.faultsOfAnswer(method, path, answer), answer.text.slice(0, 300)).toEqual([]);
  if (answer.status < 300 && body !== undefined) expect(description.faultsOfRequest(method, path, body)).toEqual([]);
  return answer;
}

const create = async (body: unknown): Promise<Listed> => {
  const answer = await call('POST', PATH, body);
  expect(answer.status, answer.text).toBe(201);
  return answer.json as unknown as Listed;
};

describe('POST /v1/dids', () => {
  it.each([
    [{ method: 'key' }, /^did:key:z6Mk/, 'EdDSA'],
    [{ method: 'key', options: {} }, /^did:key:z6Mk/, 'EdDSA'],
    [{ method: 'key', options: { keyType: 'Ed25519' } }, /^did:key:z6Mk/, 'EdDSA'],
    [{ method: 'key', options: { keyType: 'ed25519' } }, /^did:key:z6Mk/, 'EdDSA'],
    [{ method: 'key', options: { keyType: 'P-256' } }, /^did:key:zDn/, 'ES256'],
    [{ method: 'jwk' }, /^did:jwk:ey/, 'EdDSA'],
    [{ method: 'jwk', options: { keyType: 'P-256' } }, /^did:jwk:ey/, 'ES256'],
  ])('makes by %j a DID with one key', async (body, shape, algorithm) => {
    const before = Date.now();
    const made = await create(body);
    expect(made.did).toMatch(shape);
    const [key, ...others] = made.localMetadata.keys;
    expect(others).toEqual([]);
    expect(made).toEqual({
      did: made.did,
      registrationStatus: 'COMPLETED',
      localMetadata: {
        keys: [{ didDocumentKeyId: expect.stringContaining(`${made.did}#`) as string, kmsKeyId: expect.any(String) as string }],
        registered: expect.any(Number) as number,
        initialDidDocument: expect.objectContaining({ id: made.did, assertionMethod: [key!.didDocumentKeyId] }) as object,
      },
    });
    expect(Math.abs(made.localMetadata.registered - before)).toBeLessThan(600_000);
    expect(await keysOf(made)).toMatchObject([{ purpose: 'did', algorithm, state: 'active', keyId: key!.kmsKeyId }]);
    if (body.method === 'key') expect(made.localMetadata.initialDidDocument).toEqual(didKeyDocument(made.did));
    expect((await call('GET', pathOf(made.did))).json).toEqual(made);
    expect((await call('DELETE', pathOf(made.did))).status).toBe(204);
  });

  it('makes a did:web with a P-256 and an Ed25519 key, whose document somebody else is to serve', async () => {
    const made = await create({ method: 'web', options: { url: `https://${randomUUID()}.example/a` } });
    expect(made.did).toMatch(/^did:web:[0-9a-f-]+\.example:a$/);
    expect((await keysOf(made)).map(({ algorithm }) => algorithm).sort()).toEqual(['ES256', 'EdDSA']);
    expect(made.localMetadata.initialDidDocument).toMatchObject({
      service: [{ type: 'LinkedDomains', serviceEndpoint: system().url }],
    });
    await api.delete(pathOf(made.did));
  });

  it('takes no did:web twice, and not the own one, which is there', async () => {
    const url = `${randomUUID()}.example`;
    const { did } = await create({ method: 'web', options: { url } });
    for (const again of [url, `https://${url}/`, system().url]) {
      const answer = await call('POST', PATH, { method: 'web', options: { url: again } });
      expect([answer.status, answer.json.code]).toEqual([409, 'Conflict']);
    }
    await api.delete(pathOf(did));
    const answers = await Promise.all(Array.from({ length: 4 }, () => call('POST', PATH, { method: 'web', options: { url } })));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
    expect((await keysOf(answers.find(({ status }) => status === 201)!.json as unknown as Listed)).length).toBe(2);
    await api.delete(pathOf(did));
  });

  it.each<[string, unknown, string[]]>([
    ['nothing', {}, ['body method']],
    ['another method', { method: 'ion' }, ['body method']],
    ['a did:web of no URL', { method: 'web' }, ['body options']],
    ['a did:web of a URL that is none', { method: 'web', options: { url: 'http://a.example' } }, ['body options.url']],
    ['another type of key', { method: 'key', options: { keyType: 'bls12381g2' } }, ['body options.keyType']],
    ['an option of another method', { method: 'key', options: { url: 'https://a.example' } }, ['body options.url']],
    ['an unknown member', { method: 'jwk', other: 1 }, ['body other']],
  ])('refuses %s', async (_name, body, places) => {
    expect(placesOf(await call('POST', PATH, body))).toEqual(places);
  });

  it('has a limit, of requests at once too', async () => {
    const issuerId = DEFAULT_ISSUER_ID;
    const count = await system().db.dids.countDocuments({ issuerId });
    const fillers = Array.from({ length: 48 - count }, () => {
      const did = `did:web:${randomUUID()}.example`;
      return { _id: `${issuerId}/${did}`, issuerId, did, method: 'web' as const, keys: [], createdAt: new Date() };
    });
    await system().db.dids.insertMany(fillers);
    try {
      const answers = await Promise.all(Array.from({ length: 6 }, () => call('POST', PATH, { method: 'key' })));
      const made = answers.filter(({ status }) => status === 201);
      expect(made.length).toBeLessThanOrEqual(2);
      expect(answers.filter(({ status }) => status === 409)).toHaveLength(6 - made.length);
      expect(await system().db.dids.countDocuments({ issuerId })).toBeLessThanOrEqual(50);
      for (const { json } of made) await api.delete(pathOf(json.did as string));
    } finally {
      await system().db.dids.deleteMany({ _id: { $in: fillers.map(({ _id }) => _id) } });
    }
  });
});

describe('GET /v1/dids', () => {
  it('lists the own did:web first, and pages through the others, oldest first', async () => {
    const made = [];
    for (let index = 0; index < 3; index += 1) made.push(await create({ method: 'key' }));
    const all = await list();
    expect(all[0]).toMatchObject({ did: own, registrationStatus: 'COMPLETED' });
    expect(all[0]!.localMetadata.keys.length).toBeGreaterThanOrEqual(2);
    const dids = all.map(({ did }) => did);
    const sorted = made.map(({ did }) => did).filter((did) => dids.includes(did));
    expect(sorted).toHaveLength(3);
    for (const limit of ['1', '2', '1000']) expect((await list({ limit })).map(({ did }) => did)).toEqual(dids);
    expect(all.slice(1).map(({ localMetadata }) => localMetadata.registered)).toEqual(
      all
        .slice(1)
        .map(({ localMetadata }) => localMetadata.registered)
        .sort((a, b) => a - b),
    );
    await call('GET', `${PATH}?limit=1`);
    for (const { did } of made) await api.delete(pathOf(did));
  });

  it.each(['limit=0', 'cursor=x'])('refuses %s', async (query) => {
    expect(placesOf(await call('GET', `${PATH}?${query}`))).toEqual([`query ${query.split('=')[0] ?? ''}`]);
  });
});

describe('GET /v1/dids/{did}', () => {
  it('reads the own DID, percent-encoded as a whole, or as it stands', async () => {
    expect(own).toContain('%3A');
    const whole = await call('GET', pathOf(own));
    expect(whole.json).toMatchObject({ did: own });
    expect((await api.get(`${PATH}/${own}`)).json).toEqual(whole.json);
    const served = await exchange(`${system().url}/.well-known/did.json`);
    expect((whole.json as unknown as Listed).localMetadata.initialDidDocument).toEqual(served.json);
  });

  it.each(['did:web:unknown.example', 'none', '$ne', '%00', 'did:key:z6Mk'])('answers 404 for %s', async (did) => {
    for (const method of ['GET', 'DELETE']) expect((await call(method, pathOf(did))).status).toBe(404);
  });
});

describe('DELETE /v1/dids/{did}', () => {
  it('destroys the keys, and nothing else', async () => {
    const [kept, made] = [
      await create({ method: 'key' }),
      await create({ method: 'web', options: { url: `${randomUUID()}.example` } }),
    ];
    expect(await keysOf(made)).toHaveLength(2);
    expect((await call('DELETE', pathOf(made.did))).status).toBe(204);
    expect(await keysOf(made)).toEqual([]);
    expect(await keysOf(kept)).toHaveLength(1);
    for (const method of ['GET', 'DELETE']) expect((await call(method, pathOf(made.did))).status).toBe(404);
    expect((await list()).map(({ did }) => did)).not.toContain(made.did);
    await api.delete(pathOf(kept.did));
  });

  it('goes on where a crash left a DID without its keys', async () => {
    const made = await create({ method: 'jwk' });
    await system().db.signingKeys.deleteMany({ keyId: made.localMetadata.keys[0]!.kmsKeyId });
    expect((await call('GET', pathOf(made.did))).json).toMatchObject({ did: made.did, localMetadata: { keys: [] } });
    expect((await call('DELETE', pathOf(made.did))).status).toBe(204);
    expect((await call('GET', pathOf(made.did))).status).toBe(404);
  });

  it('is refused for the own DID', async () => {
    const answer = await call('DELETE', pathOf(own));
    expect([answer.status, answer.json.code]).toEqual([400, 'BadRequest']);
    expect((await call('GET', pathOf(own))).status).toBe(200);
  });

  it('is refused while a credential configuration or a status list names it', async () => {
    const { db } = system();
    const made = await create({ method: 'key' });
    const named = { _id: randomUUID(), issuerId: DEFAULT_ISSUER_ID, issuerDid: made.did };
    for (const collection of [db.statusLists, db.credentialConfigurations]) {
      await collection.insertOne({ ...named, type: randomUUID(), profile: 'jwt' } as never);
      const answer = await call('DELETE', pathOf(made.did));
      expect([answer.status, answer.json.code]).toEqual([400, 'BadRequest']);
      expect(answer.json.message).toContain(named._id);
      expect(await keysOf(made)).toHaveLength(1);
      await collection.deleteOne({ _id: named._id });
    }
    expect((await call('DELETE', pathOf(made.did))).status).toBe(204);
  });
});

describe('who may', () => {
  it('is admins and issuers, and each operation is in the event log', async () => {
    const issuer = await ManagementClient.withRoles(system(), 'issuer');
    const { did } = (await issuer.post(PATH, { method: 'key' })).json as unknown as Listed;
    await issuer.get(PATH);
    await issuer.get(pathOf(did));
    await issuer.delete(pathOf(did));
    const auditor = await ManagementClient.withRoles(system(), 'auditor', 'managed-issuer');
    for (const [method, path] of [
      ['POST', PATH],
      ['GET', PATH],
      ['GET', pathOf(did)],
      ['DELETE', pathOf(did)],
    ] as const)
      expect((await auditor.call(method, path, method === 'POST' ? { body: { method: 'key' } } : {})).status).toBe(403);
    const types = async () =>
      ((await api.get(`/v1/events?clientIds=${issuer.clientId}`)).json as { data: { type: string }[] }).data.map(
        ({ type }) => type,
      );
    await expect
      .poll(types, { timeout: 10_000 })
      .toEqual(
        expect.arrayContaining(['DID_CREATE_SUCCESS', 'DID_RETRIEVE_LIST_SUCCESS', 'DID_RETRIEVE_SUCCESS', 'DID_DELETE_SUCCESS']),
      );
  });
});
