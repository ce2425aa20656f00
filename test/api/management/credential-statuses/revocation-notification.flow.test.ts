import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { didWebOf } from '../../../../keys/did-web.js';
import { isRevokedIn, statusIn } from '../../../flows/status-in-credential.js';
import { useSharedSystem } from '../../../harness/use-system.js';
import { faultsOf, ManagementClient } from '../management-client.js';

const BASE = '/v2/credentials/web-semantic';
const HOLDER = 'did:key:z6MkgmEkNM32vyFeMXcQA7AfQDznu47qHCZpy2AYH2Dtdu1d';
const CONTEXT = `https://issuer.example/contexts/${randomUUID()}`;
const CONTENT = { '@context': { Badge: 'https://issuer.example/Badge', level: 'https://issuer.example/level' } };

const system = useSharedSystem();
let api: ManagementClient;

beforeAll(async () => {
  api = await ManagementClient.admin(system());
  await api.create(`${BASE}/contexts`, { url: CONTEXT, content: CONTENT });
});

/** Signs a credential, and gives what it names for its status. */
async function signed(more: object): Promise<{ id: string; credential: unknown }> {
  const { id, credential } = await api.create(`${BASE}/sign`, {
    payload: {
      '@context': [CONTEXT],
      type: 'Badge',
      name: 'Badge',
      issuer: { id: didWebOf(system().url), name: 'Issuer' },
      credentialSubject: { id: HOLDER, level: 'gold' },
      expirationDate: '2100-01-01T00:00:00Z',
    },
    ...more,
  });
  return { id, credential };
}

const notify = (id: string, body: unknown) => api.post(`${BASE}/${id}/revocation-status/notification`, body);

describe('the message that tells a holder whether a JSON-LD credential is revoked', () => {
  it.each(['Ed25519Signature2018', 'eddsa-rdfc-2022'])(
    'names the list and the place that a credential with %s does, and what the list says',
    async (proofType) => {
      const { id, credential } = await signed({ proofType, revocable: true });
      const named = statusIn(credential);
      const ids = new Set<unknown>();
      for (const isRevoked of [false, true, false]) {
        await api.post(`${BASE}/${id}/revocation-status`, { isRevoked });
        const from = didWebOf(system().url);
        const before = Date.now();
        const { status, json } = await notify(id, { from, to: [HOLDER, 'did:example:another'] });
        expect(status).toBe(201);
        expect(json).toEqual({
          id: expect.any(String) as string,
          type: 'https://mattr.global/schemas/verifiable-credential/status/RevocationStatus',
          to: [HOLDER, 'did:example:another'],
          from,
          created_time: expect.any(Number) as number,
          body: { revocationListCredential: named.uri, revocationListIndex: String(named.index), isRevoked },
        });
        expect(json.created_time).toBeGreaterThanOrEqual(before);
        expect(json.created_time).toBeLessThanOrEqual(Date.now());
        ids.add(json.id);
        await expect.poll(() => isRevokedIn(named), { timeout: 5000 }).toBe(isRevoked);
      }
      expect(ids.size).toBe(3);
    },
  );

  it("comes from the issuer's own did:web, another of its DIDs, or a key of one; from nobody else's", async () => {
    const { id } = await signed({ revocable: true });
    const { did } = await api.create('/v1/dids', { method: 'key' });
    expect((await notify(id, { to: [HOLDER] })).json.from).toBe(didWebOf(system().url));
    for (const from of [did, `${did as string}#key-1`]) expect((await notify(id, { from, to: [HOLDER] })).json.from).toBe(from);
    for (const from of [HOLDER, `${HOLDER}#${did as string}`]) {
      const answer = await notify(id, { from, to: [HOLDER] });
      expect([answer.status, faultsOf(answer)]).toEqual([400, ['body from: is none of the DIDs of this issuer']]);
    }
  });

  it.each([
    ['no recipients', { to: [] }, 'to'],
    ['no list of them', {}, 'to'],
    ['more than a hundred', { to: Array.from({ length: 101 }, () => HOLDER) }, 'to'],
    ['one that is no DID', { to: [HOLDER, 'ngaio@example.com'] }, 'to[1]'],
    ['one that is too long', { to: [`did:example:${'x'.repeat(2048)}`] }, 'to[0]'],
    ['a sender that is no DID', { from: 'me', to: [HOLDER] }, 'from'],
    ['a member it does not know', { to: [HOLDER], text: 'x' }, 'text'],
  ])('is refused with %s', async (_what, body, place) => {
    const answer = await notify(randomUUID(), body);
    expect(answer.status).toBe(400);
    expect(faultsOf(answer).map((fault) => fault.split(': ')[0])).toEqual([`body ${place}`]);
  });

  it('is not found for what has no status, is no such credential, or was deleted', async () => {
    const [plain, deleted] = [await signed({ revocable: false }), await signed({ revocable: true })];
    expect((await api.delete(`${BASE}/${deleted.id}`)).status).toBe(204);
    for (const id of [plain.id, deleted.id, randomUUID(), 'x']) expect((await notify(id, { to: [HOLDER] })).status, id).toBe(404);
  });

  it('is for issuers, and in the event log without the holder', async () => {
    const { id } = await signed({ revocable: true });
    const auditor = await ManagementClient.withRoles(system(), 'auditor');
    expect((await auditor.post(`${BASE}/${id}/revocation-status/notification`, { to: [HOLDER] })).status).toBe(403);
    await notify(id, { to: [HOLDER] });
    const type = 'CREDENTIAL_WEB_SEMANTIC_REVOCATION_MESSAGE_PAYLOAD_CREATE_SUCCESS';
    const events = async () => (await api.get(`/v1/events?types=${type}&limit=1000`)).json.data as { data: object }[];
    await expect.poll(async () => (await events()).map(({ data }) => data)).toContainEqual({ credentialId: id });
    expect(JSON.stringify(await events())).not.toContain(HOLDER);
  });
});
