import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
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

const create = (key: string, changes: Readonly<Record<string, unknown>> = {}, client = api) =>
  client.post(
    PATH,
    {
      credentials: [configurationId],
      request_parameters: { prompt: 'login' },
      expiresIn: { days: 3 },
      qrCode: 'svg',
      ...changes,
    },
    { 'idempotency-key': key },
  );
const workflowOf = (id: unknown) => system().temporal.workflow.getHandle(`offer:default:${String(id)}`);

describe('an Idempotency-Key', () => {
  it('gets a repeat the same answer, byte for byte, and makes no second offer', async () => {
    const key = randomUUID();
    const answers = [await create(key), ...(await Promise.all(Array.from({ length: 5 }, () => create(key))))];
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(answers[0]?.status).toBe(200);
  });

  it('makes ten requests at once one offer', async () => {
    const key = randomUUID();
    const answers = await Promise.all(Array.from({ length: 10 }, () => create(key)));
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(await system().db.offers.countDocuments({ _id: answers[0]?.json.id as string })).toBe(1);
  });

  it('with another request is refused with 409; another client, or a pre-authorized offer, may have the same', async () => {
    const key = randomUUID();
    const first = await create(key);
    const refused = await create(key, { expiresIn: { days: 4 } });
    expect([refused.status, refused.json.code]).toEqual([409, 'Conflict']);
    const other = await ManagementClient.withRoles(system(), 'issuer');
    const theirs = await create(key, { expiresIn: { days: 4 } }, other);
    const preAuthorized = await api.post(
      `${PATH}/pre-authorized`,
      { credentials: [configurationId] },
      { 'idempotency-key': key },
    );
    expect([theirs.status, preAuthorized.status]).toEqual([200, 200]);
    expect(new Set([first.json.id, theirs.json.id, preAuthorized.json.id]).size).toBe(3);
  });

  it('gets the same answer when the time that the request names is past', async () => {
    const key = randomUUID();
    const expiresAt = new Date(Date.now() + 1500).toISOString();
    const ask = () => create(key, { expiresIn: undefined, expiresAt });
    const first = await ask();
    expect(first.status).toBe(200);
    await expect.poll(async () => (await api.get(`${PATH}/${String(first.json.id)}`)).json.state).toBe('expired');
    expect((await ask()).text).toBe(first.text);
  });

  it('starts what a process left behind that died before it started the workflow', async () => {
    const key = randomUUID();
    const first = await create(key);
    // The same as a process that died there: the record, and no workflow.
    await workflowOf(first.json.id).terminate();
    expect((await create(key)).text).toBe(first.text);
    expect((await workflowOf(first.json.id).describe()).status.name).toBe('RUNNING');
  });

  it('starts nothing anew for an offer that was revoked meanwhile', async () => {
    const key = randomUUID();
    const first = await create(key);
    expect((await api.delete(`${PATH}/${String(first.json.id)}`)).status).toBe(204);
    await workflowOf(first.json.id).result();
    expect((await create(key)).text).toBe(first.text);
    expect((await workflowOf(first.json.id).describe()).status.name).toBe('COMPLETED');
    expect((await api.get(`${PATH}/${String(first.json.id)}`)).json.state).toBe('revoked');
  });
});
