import { randomBytes, randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { IssuerBackend } from '../../../flows/issuer-backend.js';
import { exchange } from '../../../flows/http-exchange.js';
import { useOwnSystem } from '../../../harness/use-system.js';
import { ManagementClient, send } from '../management-client.js';

const PATH = '/v1/openid/offers';

const system = useOwnSystem();
let api: ManagementClient;
let configurationId: string;

beforeAll(async () => {
  api = await ManagementClient.admin(system());
  configurationId = await (await IssuerBackend.login(system())).configuration();
});

const body = () => ({ credentials: [configurationId], credentialOfferMode: 'reference' });
const stateOf = async (id: string) => (await api.get(`${PATH}/${id}`)).json.state;
const workflowOf = (id: string) => system().temporal.workflow.getHandle(`offer:default:${id}`);

/** What a process leaves that dies between storing an offer and starting its workflow. */
async function leftBehind(): Promise<string> {
  const _id = randomBytes(16).toString('base64url');
  await system().db.offers.insertOne({
    _id,
    issuerId: 'default',
    configurationIds: [configurationId],
    state: 'active',
    correlationId: 'x',
    createdAt: new Date(),
  });
  return _id;
}

describe('an API process that dies between storing an offer and starting its workflow', () => {
  it('leaves what a repeat with the same Idempotency-Key brings to its end', async () => {
    const dying = await system().startAnotherApi({ FAULT_POINT: 'create-reusable-offer.stored' });
    const headers = { authorization: `Bearer ${api.token}`, 'idempotency-key': randomUUID() };
    await expect(send(`${dying.url}${PATH}`, 'POST', { body: body(), headers })).rejects.toThrow();
    const [record] = await system()
      .db.offers.find({ requestFingerprint: { $exists: true } })
      .toArray();
    const id = record?._id ?? '';
    await expect(workflowOf(id).describe()).rejects.toThrow();
    const repeated = await send(`${system().url}${PATH}`, 'POST', { body: body(), headers });
    expect([repeated.status, repeated.json.id]).toEqual([200, id]);
    expect((await workflowOf(id).describe()).status.name).toBe('RUNNING');
  });

  it.each(['pause', 'resume'])('leaves an offer whose workflow a %s starts first', async (action) => {
    const id = await leftBehind();
    expect(await stateOf(id)).toBe('active');
    expect((await api.post(`${PATH}/${id}/${action}`, undefined)).status).toBe(200);
    expect((await workflowOf(id).describe()).status.name).toBe('RUNNING');
  });

  it('leaves an offer that can be revoked', async () => {
    const id = await leftBehind();
    expect((await api.delete(`${PATH}/${id}`)).status).toBe(204);
    expect(await workflowOf(id).result()).toEqual({ state: 'revoked' });
  });
});

describe('while no worker runs', () => {
  it('offers are made; a pause answers 503; a revocation holds at once, and is done when a worker is back', async () => {
    const made = await api.create(PATH, body());
    await system().worker.kill('SIGKILL');
    const { id: second } = await api.create(PATH, body());
    const away = await api.post(`${PATH}/${second}/pause`, undefined);
    expect([away.status, away.headers.get('retry-after')]).toEqual([503, expect.stringMatching(/^[0-9]+$/)]);
    expect(await stateOf(second)).toBe('active');

    const reference = new URL(String(made.uri)).searchParams.get('credential_offer_uri') ?? '';
    expect((await exchange(reference)).status).toBe(200);
    expect((await api.delete(`${PATH}/${made.id}`)).status).toBe(204);
    expect(await stateOf(made.id)).toBe('revoked');
    expect((await exchange(reference)).status).toBe(404);
    expect((await api.delete(`${PATH}/${made.id}`)).status).toBe(404);

    await system().worker.start();
    expect(await workflowOf(made.id).result()).toEqual({ state: 'revoked' });
    expect((await api.post(`${PATH}/${second}/pause`, undefined)).json.state).toBe('paused');
  });
});

describe('while Temporal is away', () => {
  it('everything that needs it answers 503 and may be repeated; offers are read and given out', async () => {
    const { id, uri } = await api.create(PATH, body());
    const headers = { 'idempotency-key': randomUUID() };
    await system().temporalServer.kill('SIGKILL');
    for (const answer of [
      await api.post(PATH, body(), headers),
      await api.post(`${PATH}/${id}/pause`, undefined),
      await api.delete(`${PATH}/${id}`),
    ])
      expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, expect.stringMatching(/^[0-9]+$/)]);
    expect(await stateOf(id)).toBe('active');
    expect((await exchange(new URL(String(uri)).searchParams.get('credential_offer_uri') ?? '')).status).toBe(200);

    await system().temporalServer.start();
    await expect.poll(async () => (await api.post(PATH, body(), headers)).status, { timeout: 30_000 }).toBe(200);
    await expect.poll(async () => (await api.delete(`${PATH}/${id}`)).status, { timeout: 30_000 }).toBe(204);
  });
});
