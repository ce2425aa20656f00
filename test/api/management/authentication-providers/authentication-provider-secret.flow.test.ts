import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openEnvelope } from '../../../../keys/envelope.js';
import { ringOf } from '../../../flows/issuer-secrets.js';
import { useOwnProcesses } from '../../../harness/use-system.js';
import { faultsOf, ManagementClient } from '../management-client.js';
import { startDiscoveryServer, type DiscoveryServer } from './discovery-server.js';

const PATH = '/v1/users/authentication-providers';

const system = useOwnProcesses({ env: { OUTBOUND_ALLOWED_HOSTS: 'localhost' } });
let api: ManagementClient;
let others: DiscoveryServer;
let elsewhere: DiscoveryServer;

beforeAll(async () => {
  [api, others, elsewhere] = await Promise.all([
    ManagementClient.admin(system()),
    startDiscoveryServer(),
    startDiscoveryServer(),
  ]);
});
afterAll(() => Promise.all([others.stop(), elsewhere.stop()]));

const newSecret = () => randomBytes(24).toString('base64url');
const masked = (secret: string) => `****${secret.slice(-5)}`;
const withSecret = (clientSecret: string, url = others.provider()) => ({ url, clientId: 'chancery', clientSecret });

/** The secret as the provider will be sent it. */
async function storedSecret(id: string): Promise<unknown> {
  const provider = await system().db.authenticationProviders.findOne({ _id: id });
  if (provider?.clientSecret === undefined) throw new Error('there is no such secret');
  return openEnvelope({ ring: ringOf(system()), envelope: provider.clientSecret, context: id });
}

describe('the secret of an authentication provider', () => {
  it('is in no answer, no event, no log, and the database holds it sealed', async () => {
    const secret = newSecret();
    const created = await api.post(PATH, withSecret(secret));
    const { id, clientSecret } = created.json as { id: string; clientSecret: string };
    expect(clientSecret).toBe(masked(secret));
    const answers = [created, await api.get(`${PATH}/${id}`), await api.put(`${PATH}/${id}`, withSecret(secret))];
    const list = JSON.stringify(await api.pages(PATH, { limit: '1000' }));
    const events = await api.get('/v1/events?categories=USER&limit=1000');
    expect(events.text).toContain(id);
    const stored = JSON.stringify(await system().db.authenticationProviders.findOne({ _id: id }));
    const texts = [...answers.map((answer) => answer.text), list, events.text, stored, system().logs()];
    for (const text of texts) expect(text).not.toContain(secret);
    expect(await storedSecret(id)).toBe(secret);
  });

  it('shows nothing of a secret that is too short to show five characters of', async () => {
    expect((await api.create(PATH, withSecret('short-secret'))).clientSecret).toBe('****');
  });

  it('is replaced by a PUT that gives another', async () => {
    const { id } = await api.create(PATH, withSecret(newSecret()));
    const secret = newSecret();
    expect((await api.put(`${PATH}/${id}`, withSecret(secret))).json.clientSecret).toBe(masked(secret));
    expect(await storedSecret(id)).toBe(secret);
  });

  it('is kept by a PUT that writes the masked form back, for another path of the same host as well', async () => {
    const secret = newSecret();
    const created = await api.create(PATH, withSecret(secret));
    expect((await api.put(`${PATH}/${created.id}`, { ...created, clientId: 'renamed' })).json.clientId).toBe('renamed');
    expect((await api.put(`${PATH}/${created.id}`, { ...created, url: others.provider() })).status).toBe(200);
    expect(await storedSecret(created.id)).toBe(secret);
  });

  it('is not sent to another host by a PUT that writes the masked form back', async () => {
    const secret = newSecret();
    const { id } = await api.create(PATH, withSecret(secret));
    const url = elsewhere.provider();
    expect(faultsOf(await api.put(`${PATH}/${id}`, withSecret(masked(secret), url)))).toEqual([
      'body clientSecret: must be given in full, since it would now go to another host',
    ]);
    expect(elsewhere.requests).toEqual([]);
    expect((await api.put(`${PATH}/${id}`, withSecret(secret, url))).status).toBe(200);
    expect(await storedSecret(id)).toBe(secret);
  });

  it('in masked form stands for no other secret', async () => {
    const { id } = await api.create(PATH, withSecret(newSecret()));
    const fault = 'body clientSecret: is the masked form of a secret that this provider does not have; give the secret itself';
    expect(faultsOf(await api.post(PATH, withSecret('****61m1J')))).toEqual([fault]);
    expect(faultsOf(await api.put(`${PATH}/${id}`, withSecret('****wrong')))).toEqual([fault]);
  });

  it('is gone once the client has none', async () => {
    const { clientSecret: given, ...body } = withSecret(newSecret());
    const { id } = await api.create(PATH, { ...body, clientSecret: given });
    expect((await api.put(`${PATH}/${id}`, { ...body, tokenEndpointAuthMethod: 'none' })).status).toBe(200);
    const stored = await system().db.authenticationProviders.findOne({ _id: id });
    expect(stored).not.toHaveProperty('clientSecret');
    expect(stored).not.toHaveProperty('maskedSecret');
    expect(faultsOf(await api.put(`${PATH}/${id}`, { ...body, clientSecret: masked(given) }))).toEqual([
      'body clientSecret: is the masked form of a secret that this provider does not have; give the secret itself',
    ]);
  });
});
