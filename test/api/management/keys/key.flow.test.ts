import { beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_ISSUER_ID } from '../../../../store/issuer-directory.js';
import { ROTATED_PURPOSES } from '../../../../store/key-rotation.js';
import { exchange } from '../../../flows/http-exchange.js';
import { useSharedSystem } from '../../../harness/use-system.js';
import { OpenApiDescription } from '../../http/openapi-description.js';
import { ManagementClient, placesOf } from '../management-client.js';

const PATH = '/v1/keys';

interface Listed {
  readonly keyId: string;
  readonly purpose: string;
  readonly state: string;
  readonly generation: number;
}

const system = useSharedSystem();
let api: ManagementClient;
let description: OpenApiDescription;

beforeAll(async () => {
  api = await ManagementClient.admin(system());
  description = new OpenApiDescription((await exchange(`${system().url}/openapi.json`)).json);
});

async function call(method: string, path: string) {
  const answer = await api.call(method, path);
  expect(description.faultsOfAnswer(method, path, answer), answer.text.slice(0, 300)).toEqual([]);
  return answer;
}

const list = async (query = {}) => (await api.pages<Listed>(PATH, query)).flat();
const rotate = async (purpose: string) => ((await call('POST', `${PATH}/${purpose}/rotate`)).json as { data: Listed[] }).data;
const inState = (keys: readonly Listed[], state: string) => keys.filter((key) => key.state === state);

describe('GET /v1/keys', () => {
  it('lists the public facts of the keys that are rotated, of no others, and nothing secret', async () => {
    await api.post('/v1/dids', { method: 'key' });
    const keys = await list();
    expect(new Set(keys.map(({ purpose }) => purpose))).toEqual(new Set(ROTATED_PURPOSES));
    for (const purpose of ROTATED_PURPOSES) {
      const [active] = inState(keys, 'active').filter((key) => key.purpose === purpose);
      const stored = await system().db.signingKeys.findOne({ keyId: active!.keyId });
      const hasCertificate = stored!.certificateChain.length > 0;
      expect(active).toEqual({
        keyId: stored!.keyId,
        purpose,
        generation: stored!.generation,
        state: 'active',
        algorithm: purpose === 'assertion-eddsa' ? 'EdDSA' : 'ES256',
        store: 'local',
        createdAt: stored!.createdAt.toISOString(),
        ...(hasCertificate ? { certificateNotAfter: expect.any(String) as string } : {}),
      });
    }
    expect((await call('GET', PATH)).text).not.toMatch(/privateKey|wrapped|"data":"|kek/);
  });

  it('pages', async () => {
    const all = (await list()).map(({ keyId }) => keyId);
    expect((await list({ limit: '2' })).map(({ keyId }) => keyId)).toEqual(all);
    expect(placesOf(await call('GET', `${PATH}?limit=0`))).toEqual(['query limit']);
  });
});

describe('POST /v1/keys/{purpose}/rotate', () => {
  it.each(ROTATED_PURPOSES)('publishes the next %s key, once, and takes it into use when its time has come', async (purpose) => {
    const { db } = system();
    const before = inState(
      (await list()).filter((key) => key.purpose === purpose),
      'active',
    )[0]!;
    const [next, ...others] = await rotate(purpose);
    expect(next).toMatchObject({ purpose, state: 'published', generation: before.generation + 1 });
    expect(inState(others, 'active')).toMatchObject([{ keyId: before.keyId }]);
    expect((await rotate(purpose))[0]).toEqual(next);
    await db.signingKeys.updateOne({ keyId: next!.keyId }, { $set: { createdAt: new Date(Date.now() - 2 * 86_400_000) } });
    const after = await rotate(purpose);
    expect(inState(after, 'active')).toMatchObject([{ keyId: next!.keyId }]);
    const retired = after.find(({ keyId }) => keyId === before.keyId)!;
    expect(retired).toMatchObject({ state: 'retired', retiredAt: expect.any(String) as string });
    expect(retired).not.toHaveProperty('store');
    const stored = await db.signingKeys.find({ issuerId: DEFAULT_ISSUER_ID, keyId: before.keyId }).toArray();
    expect(stored).toMatchObject([{ state: 'retired' }]);
    expect(stored[0]).not.toHaveProperty('privateKey');
  });

  it.each(['did', 'iaca', 'document-signer', 'nothing', '$ne'])('answers 404 for %s', async (purpose) => {
    expect((await call('POST', `${PATH}/${encodeURIComponent(purpose)}/rotate`)).status).toBe(404);
  });

  it('is for admins, and in the event log', async () => {
    const issuer = await ManagementClient.withRoles(system(), 'issuer', 'managed-issuer', 'auditor');
    expect((await issuer.get(PATH)).status).toBe(403);
    expect((await issuer.call('POST', `${PATH}/access-token/rotate`)).status).toBe(403);
    const admin = await ManagementClient.withRoles(system(), 'admin');
    await admin.get(PATH);
    await admin.call('POST', `${PATH}/nothing/rotate`);
    const types = async () =>
      ((await api.get(`/v1/events?clientIds=${admin.clientId}`)).json as { data: { type: string }[] }).data.map(
        ({ type }) => type,
      );
    await expect
      .poll(types, { timeout: 10_000 })
      .toEqual(expect.arrayContaining(['KEY_RETRIEVE_LIST_SUCCESS', 'KEY_ROTATE_FAIL']));
  });
});
