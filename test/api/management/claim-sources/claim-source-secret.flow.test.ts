import { randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { openEnvelope } from '../../../../keys/envelope.js';
import { ringOf } from '../../../flows/issuer-secrets.js';
import { useSharedSystem } from '../../../harness/use-system.js';
import { faultsOf, ManagementClient } from '../management-client.js';

const PATH = '/v1/claim-sources';

const system = useSharedSystem();
let api: ManagementClient;

beforeAll(async () => {
  api = await ManagementClient.admin(system());
});

const newSecret = () => randomBytes(24).toString('base64url');

const withKey = (value: string, url = 'https://claims.example/a') => ({
  name: 'a',
  url,
  requestParameters: {},
  authorization: { type: 'api-key', value },
});
const withClient = (clientSecret: string, tokenEndpoint = 'https://login.example/token', url = 'https://claims.example/a') => ({
  name: 'a',
  url,
  requestParameters: {},
  authorization: { type: 'oauth-client-credentials', tokenEndpoint, clientId: 'chancery', clientSecret },
});

/** The secret as the claims source will be sent it. */
async function storedSecret(id: string): Promise<unknown> {
  const source = await system().db.claimSources.findOne({ _id: id });
  if (source === null) throw new Error('there is no such source');
  const { authorization } = source;
  const envelope = authorization.type === 'api-key' ? authorization.value : authorization.clientSecret;
  return openEnvelope({ ring: ringOf(system()), envelope, context: id });
}

describe('the secret of a claims source', () => {
  it.each([
    ['an API key', withKey, 'value'],
    ['a client secret', withClient, 'clientSecret'],
  ] as const)('%s is in no answer, no event, and the database holds it sealed', async (_what, body, member) => {
    const secret = newSecret();
    const created = await api.post(PATH, body(secret));
    const { id, authorization } = created.json as { id: string; authorization: Record<string, string> };
    expect(authorization[member]).toBe(`****${secret.slice(-5)}`);
    const answers = [created, await api.get(`${PATH}/${id}`), await api.put(`${PATH}/${id}`, body(secret))];
    const list = JSON.stringify(await api.pages(PATH, { limit: '1000' }));
    const events = await api.get('/v1/events?categories=CLAIM_SOURCE&limit=1000');
    for (const text of [...answers.map((answer) => answer.text), list, events.text]) expect(text).not.toContain(secret);
    const stored = await system().db.claimSources.findOne({ _id: id });
    expect(JSON.stringify(stored)).not.toContain(secret);
    expect(await storedSecret(id)).toBe(secret);
  });

  it('shows nothing of a secret that is too short to show five characters of', async () => {
    expect((await api.create(PATH, withKey('short-secret'))).authorization).toEqual({ type: 'api-key', value: '****' });
  });

  it('is replaced by a PUT that gives another', async () => {
    const { id } = await api.create(PATH, withKey(newSecret()));
    const secret = newSecret();
    const replaced = await api.put(`${PATH}/${id}`, withKey(secret));
    expect(replaced.json.authorization).toEqual({ type: 'api-key', value: `****${secret.slice(-5)}` });
    expect(await storedSecret(id)).toBe(secret);
  });

  it('is kept by a PUT that writes the masked form back', async () => {
    const [key, clientSecret] = [newSecret(), newSecret()];
    const first = await api.create(PATH, withKey(key));
    expect((await api.put(`${PATH}/${first.id}`, { ...first, name: 'renamed' })).json.name).toBe('renamed');
    expect(await storedSecret(first.id)).toBe(key);
    const second = await api.create(PATH, withClient(clientSecret));
    expect((await api.put(`${PATH}/${second.id}`, { ...second, url: 'https://claims.example/other' })).status).toBe(200);
    expect(await storedSecret(second.id)).toBe(clientSecret);
  });

  it('is not sent to another host by a PUT that writes the masked form back', async () => {
    const key = newSecret();
    const first = await api.create(PATH, withKey(key));
    const masked = `****${key.slice(-5)}`;
    expect(faultsOf(await api.put(`${PATH}/${first.id}`, withKey(masked, 'https://attacker.example/a')))).toEqual([
      'body authorization.value: must be given in full, since it would now go to another host',
    ]);
    const clientSecret = newSecret();
    const second = await api.create(PATH, withClient(clientSecret));
    const maskedSecret = `****${clientSecret.slice(-5)}`;
    expect(faultsOf(await api.put(`${PATH}/${second.id}`, withClient(maskedSecret, 'https://attacker.example/token')))).toEqual([
      'body authorization.clientSecret: must be given in full, since it would now go to another host',
    ]);
    expect([await storedSecret(first.id), await storedSecret(second.id)]).toEqual([key, clientSecret]);
  });

  it('does not bring the tokens it buys to another host either', async () => {
    const clientSecret = newSecret();
    const { id } = await api.create(PATH, withClient(clientSecret));
    const moved = withClient(`****${clientSecret.slice(-5)}`, 'https://login.example/token', 'https://attacker.example/a');
    expect(faultsOf(await api.put(`${PATH}/${id}`, moved))).toEqual([
      'body authorization.clientSecret: must be given in full, since it would now go to another host',
    ]);
  });

  it('in masked form stands for no other secret', async () => {
    const key = newSecret();
    const { id } = await api.create(PATH, withKey(key));
    const fault = 'is the masked form of a secret that this source does not have; give the secret itself';
    expect(faultsOf(await api.post(PATH, withKey('****61m1J')))).toEqual([`body authorization.value: ${fault}`]);
    expect(faultsOf(await api.put(`${PATH}/${id}`, withKey('****wrong')))).toEqual([`body authorization.value: ${fault}`]);
    expect(faultsOf(await api.put(`${PATH}/${id}`, withClient(`****${key.slice(-5)}`)))).toEqual([
      `body authorization.clientSecret: ${fault}`,
    ]);
  });

  it('is asked for: a PUT without it is refused', async () => {
    const { id } = await api.create(PATH, withKey(newSecret()));
    const { authorization: _left, ...rest } = withKey('x');
    expect(faultsOf(await api.put(`${PATH}/${id}`, rest))).toEqual([expect.stringMatching(/^body authorization/)]);
    expect(faultsOf(await api.put(`${PATH}/${id}`, { ...rest, authorization: { type: 'api-key' } }))).toEqual([
      'body authorization.value: is required',
    ]);
  });
});
