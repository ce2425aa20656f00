import { randomUUID } from 'node:crypto';
import { get, type IncomingMessage } from 'node:http';
import { gunzipSync, inflateSync } from 'node:zlib';
import { decode, type Tag } from 'cbor2';
import { decodeJwt } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import type { StatusListDocument } from '../../../store/status-documents.js';
import { exchange } from '../../flows/http-exchange.js';
import { IssuerBackend } from '../../flows/issuer-backend.js';
import { credentialsOf, PlainWallet } from '../../flows/plain-wallet.js';
import { statusReferenceOf } from '../../flows/status-verifier.js';
import { useSharedSystem } from '../../harness/use-system.js';
import { ManagementClient } from '../management/management-client.js';

const JWT = 'application/statuslist+jwt';
const CWT = 'application/statuslist+cwt';

const system = useSharedSystem();
let api: ManagementClient;
let uri: string;

beforeAll(async () => {
  api = await ManagementClient.admin(system());
  const backend = await IssuerBackend.login(system());
  const configurationId = await backend.configuration({ includeStatus: true });
  const wallet = new PlainWallet(system().url);
  const token = await wallet.token((await backend.offer([configurationId])).uri);
  const answer = await wallet.requestCredential(token, await wallet.credentialRequest(configurationId));
  ({ uri } = statusReferenceOf(credentialsOf(answer)[0]!));
});

/** A list of another profile with one credential in it, as if it had been issued; gives the credential's id. */
async function credentialOf(list: Pick<StatusListDocument, 'profile' | 'mechanism' | 'bits'>) {
  const { db } = system();
  const [listId, credentialId, ledgerId] = [randomUUID(), randomUUID(), `test/${randomUUID()}`];
  const common = { issuerId: 'default' } as const;
  const pool = `test/${listId}`;
  await db.statusLists.insertOne({
    _id: listId,
    ...common,
    ...list,
    size: 1000,
    pool,
    sequence: 1,
    revision: 0,
    createdAt: new Date(),
  });
  await db.statusEntries.insertOne({ _id: `${listId}/7`, ...common, listId, index: 7, ownerId: `${ledgerId}/0`, status: 0 });
  await db.issuedCredentials.insertOne({
    _id: ledgerId,
    ...common,
    sessionId: randomUUID(),
    configurationId: randomUUID(),
    credentialId,
    profile: list.profile,
    type: `urn:test:${credentialId}`,
    userId: randomUUID(),
    count: 1,
    keyId: 'key',
    issuedAt: new Date(),
    statuses: [{ listId, index: 7 }],
    statusPolicy: { suspendable: list.bits === 2, revokeOn: [] },
    tag: credentialId,
  });
  return { listId, credentialId, base: `/v2/credentials/${list.profile}`, url: `${system().url}/v2/credentials/${list.profile}` };
}

const fetchList = async (url: string, headers: Record<string, string> = {}) => {
  const response = await fetch(url, { headers });
  return { status: response.status, headers: response.headers, bytes: Buffer.from(await response.arrayBuffer()) };
};

/** As it comes over the wire: fetch would undo the content coding. */
async function rawExchange(url: string, headers: Record<string, string>) {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get(url, { headers }, resolve).on('error', reject);
  });
  const body = Buffer.concat((await response.toArray()) as Buffer[]);
  return { status: response.statusCode, headers: response.headers, body };
}

describe('a status list over HTTP', () => {
  it('TSL-01 TSL-02 is a JWT or a CWT from one URI, by what is accepted, for any web page', async () => {
    for (const [accept, type] of [
      [undefined, JWT],
      ['*/*', JWT],
      [JWT, JWT],
      [CWT, CWT],
      [`${CWT};q=0.9, ${JWT};q=0.1`, CWT],
    ]) {
      const answer = await fetchList(uri, accept === undefined ? {} : { accept });
      expect(answer.status).toBe(200);
      expect(answer.headers.get('content-type')).toBe(type);
      expect(answer.headers.get('vary')).toContain('Accept');
      expect(answer.headers.get('access-control-allow-origin')).toBe('*');
      if (type === CWT) expect(answer.bytes[0]).toBe(0xd2);
      else expect(decodeJwt(answer.bytes.toString()).sub).toBe(uri);
    }
    expect((await exchange(uri, { headers: { accept: 'text/html' } })).status).toBe(406);
  });

  it('TSL-07 TSL-12 is cached no longer than it is good for, and not sent again to whom has it', async () => {
    const answer = await exchange(uri);
    expect(answer.headers.get('cache-control')).toBe('public, max-age=60');
    const etag = answer.headers.get('etag')!;
    expect(etag).toMatch(/^"[\w-]{27}"$/);
    expect((await exchange(uri, { headers: { 'if-none-match': etag } })).status).toBe(304);
    expect((await exchange(uri, { headers: { 'if-none-match': etag, accept: CWT } })).status).toBe(200);
    expect((await exchange(uri, { method: 'POST' })).status).toBe(405);
  });

  it('TSL-03 is sent with gzip to whom takes it, as a JWT, and has an ETag of its own then', async () => {
    const [plain, gzipped, cwt] = await Promise.all(
      [
        { 'accept-encoding': 'identity' },
        { 'accept-encoding': 'br, gzip;q=0.5' },
        { 'accept-encoding': 'gzip', accept: CWT },
      ].map((headers) => rawExchange(uri, headers)),
    );
    expect([plain, gzipped, cwt].map((answer) => answer!.headers['content-encoding'])).toEqual([undefined, 'gzip', undefined]);
    expect(gunzipSync(gzipped!.body).equals(plain!.body)).toBe(true);
    expect(gzipped!.body.length).toBeLessThan(plain!.body.length);
    expect(gzipped!.headers.vary).toContain('Accept-Encoding');
    const etag = gzipped!.headers.etag!;
    expect(etag).not.toBe(plain!.headers.etag);
    const again = await rawExchange(uri, { 'accept-encoding': 'gzip', 'if-none-match': etag });
    const unknown = await rawExchange(uri, { 'accept-encoding': 'identity', 'if-none-match': etag });
    expect([again.status, unknown.status]).toEqual([304, 200]);
    for (const refusing of ['gzip;q=0', 'br', 'nonsense', ''])
      expect((await rawExchange(uri, { 'accept-encoding': refusing })).body.equals(plain!.body), refusing).toBe(true);
  });

  it('TSL-04 says nothing about its past', async () => {
    expect((await exchange(`${uri}?time=1700000000`)).status).toBe(501);
  });

  it('is not found under another id, profile or kind', async () => {
    const other = [
      uri.replace(/status-lists\/[^/]+/, `status-lists/${randomUUID()}`),
      uri.replace(/status-lists\/[^/]+/, 'status-lists/x'),
      uri.replace('/sd-jwt/', '/mobile/'),
      uri.replace('/token', '/revocation'),
      uri.replace('/token', '/suspension'),
      uri.replace('status-lists', 'revocation-lists').replace('/token', ''),
    ];
    for (const url of other) expect((await exchange(url)).status, url).toBe(404);
  });

  it('is gone once its publication has expired', async () => {
    const { db, url } = system();
    const { listId } = await credentialOf({ profile: 'sd-jwt', mechanism: 'token-status-list', bits: 1 });
    const at = Date.now() - 10_000;
    const publication = { revision: 0, issuedAt: at, expiresAt: at + 5000, ttlSeconds: 5, forms: { [JWT]: 'a.b.c' } };
    await db.publishedStatusLists.insertOne({ _id: listId, issuerId: 'default', ...publication });
    expect((await exchange(`${url}/v2/credentials/sd-jwt/status-lists/${listId}/token`)).status).toBe(410);
  });

  it('TSL-05 is named in the aggregation', async () => {
    const { json } = await exchange(`${system().url}/v2/credentials/sd-jwt/status-lists/distribution`);
    expect(json.status_lists).toContain(uri);
    expect(json.data).toContainEqual({ status_lists: { uri } });
    const mobile = await exchange(`${system().url}/v2/credentials/mobile/status-lists/distribution`);
    expect(mobile.json.status_lists).not.toContain(uri);
  });
});

describe('the lists of other profiles', () => {
  const entryOf = (bytes: Uint8Array) => (bytes[0]! >> 7) & 1;
  const cwtList = (bytes: Uint8Array) => {
    const { contents } = decode<Tag>(new Uint8Array(bytes));
    const claims = decode<Map<number, unknown>>((contents as Uint8Array[])[2]!);
    return inflateSync((claims.get(65_533) as { lst: Uint8Array }).lst);
  };

  it('mobile: a CWT by default; statuses as MATTR has them, and the list shows at the management API', async () => {
    const { credentialId, listId, base, url } = await credentialOf({
      profile: 'mobile',
      mechanism: 'token-status-list',
      bits: 1,
    });
    const status = `${base}/${credentialId}/status`;
    expect((await api.post(status, { status: 'invalid' })).status).toBe(201);
    const token = `${url}/status-lists/${listId}/token`;
    await expect.poll(async () => (await fetchList(token)).status, { timeout: 5000 }).toBe(200);
    const answer = await fetchList(token);
    expect(answer.headers.get('content-type')).toBe(CWT);
    expect(entryOf(cwtList(answer.bytes))).toBe(1);
    expect((await api.get(`${base}/status-lists/${listId}`)).json).toMatchObject({ id: listId, listSize: 1000 });
    const lists = await api.pages<{ id: string }>(`${base}/status-lists`, { limit: '1' });
    expect(lists.flat().map(({ id }) => id)).toContain(listId);
    expect((await api.get(`${base}/status-lists/${randomUUID()}`)).status).toBe(404);
  });

  it('mobile: purging what is stored does not free the place in the list', async () => {
    const { credentialId, listId, base } = await credentialOf({ profile: 'mobile', mechanism: 'token-status-list', bits: 1 });
    expect((await api.delete(`${base}/${credentialId}`)).status).toBe(204);
    expect((await api.delete(`${base}/${credentialId}`)).status).toBe(404);
    expect((await api.get(`${base}/${credentialId}/status`)).status).toBe(404);
    expect(await system().db.statusEntries.findOne({ _id: `${listId}/7` })).toMatchObject({ status: 0 });
  });

  it('jwt: a bit string of its own for suspensions', async () => {
    const { credentialId, listId, base, url } = await credentialOf({
      profile: 'jwt',
      mechanism: 'bitstring-status-list',
      bits: 2,
    });
    await api.post(`${base}/${credentialId}/status`, { status: 'suspended' });
    await expect
      .poll(async () => (await fetchList(`${url}/status-lists/${listId}/suspension`)).status, { timeout: 5000 })
      .toBe(200);
    for (const purpose of ['revocation', 'suspension']) {
      const list = await fetchList(`${url}/status-lists/${listId}/${purpose}`);
      expect(list.headers.get('content-type')).toBe('application/vc+jwt');
      expect(decodeJwt(list.bytes.toString())).toMatchObject({ credentialSubject: { statusPurpose: purpose } });
    }
  });

  it.each(['compact', 'compact-semantic'] as const)('%s: revoked and taken back, in a CWT', async (profile) => {
    const { credentialId, listId, base, url } = await credentialOf({ profile, mechanism: 'cwt-revocation-list', bits: 1 });
    const entry = async () => {
      const answer = await fetchList(`${url}/revocation-lists/${listId}`);
      return answer.status === 200 ? entryOf(cwtList(answer.bytes)) : undefined;
    };
    for (const isRevoked of [true, false]) {
      expect((await api.post(`${base}/${credentialId}/revocation-status`, { isRevoked })).json).toEqual({ isRevoked });
      expect((await api.get(`${base}/${credentialId}/revocation-status`)).json).toEqual({ isRevoked });
      await expect.poll(entry, { timeout: 5000 }).toBe(isRevoked ? 1 : 0);
    }
    expect((await exchange(`${url}/revocation-lists`)).json.data).toContainEqual({
      id: listId,
      uri: `${url}/revocation-lists/${listId}`,
    });
    expect((await api.delete(`${base}/${credentialId}`)).status).toBe(204);
    await expect.poll(entry, { timeout: 5000 }).toBe(1);
    expect((await api.get(`${base}/${credentialId}/revocation-status`)).status).toBe(404);
  });

  it('web-semantic: listed by tag and type, revoked in a RevocationList2020, deleted', async () => {
    const { credentialId, listId, base, url } = await credentialOf({
      profile: 'web-semantic',
      mechanism: 'revocation-list-2020',
      bits: 1,
    });
    expect((await api.post(`${base}/${credentialId}/revocation-status`, { isRevoked: true })).status).toBe(200);
    const view = { id: credentialId, tag: credentialId, type: `urn:test:${credentialId}`, isRevoked: true };
    for (const query of [{ tag: credentialId }, { type: view.type }])
      expect((await api.pages(base, query)).flat()).toEqual([expect.objectContaining(view)]);
    expect((await api.pages(base, { tag: 'nobody has it' })).flat()).toEqual([]);
    expect((await api.pages<{ id: string }>(base, { limit: '1' })).flat().map(({ id }) => id)).toContain(credentialId);
    expect((await api.get(`${base}/${credentialId}`)).json).toMatchObject(view);
    const list = `${url}/revocation-lists/${listId}`;
    await expect.poll(async () => (await fetchList(list)).status, { timeout: 5000 }).toBe(200);
    const credential = JSON.parse((await fetchList(list)).bytes.toString()) as {
      credentialSubject: { encodedList: string };
      proof: object;
    };
    expect(credential.proof).toMatchObject({ type: 'Ed25519Signature2018' });
    expect(inflateSync(Buffer.from(credential.credentialSubject.encodedList, 'base64'))[0]).toBe(0x01);
    expect((await api.delete(`${base}/${credentialId}`)).status).toBe(204);
    expect((await api.get(`${base}/${credentialId}`)).status).toBe(404);
  });
});
