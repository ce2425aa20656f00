import { randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import type { IssuanceOutcome } from '../../../../workflows/phases.js';
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

const create = (more: Readonly<Record<string, unknown>> = {}) => api.create(PATH, { credentials: [configurationId], ...more });
const read = async (id: string) => (await api.get(`${PATH}/${id}`)).json;

/** Records of claim sessions as they are once their issuances have come so far. */
async function sessionsOf(offerId: string, ends: readonly (IssuanceOutcome | 'open' | 'failed')[]): Promise<void> {
  const at = new Date();
  await system().db.issuances.insertMany(
    ends.map((end) => ({
      _id: randomBytes(16).toString('base64url'),
      issuerId: 'default',
      grantType: 'authorization_code' as const,
      configurationIds: [configurationId],
      userId: crypto.randomUUID(),
      offerId,
      correlationId: 'x',
      codeKey: 'x',
      createdAt: at,
      expiresAt: new Date(at.getTime() + 600_000),
      ...(end === 'open' ? {} : { closedAt: at }),
      ...(end === 'open' || end === 'failed' ? {} : { outcome: end }),
    })),
  );
}

describe('GET /v1/openid/offers/{id}', () => {
  it('shows an offer as it was made', async () => {
    const { id } = await create({ request_parameters: { prompt: 'login' }, maximumClaims: 3, expiresAt: '2030-01-01T00:00:00Z' });
    expect(await read(id)).toEqual({
      id,
      credentials: [configurationId],
      request_parameters: { prompt: 'login' },
      state: 'active',
      createdAt: expect.stringMatching(/Z$/) as string,
      expiresAt: '2030-01-01T00:00:00.000Z',
      maximumClaims: 3,
      claims: { started: 0, open: 0, issued: 0, failed: 0, outcomes: {} },
      temporalUi: expect.stringContaining(encodeURIComponent(`offer:default:${id}`)) as string,
    });
  });

  it('counts what became of its issuances, and of nobody else', async () => {
    const [one, other] = [(await create()).id, (await create()).id];
    await sessionsOf(one, ['open', 'open', 'accepted', 'accepted', 'issued_unacknowledged', 'denied', 'expired', 'failed']);
    await sessionsOf(other, ['withdrawn']);
    expect((await read(one)).claims).toEqual({
      started: 8,
      open: 2,
      issued: 3,
      failed: 1,
      outcomes: { accepted: 2, issued_unacknowledged: 1, denied: 1, expired: 1 },
    });
    expect((await read(other)).claims).toEqual({ started: 1, open: 0, issued: 0, failed: 0, outcomes: { withdrawn: 1 } });
    for (const listed of (await api.get(PATH)).json.data as { id: string }[])
      expect(listed).toEqual((await api.get(`${PATH}/${listed.id}`)).json);
  });

  it('finds none that there is not', async () => {
    for (const method of ['GET', 'DELETE']) {
      const answer = await api.call(method, `${PATH}/AAAAAAAAAAAAAAAAAAAAAA`);
      expect([answer.status, answer.json.code]).toEqual([404, 'NotFound']);
    }
    for (const action of ['pause', 'resume'])
      expect((await api.post(`${PATH}/AAAAAAAAAAAAAAAAAAAAAA/${action}`, undefined)).status).toBe(404);
  });
});

describe('the path that management and wallets share', () => {
  it('takes a management token for the id of an offer, and errors are in the shape of the management API', async () => {
    const { id } = await create();
    for (const [method, path] of [
      ['GET', `${PATH}/${id}`],
      ['DELETE', `${PATH}/${id}`],
      ['POST', `${PATH}/${id}/pause`],
      ['POST', `${PATH}/${id}/resume`],
      ['GET', PATH],
      ['POST', PATH],
    ] as const) {
      const answer = await exchange(system().url + path, { method, headers: { origin: 'https://elsewhere.example' } });
      expect([method, path, answer.status, answer.text]).toEqual([method, path, 401, '"Unauthorized"']);
      expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    }
    expect((await read(id)).state).toBe('active');
  });

  it.each([
    [PATH, 'PUT', 'GET, POST, HEAD, OPTIONS'],
    [`${PATH}/AAAAAAAAAAAAAAAAAAAAAA`, 'PUT', 'GET, DELETE, HEAD, OPTIONS'],
    [`${PATH}/AAAAAAAAAAAAAAAAAAAAAA/pause`, 'GET', 'POST, OPTIONS'],
    [`${PATH}/AAAAAAAAAAAAAAAAAAAAAA/resume`, 'DELETE', 'POST, OPTIONS'],
  ])('RFC 9110 15.5.6 %s answers %s with 405, and Allow: %s', async (path, method, allow) => {
    const refused = await api.call(method, path);
    expect([refused.status, refused.headers.get('allow'), refused.json.code]).toEqual([405, allow, 'MethodNotAllowed']);
  });

  it.each(['none', `${'A'.repeat(22)}.${'A'.repeat(22)}`, 'A'.repeat(21), 'A'.repeat(23), `${'A'.repeat(21)}~`])(
    "leaves %s to wallets: an OAuth error, with or without the management's token",
    async (id) => {
      for (const answer of [await exchange(`${system().url}${PATH}/${id}`), await api.get(`${PATH}/${id}`)])
        expect([answer.status, answer.json.error]).toEqual([404, 'invalid_request']);
    },
  );

  it('leaves pre-authorized offers where they were', async () => {
    expect((await api.get(`${PATH}/pre-authorized?limit=1`)).status).toBe(200);
    expect((await api.get(`${PATH}/pre-authorized/pause`)).json.code).toBe('NotFound');
  });
});

describe('GET /v1/openid/offers', () => {
  it('lists newest first, page by page, by state', async () => {
    const [active, paused, revoked, expired] = [
      (await create({ expiresIn: { days: 1 } })).id,
      (await create()).id,
      (await create()).id,
      (await create({ expiresIn: { seconds: 1 } })).id,
    ];
    await api.post(`${PATH}/${paused}/pause`, undefined);
    await api.delete(`${PATH}/${revoked}`);
    const own = new Set<string>([active, paused, revoked, expired]);
    const list = async (query: Readonly<Record<string, string>>) =>
      (await api.pages<{ id: string; state: string }>(PATH, query)).flat();
    await expect.poll(async () => (await read(expired)).state).toBe('expired');
    for (const limit of ['1', '3', '1000']) {
      const found = (await list({ limit })).map(({ id }) => id).filter((id) => own.has(id));
      expect(found).toEqual([expired, revoked, paused, active]);
    }
    for (const [state, id] of Object.entries({ active, paused, revoked, expired })) {
      const found = await list({ state });
      expect(new Set(found.map((offer) => offer.state))).toEqual(new Set([state]));
      expect(found.map((offer) => offer.id).filter((each) => own.has(each))).toEqual([id]);
    }
  });

  it('shows as expired what the database still has as active or paused', async () => {
    const { id } = await create({ expiresIn: { days: 1 } });
    await system().db.offers.updateOne({ _id: id }, { $set: { expiresAt: new Date(Date.now() - 1000) } });
    expect((await read(id)).state).toBe('expired');
    const ids = async (state: string) => (await api.pages<{ id: string }>(PATH, { state })).flat().map((offer) => offer.id);
    expect(await ids('expired')).toContain(id);
    expect(await ids('active')).not.toContain(id);
    expect((await api.delete(`${PATH}/${id}`)).status).toBe(404);
    expect((await api.post(`${PATH}/${id}/pause`, undefined)).status).toBe(409);
  });
});
