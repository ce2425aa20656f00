import { beforeAll, describe, expect, it } from 'vitest';
import { isClientSecret } from '../../../../store/client-secret.js';
import { newKeyPair } from '../../../flows/signed-jwt.js';
import { useSharedSystem } from '../../../harness/use-system.js';
import { ManagementClient, placesOf } from '../management-client.js';

const PATH = '/v1/oauth/clients';

const system = useSharedSystem();
let api: ManagementClient;

beforeAll(async () => {
  api = await ManagementClient.admin(system());
});

const PUBLIC = { name: 'Wallet', redirectUris: ['https://wallet.example/callback'] };
const CONFIDENTIAL = { ...PUBLIC, tokenEndpointAuthMethod: 'client_secret_basic' };
const KEYED = {
  ...PUBLIC,
  tokenEndpointAuthMethod: 'private_key_jwt',
  jwks: { keys: [{ ...newKeyPair().publicJwk, kid: 'a' }] },
};

const secretOf = ({ json }: { json: Readonly<Record<string, unknown>> }) => String(json.clientSecret);
const stored = async (id: string) => (await system().db.walletClients.findOne({ recordId: id }))!;
/** Whether the wallet authenticates with the secret. */
const isSecretOf = async (id: string, secret: string) => isClientSecret(secret, (await stored(id)).secretHash ?? '');

describe('the secret of a registered wallet', () => {
  it('is made by the server, answered once, and stored as a hash only', async () => {
    const created = await api.post(PATH, CONFIDENTIAL);
    const { id } = created.json as { id: string };
    const secret = secretOf(created);
    expect(Buffer.from(secret, 'base64url')).toHaveLength(32);
    expect(created.headers.get('cache-control')).toBe('no-store');
    expect(await isSecretOf(id, secret)).toBe(true);
    const answers = [await api.get(`${PATH}/${id}`), await api.put(`${PATH}/${id}`, CONFIDENTIAL)];
    const events = await api.get('/v1/events?categories=OAUTH&limit=1000');
    const list = JSON.stringify(await api.pages(PATH, { limit: '1000' }));
    for (const text of [...answers.map((answer) => answer.text), list, events.text]) {
      expect(text).not.toContain(secret);
      expect(text).not.toMatch(/clientSecret|secretHash/);
    }
    expect(JSON.stringify(await stored(id))).not.toContain(secret);
  });

  it('is there for client_secret_basic only', async () => {
    for (const body of [PUBLIC, KEYED]) {
      const created = await api.post(PATH, body);
      expect(created.json).not.toHaveProperty('clientSecret');
      expect(await stored(String(created.json.id))).not.toHaveProperty('secretHash');
    }
  });

  it('is kept by a PUT that does not ask for another', async () => {
    const created = await api.post(PATH, CONFIDENTIAL);
    const id = String(created.json.id);
    expect((await api.put(`${PATH}/${id}`, { ...CONFIDENTIAL, name: 'renamed', rotateSecret: false })).json.name).toBe('renamed');
    expect(await isSecretOf(id, secretOf(created))).toBe(true);
  });

  it('is another after a PUT that asks for it; the old one ends', async () => {
    const created = await api.post(PATH, CONFIDENTIAL);
    const id = String(created.json.id);
    const rotated = await api.put(`${PATH}/${id}`, { ...CONFIDENTIAL, rotateSecret: true });
    expect(rotated.status).toBe(200);
    expect(secretOf(rotated)).not.toBe(secretOf(created));
    expect([await isSecretOf(id, secretOf(created)), await isSecretOf(id, secretOf(rotated))]).toEqual([false, true]);
  });

  it('comes with the change to client_secret_basic, and goes with the change to another way', async () => {
    const { id } = await api.create(PATH, PUBLIC);
    const first = await api.put(`${PATH}/${id}`, CONFIDENTIAL);
    expect(await isSecretOf(id, secretOf(first))).toBe(true);
    for (const body of [PUBLIC, KEYED]) {
      expect((await api.put(`${PATH}/${id}`, body)).json).not.toHaveProperty('clientSecret');
      expect(await stored(id)).not.toHaveProperty('secretHash');
    }
    const second = await api.put(`${PATH}/${id}`, CONFIDENTIAL);
    expect(await stored(id)).not.toHaveProperty('jwks');
    expect([await isSecretOf(id, secretOf(first)), await isSecretOf(id, secretOf(second))]).toEqual([false, true]);
  });

  it.each([PUBLIC, KEYED])('cannot be changed where there is none', async (body) => {
    const { id } = await api.create(PATH, PUBLIC);
    expect(placesOf(await api.put(`${PATH}/${id}`, { ...body, rotateSecret: true }))).toEqual(['body rotateSecret']);
  });

  it('is one that was answered, whatever other PUTs come at the same time', async () => {
    const { id } = await api.create(PATH, CONFIDENTIAL);
    const plain = () => api.put(`${PATH}/${id}`, { ...CONFIDENTIAL, name: 'other' });
    const answers = await Promise.all([
      plain(),
      api.put(`${PATH}/${id}`, { ...CONFIDENTIAL, rotateSecret: true }),
      plain(),
      plain(),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(await isSecretOf(id, secretOf(answers[1]))).toBe(true);
  });
});
