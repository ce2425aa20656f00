import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_ISSUER_ID, IssuerDirectory } from '../../../../store/issuer-directory.js';
import { newKeyPair } from '../../../flows/signed-jwt.js';
import { useSharedSystem } from '../../../harness/use-system.js';
import { faultsOf, ManagementClient, placesOf } from '../management-client.js';

const PATH = '/v1/oauth/clients';
const PRE_AUTHORIZED = 'urn:ietf:params:oauth:grant-type:pre-authorized_code';

const system = useSharedSystem();
let api: ManagementClient;

beforeAll(async () => {
  api = await ManagementClient.admin(system());
});

const SMALLEST = { name: 'Wallet', redirectUris: ['https://wallet.example/callback'] };
const [P256, P384, ED25519] = [newKeyPair('ES256').publicJwk, newKeyPair('ES384').publicJwk, newKeyPair('EdDSA').publicJwk];
const largest = () => ({
  clientId: `wallet ${randomUUID()}/~`,
  name: 'Wallet',
  redirectUris: ['https://wallet.example/callback', 'http://localhost/callback', 'com.example.wallet:/callback'],
  tokenEndpointAuthMethod: 'private_key_jwt',
  jwks: {
    keys: [
      { ...P256, kid: '1', alg: 'ES256', use: 'sig' },
      { ...P384, kid: '2', alg: 'ES384', use: 'sig' },
      { ...ED25519, kid: '3', alg: 'EdDSA', use: 'sig' },
    ],
  },
  grantTypes: ['authorization_code', PRE_AUTHORIZED, 'refresh_token'],
});

describe('a registered wallet', () => {
  it('is created with 201, a client_id made for it, and read back', async () => {
    const created = await api.post(PATH, SMALLEST);
    expect(created.status).toBe(201);
    expect(created.json).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      clientId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      ...SMALLEST,
      tokenEndpointAuthMethod: 'none',
      grantTypes: ['authorization_code', 'refresh_token'],
    });
    expect(created.json.clientId).not.toBe(created.json.id);
    expect((await api.get(`${PATH}/${created.json.id as string}`)).text).toBe(created.text);
  });

  it('keeps every member it may have; of its keys what makes them up', async () => {
    const body = largest();
    const given = {
      ...body,
      jwks: { keys: body.jwks.keys.map((key) => ({ ...key, x5u: 'https://a.example', key_ops: ['verify'] })) },
    };
    const created = await api.create(PATH, given);
    expect(created).toEqual({ id: created.id, ...body });
    expect((await api.get(`${PATH}/${created.id}`)).json).toEqual(created);
  });

  it('may have a client_id of 512 characters, and no redirect URI where it needs none', async () => {
    const clientId = randomUUID().padEnd(512, '~');
    const created = await api.create(PATH, { clientId, name: 'a', grantTypes: [PRE_AUTHORIZED] });
    expect(created).toMatchObject({ clientId, redirectUris: [], grantTypes: [PRE_AUTHORIZED] });
    expect((await api.get(`${PATH}/${created.id}`)).json).toEqual(created);
  });

  it('is the only one of its client_id: 409 for a second', async () => {
    const { id, clientId } = await api.create(PATH, SMALLEST);
    const second = await api.post(PATH, { ...SMALLEST, clientId, name: 'other' });
    expect([second.status, second.json]).toEqual([409, { code: 'Conflict', message: 'Another client has this clientId' }]);
    expect((await api.get(`${PATH}/${id}`)).json.name).toBe('Wallet');
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => api.post(PATH, { ...SMALLEST, clientId: `of five ${id}` })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409]);
  });

  it('is replaced in full by PUT, also by what was read', async () => {
    const created = await api.create(PATH, largest());
    expect((await api.put(`${PATH}/${created.id}`, { ...created, name: 'renamed' })).json).toEqual({
      ...created,
      name: 'renamed',
    });
    const replaced = await api.put(`${PATH}/${created.id}`, SMALLEST);
    expect([replaced.status, replaced.json]).toEqual([
      200,
      {
        id: created.id,
        clientId: created.clientId,
        ...SMALLEST,
        tokenEndpointAuthMethod: 'none',
        grantTypes: ['authorization_code', 'refresh_token'],
      },
    ]);
    expect((await api.get(`${PATH}/${created.id}`)).text).toBe(replaced.text);
  });

  it('keeps its client_id for good', async () => {
    const { id, clientId } = await api.create(PATH, SMALLEST);
    expect(faultsOf(await api.put(`${PATH}/${id}`, { ...SMALLEST, clientId: randomUUID() }))).toEqual([
      'body clientId: cannot be changed; register the wallet as another client',
    ]);
    expect((await api.get(`${PATH}/${id}`)).json.clientId).toBe(clientId);
  });

  it('is deleted with 204 and then not there; its client_id may be used again', async () => {
    const { id, clientId } = await api.create(PATH, SMALLEST);
    const deleted = await api.delete(`${PATH}/${id}`);
    expect([deleted.status, deleted.text]).toEqual([204, '']);
    const again = await api.create(PATH, { ...SMALLEST, clientId });
    expect(again.id).not.toBe(id);
    for (const missing of [id, randomUUID(), clientId as string, 'none', '$ne']) {
      for (const answer of [
        await api.get(`${PATH}/${missing}`),
        await api.put(`${PATH}/${missing}`, SMALLEST),
        await api.delete(`${PATH}/${missing}`),
      ]) {
        expect([answer.status, answer.json.code]).toEqual([404, 'NotFound']);
      }
    }
    expect((await api.get(`${PATH}/${again.id}`)).status).toBe(200);
  });

  it("is in the issuer's snapshot from then on, as it is at the time", async () => {
    const directory = new IssuerDirectory(system());
    const revision = async () => (await system().db.issuers.findOne({ _id: DEFAULT_ISSUER_ID }))!.revision;
    const current = async (clientId: unknown) =>
      (await directory.get(DEFAULT_ISSUER_ID, await revision())).walletClients.get(String(clientId));
    const { id, clientId } = await api.create(PATH, SMALLEST);
    expect(await current(clientId)).toMatchObject({ recordId: id, name: 'Wallet' });
    await api.put(`${PATH}/${id}`, { ...SMALLEST, name: 'renamed' });
    expect(await current(clientId)).toMatchObject({ recordId: id, name: 'renamed' });
    await api.delete(`${PATH}/${id}`);
    expect(await current(clientId)).toBeUndefined();
  });
});

describe('the list of registered wallets', () => {
  it('is oldest first, and pages by limit and cursor however long client_ids are', async () => {
    const ids: string[] = [];
    for (let index = 0; index < 3; index += 1)
      ids.push((await api.create(PATH, { ...SMALLEST, clientId: randomUUID().padEnd(512, 'x') })).id);
    const pages = await api.pages<{ id: string }>(PATH, { limit: '2' });
    expect(pages.slice(0, -1).every((page) => page.length === 2)).toBe(true);
    const listed = pages.flat().map(({ id }) => id);
    expect(listed.filter((id) => ids.includes(id))).toEqual(ids);
    expect(new Set(listed).size).toBe(listed.length);
  });

  it('has no two in one place where they were made at the same moment', async () => {
    const ids: string[] = [randomUUID(), randomUUID(), randomUUID()].sort();
    const createdAt = new Date('2020-01-01T00:00:00Z');
    const { id } = await api.create(PATH, SMALLEST);
    const like = (await system().db.walletClients.findOne({ recordId: id }))!;
    // Their client_ids are in another order than their ids.
    for (const [index, recordId] of ids.entries()) {
      const clientId = `${9 - index}-${recordId}`;
      await system().db.walletClients.insertOne({
        ...like,
        _id: `${DEFAULT_ISSUER_ID}/${clientId}`,
        clientId,
        recordId,
        createdAt,
      });
    }
    const listed = (await api.pages<{ id: string }>(PATH, { limit: '1' })).flat().map(({ id }) => id);
    expect(listed.filter((id) => ids.includes(id))).toEqual(ids);
  });

  it.each(['limit=0', 'limit=1001', 'cursor=nonsense'])('refuses %s', async (query) => {
    expect(placesOf(await api.get(`${PATH}?${query}`))).toEqual([`query ${query.split('=')[0] ?? ''}`]);
  });
});
