import { beforeAll, describe, expect, it } from 'vitest';
import type { AuthorizationPolicy } from '../../../../store/documents.js';
import { DEFAULT_ISSUER_ID, IssuerDirectory } from '../../../../store/issuer-directory.js';
import { DEFAULT_AUTHORIZATION_POLICY } from '../../../../store/openid-configuration.js';
import { useOwnProcesses } from '../../../harness/use-system.js';
import { faultsOf, ManagementClient } from '../management-client.js';
import { newProvider } from './authentication-provider.js';

const PATH = '/v1/users';
const FORBIDDEN = ['body claims: must be left out: the issuer keeps no claims with users'];

const system = useOwnProcesses();
let api: ManagementClient;

beforeAll(async () => {
  api = await ManagementClient.admin(system());
});

async function setPolicy(policy: Partial<AuthorizationPolicy>): Promise<void> {
  const { db } = system();
  const openid = { authorization: { ...DEFAULT_AUTHORIZATION_POLICY, ...policy } };
  await db.issuers.updateOne({ _id: DEFAULT_ISSUER_ID }, { $set: { openid } });
  await new IssuerDirectory({ db }).changed(DEFAULT_ISSUER_ID);
}

describe('where the issuer keeps no claims with users', () => {
  it('claims are refused, and users may have none, or lose them', async () => {
    const { id } = await api.create(PATH, { claims: { level: 1 } });
    await setPolicy({ persistClaims: false });
    await expect.poll(async () => (await api.post(PATH, { claims: { level: 1 } })).status).toBe(400);
    for (const answer of [
      await api.post(PATH, { claims: { level: 1 } }),
      await api.put(`${PATH}/${id}`, { claims: { level: 1 } }),
    ]) {
      expect(faultsOf(answer)).toEqual(FORBIDDEN);
    }
    expect((await api.get(`${PATH}/${id}`)).json).toEqual({ id, claims: { level: 1 } });
    const authenticationProvider = { providerId: (await newProvider(system()))._id, subjectId: 'a' };
    expect((await api.post(PATH, { claims: {}, authenticationProvider })).status).toBe(201);
    expect((await api.put(`${PATH}/${id}`, {})).json).toEqual({ id, claims: {} });
    await setPolicy({ persistClaims: true });
    await expect.poll(async () => (await api.post(PATH, { claims: { level: 1 } })).status).toBe(201);
  });
});
