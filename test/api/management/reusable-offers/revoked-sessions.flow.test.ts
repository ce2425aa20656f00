import { randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { ISSUANCE_WORKFLOW, type IssuanceInput } from '../../../../workflows/messages.js';
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

const newOffer = async () => (await api.create(PATH, { credentials: [configurationId] })).id;
const newId = () => randomBytes(16).toString('base64url');
const recordOf = (id: string) => system().db.issuances.findOne({ _id: id });

/** The record of a session that came from the offer; without `start` no issuance runs for it. */
async function session(offerId: string, { id = newId(), start = true } = {}): Promise<string> {
  const { db, temporal, taskQueue } = system();
  const expiresAt = Date.now() + 600_000;
  await db.issuances.insertOne({
    _id: id,
    issuerId: 'default',
    grantType: 'pre-authorized_code',
    configurationIds: [configurationId],
    userId: crypto.randomUUID(),
    offerId,
    correlationId: 'x',
    codeKey: 'x',
    createdAt: new Date(),
    expiresAt: new Date(expiresAt),
  });
  if (!start) return id;
  const input: IssuanceInput = {
    issuerId: 'default',
    sessionId: id,
    grantType: 'pre-authorized_code',
    codeHash: 'x',
    transactionCodeAttempts: 3,
    expiresAt,
    configurations: [{ id: configurationId }],
    issuerRevision: 1,
    correlationId: 'x',
    purgeAfterSeconds: 60,
    completionWindowSeconds: 60,
    stuckAfterSeconds: 10,
  };
  await temporal.workflow.start(ISSUANCE_WORKFLOW, { workflowId: `iss:default:${id}`, taskQueue, args: [input] });
  return id;
}

describe('the revocation of an offer', () => {
  it('withdraws the issuances that are under way from it, and no others', async () => {
    const [offer, other] = [await newOffer(), await newOffer()];
    const [one, two, others] = [await session(offer), await session(offer), await session(other)];
    expect((await api.delete(`${PATH}/${offer}`)).status).toBe(204);
    for (const id of [one, two]) await expect.poll(async () => (await recordOf(id))?.outcome).toBe('withdrawn');
    await expect
      .poll(async () => (await api.get(`${PATH}/${offer}`)).json.claims)
      .toEqual({ started: 2, open: 0, issued: 0, failed: 0, outcomes: { withdrawn: 2 } });
    expect(await recordOf(others)).not.toHaveProperty('closedAt');
    expect((await api.get(`${PATH}/${other}`)).json.claims).toMatchObject({ started: 1, open: 1 });
  });

  it('finds them among hundreds whose issuances never began', async () => {
    const offer = await newOffer();
    for (let round = 0; round < 250; round += 50)
      await Promise.all(Array.from({ length: 50 }, () => session(offer, { start: false })));
    const first = await session(offer, { id: `--${newId().slice(2)}` });
    const last = await session(offer, { id: `zz${newId().slice(2)}` });
    expect((await api.delete(`${PATH}/${offer}`)).status).toBe(204);
    for (const id of [first, last]) await expect.poll(async () => (await recordOf(id))?.outcome).toBe('withdrawn');
    expect(await system().temporal.workflow.getHandle(`offer:default:${offer}`).result()).toEqual({ state: 'revoked' });
  });

  it('leaves them alone when the offer is only paused, or expires', async () => {
    const offer = await newOffer();
    const { id: short } = await api.create(PATH, { credentials: [configurationId], expiresIn: { seconds: 2 } });
    const sessions = [await session(offer), await session(short)];
    expect((await api.post(`${PATH}/${offer}/pause`, undefined)).status).toBe(200);
    await system().temporal.workflow.getHandle(`offer:default:${short}`).result();
    for (const id of sessions) {
      expect((await system().temporal.workflow.getHandle(`iss:default:${id}`).describe()).status.name).toBe('RUNNING');
      expect(await recordOf(id)).not.toHaveProperty('closedAt');
    }
  });
});
