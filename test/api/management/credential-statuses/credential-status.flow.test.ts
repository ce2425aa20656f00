import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { IssuerBackend } from '../../../flows/issuer-backend.js';
import { credentialsOf, newHolderKey, PlainWallet } from '../../../flows/plain-wallet.js';
import { statusReferenceOf, verifiedStatus } from '../../../flows/status-verifier.js';
import { useSharedSystem } from '../../../harness/use-system.js';
import { faultsOf, ManagementClient } from '../management-client.js';

const system = useSharedSystem();
let api: ManagementClient;
let backend: IssuerBackend;
let suspendable: string;

beforeAll(async () => {
  api = await ManagementClient.admin(system());
  backend = await IssuerBackend.login(system());
  suspendable = await configuration({ suspendable: true });
});

function configuration(statusPolicy: object = {}): Promise<string> {
  return backend.configuration({ includeStatus: true, statusPolicy });
}

interface Issued {
  readonly offerId: string;
  readonly userId: string;
  readonly credentials: readonly string[];
  /** By which the management API knows it. */
  readonly id: string;
}

/** Issues so many copies of a credential to a holder. */
async function issue(configurationId: string, copies = 1, offered: object = {}): Promise<Issued> {
  const { url, db } = system();
  const wallet = new PlainWallet(url);
  const offer = await backend.offer([configurationId], offered as Readonly<Record<string, unknown>>);
  const token = await wallet.token(offer.uri);
  const keys = Array.from({ length: copies }, newHolderKey);
  const answer = await wallet.requestCredential(token, await wallet.credentialRequest(configurationId, keys));
  const credentials = credentialsOf(answer);
  await wallet.notify(token, answer.json.notification_id as string);
  const entry = await db.issuedCredentials.findOne({ issuerId: 'default', sessionId: offer.id, configurationId });
  return { offerId: offer.id, userId: offer.userId, credentials, id: entry!.credentialId };
}

const set = (id: string, status: string) => api.post(`/v2/credentials/sd-jwt/${id}/status`, { status });
const get = (id: string) => api.get(`/v2/credentials/sd-jwt/${id}/status`);
/** Issue 5: within 5 s of the call. */
const soon = (credential: string) => expect.poll(() => verifiedStatus(credential), { timeout: 5000, interval: 100 });

describe('the status of an SD-JWT VC', () => {
  it('TSL-08 TSL-10 HAP-19 CRD-21: each copy has an index of its own in one list, and is valid at first', async () => {
    const { credentials, id } = await issue(suspendable, 3);
    const places = credentials.map(statusReferenceOf);
    expect(new Set(places.map(({ idx }) => idx)).size).toBe(3);
    expect(new Set(places.map(({ uri }) => uri)).size).toBe(1);
    for (const credential of credentials) expect(await verifiedStatus(credential)).toBe('valid');
    expect(await get(id)).toMatchObject({ status: 200, json: { status: 'valid' } });
  });

  it('is seen by an independent verifier within 5 s: suspended, valid again, and invalid for good', async () => {
    const { credentials, id } = await issue(suspendable, 2);
    const other = await issue(suspendable);
    for (const status of ['suspended', 'valid', 'invalid'] as const) {
      expect(await set(id, status)).toMatchObject({ status: 201, json: { status } });
      expect((await get(id)).json).toEqual({ status });
      for (const credential of credentials) await soon(credential).toBe(status);
    }
    for (const status of ['valid', 'suspended']) {
      expect(faultsOf(await set(id, status))).toEqual([
        'body status: cannot be changed any more: the credential is invalid for good',
      ]);
    }
    expect((await set(id, 'invalid')).status).toBe(201);
    expect(await verifiedStatus(other.credentials[0]!)).toBe('valid');
  });

  it('cannot be suspended unless the configuration says so', async () => {
    const { id } = await issue(await configuration());
    expect(faultsOf(await set(id, 'suspended'))[0]).toMatch(/^body status: must not be suspended/);
    expect((await get(id)).json).toEqual({ status: 'valid' });
  });

  it('is refused for a credential that was issued without one', async () => {
    const { id } = await issue(await backend.configuration());
    expect(faultsOf(await set(id, 'invalid'))[0]).toMatch(/^body status: cannot be changed: the credential was issued without/);
    expect((await get(id)).status).toBe(404);
  });

  it('is found by the id of a credential of the profile alone, and takes no other values', async () => {
    const { id } = await issue(suspendable);
    expect((await set(randomUUID(), 'invalid')).status).toBe(404);
    expect((await set('not-a-uuid', 'invalid')).status).toBe(404);
    expect((await api.post(`/v2/credentials/mobile/${id}/status`, { status: 'invalid' })).status).toBe(404);
    expect((await api.post(`/v2/credentials/jwt/${id}/status`, { status: 'invalid' })).status).toBe(404);
    expect((await set(id, 'revoked')).status).toBe(400);
    expect((await api.post(`/v2/credentials/sd-jwt/${id}/status`, {})).status).toBe(400);
    expect((await get(id)).json).toEqual({ status: 'valid' });
  });

  it('is for issuers, and in the event log', async () => {
    const { id } = await issue(suspendable);
    const auditor = await ManagementClient.withRoles(system(), 'auditor');
    expect((await auditor.post(`/v2/credentials/sd-jwt/${id}/status`, { status: 'invalid' })).status).toBe(403);
    await set(id, 'invalid');
    await expect
      .poll(async () => {
        const { json } = await api.get('/v1/events?types=CREDENTIAL_SD_JWT_STATUS_SET_SUCCESS&limit=1000');
        return (json.data as { data: { credentialId?: string; status?: string } }[]).map(({ data }) => data);
      })
      .toContainEqual({ credentialId: id, status: 'invalid' });
  });
});

describe('revocation by policy', () => {
  it('follows the deletion of the user', async () => {
    const revoked = await configuration({ revokeOn: ['user_deleted'] });
    const kept = await configuration();
    const { id: userId } = await api.create('/v1/users', { claims: { given_name: 'Ngaio' } });
    const [one, other] = [await issue(revoked, 2, { userId }), await issue(kept, 1, { userId })];
    expect((await api.delete(`/v1/users/${userId}`)).status).toBe(204);
    for (const credential of one.credentials) await soon(credential).toBe('invalid');
    expect(await verifiedStatus(other.credentials[0]!)).toBe('valid');
    expect((await api.delete(`/v1/users/${userId}`)).status).toBe(404);
  });

  it('follows the withdrawal of an offer that was collected, which is not found otherwise', async () => {
    const withdraw = (offerId: string) => api.delete(`/v1/openid/offers/pre-authorized/${offerId}`);
    const one = await issue(await configuration({ revokeOn: ['withdrawn'] }));
    const other = await issue(await configuration({ revokeOn: ['user_deleted'] }));
    expect((await withdraw(one.offerId)).status).toBe(204);
    await soon(one.credentials[0]!).toBe('invalid');
    expect((await withdraw(other.offerId)).status).toBe(404);
    expect(await verifiedStatus(other.credentials[0]!)).toBe('valid');
  });
});
