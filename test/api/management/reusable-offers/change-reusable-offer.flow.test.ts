import { beforeAll, describe, expect, it } from 'vitest';
import { pauseOffer } from '../../../../workflows/offer-messages.js';
import { exchange } from '../../../flows/http-exchange.js';
import { IssuerBackend } from '../../../flows/issuer-backend.js';
import { useSharedSystem } from '../../../harness/use-system.js';
import { ManagementClient } from '../management-client.js';

const PATH = '/v1/openid/offers';

const system = useSharedSystem();
let api: ManagementClient;
let configurationId: string;

beforeAll(async () => {
  api = await ManagementClient.admin(system());
  configurationId = await (await IssuerBackend.login(system())).configuration();
});

const create = async (more: Readonly<Record<string, unknown>> = {}) => {
  const { id, uri } = await api.create(PATH, { credentials: [configurationId], credentialOfferMode: 'reference', ...more });
  return { id, reference: new URL(String(uri)).searchParams.get('credential_offer_uri') ?? '' };
};
const change = (id: string, action: 'pause' | 'resume') => api.post(`${PATH}/${id}/${action}`, undefined);
const stateOf = async (id: string) => (await api.get(`${PATH}/${id}`)).json.state;
const statusOf = async (url: string) => (await exchange(url)).status;
const workflowOf = (id: string) => system().temporal.workflow.getHandle(`offer:default:${id}`);

describe('pausing and resuming an offer', () => {
  it('is answered with the offer in its new state; wallets can still read it', async () => {
    const { id, reference } = await create();
    for (const [action, state] of [
      ['pause', 'paused'],
      ['pause', 'paused'],
      ['resume', 'active'],
      ['resume', 'active'],
    ] as const) {
      const answer = await change(id, action);
      expect([answer.status, answer.json]).toEqual([200, (await api.get(`${PATH}/${id}`)).json]);
      expect(answer.json.state).toBe(state);
      expect(await statusOf(reference)).toBe(200);
    }
  });

  it('is refused with 409 for one that is revoked or expired', async () => {
    const [revoked, expired] = [await create(), await create({ expiresIn: { seconds: 1 } })];
    expect((await api.delete(`${PATH}/${revoked.id}`)).status).toBe(204);
    await expect.poll(() => stateOf(expired.id)).toBe('expired');
    for (const { id } of [revoked, expired])
      for (const action of ['pause', 'resume'] as const) {
        const refused = await change(id, action);
        expect([refused.status, refused.json]).toEqual([409, { code: 'Conflict', message: 'The offer is revoked or expired' }]);
      }
  });

  it('many times over goes on in a new run, in the state it had', async () => {
    const { id } = await create();
    const workflow = workflowOf(id);
    const { runId } = await workflow.describe();
    for (let rounds = 0; rounds < 300; rounds += 1) {
      await Promise.all([1, 2, 3, 4].map(() => workflow.executeUpdate(pauseOffer)));
      if ((await workflow.describe()).runId !== runId) break;
    }
    const { runId: later, status } = await workflow.describe();
    expect([later === runId, status.name]).toEqual([false, 'RUNNING']);
    expect(await stateOf(id)).toBe('paused');
    expect((await change(id, 'resume')).json.state).toBe('active');
    expect((await api.delete(`${PATH}/${id}`)).status).toBe(204);
    expect(await workflow.result()).toEqual({ state: 'revoked' });
  });
});

describe('an offer that expires', () => {
  it('is noted as such by its workflow, and no longer given out', async () => {
    const { id, reference } = await create({ expiresIn: { seconds: 2 } });
    expect(await statusOf(reference)).toBe(200);
    expect(await workflowOf(id).result()).toEqual({ state: 'expired' });
    expect((await system().db.offers.findOne({ _id: id }))?.state).toBe('expired');
    expect(await statusOf(reference)).toBe(404);
    expect((await api.delete(`${PATH}/${id}`)).status).toBe(404);
  });
});

describe('DELETE /v1/openid/offers/{id}', () => {
  it('revokes an offer with 204: it stays listed, and is not given out any more', async () => {
    const { id, reference } = await create();
    const answer = await api.delete(`${PATH}/${id}`);
    expect([answer.status, answer.text]).toEqual([204, '']);
    expect(await statusOf(reference)).toBe(404);
    expect(await stateOf(id)).toBe('revoked');
    expect(await workflowOf(id).result()).toEqual({ state: 'revoked' });
    const again = await api.delete(`${PATH}/${id}`);
    expect([again.status, again.json.code]).toEqual([404, 'NotFound']);
  });

  it('revokes one that is paused', async () => {
    const { id } = await create();
    await change(id, 'pause');
    expect((await api.delete(`${PATH}/${id}`)).status).toBe(204);
    expect(await stateOf(id)).toBe('revoked');
  });

  it('and a pause at the same moment leave it revoked', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { id } = await create();
      const [paused, revoked] = await Promise.all([change(id, 'pause'), api.delete(`${PATH}/${id}`)]);
      expect(revoked.status).toBe(204);
      expect([200, 409]).toContain(paused.status);
      expect(await stateOf(id)).toBe('revoked');
      expect(await workflowOf(id).result()).toEqual({ state: 'revoked' });
    }
  });

  it('twice at the same moment is done once', async () => {
    const { id } = await create();
    const answers = await Promise.all([api.delete(`${PATH}/${id}`), api.delete(`${PATH}/${id}`)]);
    for (const { status } of answers) expect([204, 404]).toContain(status);
    expect(answers.some(({ status }) => status === 204)).toBe(true);
    expect(await workflowOf(id).result()).toEqual({ state: 'revoked' });
  });
});

describe('an offer whose workflow an operator terminated', () => {
  it('gets a new one by the next call, which knows that it was paused', async () => {
    const { id } = await create();
    await change(id, 'pause');
    await workflowOf(id).terminate();
    expect((await change(id, 'resume')).json.state).toBe('active');
    await workflowOf(id).terminate();
    expect((await api.delete(`${PATH}/${id}`)).status).toBe(204);
    expect(await workflowOf(id).result()).toEqual({ state: 'revoked' });
  });
});
