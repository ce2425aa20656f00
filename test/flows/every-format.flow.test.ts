import { randomUUID, X509Certificate } from 'node:crypto';
import { decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ManagementClient } from '../api/management/management-client.js';
import { useOwnProcesses } from '../harness/use-system.js';
import { CodeIssuer } from './authorization-server.js';
import { HolderBrowser, locationOf } from './holder-browser.js';
import { logIn } from './identity-provider.js';
import { LibraryCodeWallet } from './library-code-wallet.js';
import { LIBRARIES } from './library-wallet.js';
import { PlainWallet, type Answer } from './plain-wallet.js';
import { isRevokedIn, statusIn } from './status-in-credential.js';

/** Stands in for id-kp-oauthStatusSigning, which has no number yet. */
const STATUS_SIGNING_USAGE = '1.3.6.1.4.1.55555.1';
const system = useOwnProcesses({ env: { OUTBOUND_ALLOWED_HOSTS: 'localhost', STATUS_SIGNING_USAGE } });
const CONTEXT = 'https://issuer.example/contexts/person';
const TERMS = { Person: 'https://schema.org/Person', given_name: 'https://schema.org/givenName' };
const given = { given_name: { mapFrom: 'claims.given_name', required: true } };

/** A configuration of each profile that can be revoked, and how it is revoked. */
const PROFILES = [
  ['sd-jwt', { claimMappings: given, includeStatus: true }],
  ['mobile', { type: 'org.example.person.1', claimMappings: { 'org.example.person': given }, includeStatus: true }],
  ['jwt', { claimMappings: given, includeStatus: true }],
  [
    'web-semantic',
    {
      type: 'Person',
      claimMappings: given,
      name: 'Person',
      issuer: { name: 'Issuer' },
      contexts: [CONTEXT],
      proofType: 'eddsa-rdfc-2022',
      revocable: true,
    },
  ],
  ['compact', { claimMappings: given }],
  ['compact-semantic', { claimMappings: given }],
] as const;

let api: ManagementClient;
let issuer: CodeIssuer;
const ids = new Map<string, string>();
const scopes = new Map<string, string>();

beforeAll(async () => {
  api = await ManagementClient.admin(system());
  issuer = await CodeIssuer.start(system());
  const iaca = await api.create('/v2/credentials/mobile/iacas', { commonName: 'Every Format IACA', country: 'NZ' });
  expect((await api.put(`/v2/credentials/mobile/iacas/${iaca.id}`, { active: true })).status).toBe(200);
  await api.create('/v2/credentials/web-semantic/contexts', { url: CONTEXT, content: { '@context': TERMS } });
  for (const [profile, body] of PROFILES) {
    const common = { type: `urn:test:${randomUUID()}`, expiresIn: { months: 1 } };
    ids.set(profile, (await api.create(`/v2/credentials/${profile}/configurations`, { ...common, ...body })).id);
  }
  const metadata = (await (await fetch(`${system().url}/.well-known/openid-credential-issuer`)).json()) as {
    credential_configurations_supported: Record<string, { scope: string }>;
  };
  for (const [profile, id] of ids) scopes.set(profile, metadata.credential_configurations_supported[id]!.scope);
});
afterAll(async () => {
  await issuer.stop();
});

const credentialIn = (answer: Answer): unknown => (answer.json.credentials as { credential: unknown }[])[0]!.credential;

const collect = async (wallet: PlainWallet, token: string, profile: string): Promise<Answer> =>
  wallet.requestCredential(token, await wallet.credentialRequest(ids.get(profile)!));

describe('one session with every format', () => {
  it('HAP-02 begins with a login, and one access token brings a credential of each', async () => {
    const codeWallet = issuer.wallet();
    const code = await issuer.code(codeWallet, { scope: [...scopes.values()].join(' ') });
    const token = (await codeWallet.redeem(code)).json.access_token as string;
    const wallet = new PlainWallet(system().url);
    for (const [profile] of PROFILES) {
      const answer = await collect(wallet, token, profile);
      expect([profile, answer.status, typeof credentialIn(answer)]).toEqual([
        profile,
        200,
        profile === 'web-semantic' ? 'object' : 'string',
      ]);
    }
  });

  it('that fails in one of them names it, and brings the others', async () => {
    const missing = await api.create('/v2/credentials/sd-jwt/configurations', {
      type: `urn:test:${randomUUID()}`,
      claimMappings: { licence: { mapFrom: 'claims.licence', required: true } },
    });
    const offer = await api.create('/v1/openid/offers/pre-authorized', {
      credentials: [ids.get('mobile'), missing.id, ids.get('compact')],
      claims: { given_name: 'Ngaio' },
    });
    const wallet = new PlainWallet(system().url);
    const token = await wallet.token(offer.uri as string);
    const first = await collect(wallet, token, 'mobile');
    const refused = await wallet.requestCredential(token, await wallet.credentialRequest(missing.id));
    const last = await collect(wallet, token, 'compact');
    expect([first.status, refused.status, refused.json.error, last.status]).toEqual([200, 400, 'credential_request_denied', 200]);
    expect(refused.json.error_description).toContain('a required claim has no value');
    for (const { json } of [first, last]) expect((await wallet.notify(token, json.notification_id as string)).status).toBe(204);
    const { json } = await api.get(`/v1/users/${offer.userId as string}/credentials`);
    expect((json.data as { profile: string }[]).map(({ profile }) => profile)).toEqual(['mobile', 'compact']);
  });
});

describe.each(LIBRARIES)('a wallet built on %s', (_name, library) => {
  it.each(['sd-jwt', 'mobile', 'jwt', 'web-semantic'])('collects a %s credential after a login', async (profile) => {
    const wallet = new LibraryCodeWallet(library);
    const journey = { askBy: 'scope', dpop: true } as const;
    const asked = { issuer: system().url, configurationId: ids.get(profile)! };
    const { credentials, notificationStatus } = await wallet.begin(asked, journey, async (url) => {
      const browser = new HolderBrowser();
      return locationOf(await browser.get(await logIn(await issuer.agree(browser, url), 'ngaio')));
    });
    expect([credentials.length, notificationStatus]).toEqual([1, 204]);
    expect(statusIn(credentials[0]).index).toBeGreaterThanOrEqual(0);
  });
});

/** Issues a credential of the profile to a new holder. */
async function issued(profile: string): Promise<{ readonly userId: string; readonly credential: unknown }> {
  const offer = await api.create('/v1/openid/offers/pre-authorized', {
    credentials: [ids.get(profile)],
    claims: { given_name: 'Ngaio' },
  });
  const wallet = new PlainWallet(system().url);
  const answer = await collect(wallet, await wallet.token(offer.uri as string), profile);
  expect(answer.status, answer.text).toBe(200);
  return { userId: offer.userId as string, credential: credentialIn(answer) };
}

/** What each profile's integrators call to revoke. */
const revoke = (profile: string, credentialId: string): Promise<Answer> =>
  ['sd-jwt', 'mobile', 'jwt'].includes(profile)
    ? api.post(`/v2/credentials/${profile}/${credentialId}/status`, { status: 'invalid' })
    : api.post(`/v2/credentials/${profile}/${credentialId}/revocation-status`, { isRevoked: true });

describe('a credential that is revoked', () => {
  it.each(PROFILES.map(([profile]) => profile))(
    '%s: is seen so, over HTTP and without the issuer, within seconds',
    async (profile) => {
      const { userId, credential } = await issued(profile);
      const named = statusIn(credential);
      expect(named.uri).toContain(system().url);
      expect(await isRevokedIn(named)).toBe(false);
      const { json } = await api.get(`/v1/users/${userId}/credentials`);
      const [{ id, status }] = json.data as [{ id: string; status: string }];
      expect(status).toBe('valid');
      expect((await revoke(profile, id)).status).toBeLessThan(300);
      await expect.poll(() => isRevokedIn(named), { timeout: 5000 }).toBe(true);
      const after = await api.get(`/v1/users/${userId}/credentials`);
      expect((after.json.data as [{ status: string }])[0].status).toBe('invalid');
    },
  );
});

describe('the certificate that a status list is signed with', () => {
  it.each(['sd-jwt', 'mobile'])(
    'TSL-06 of %s credentials has the extended key usage that the deployment sets',
    async (profile) => {
      const { uri } = statusIn((await issued(profile)).credential);
      const token = await (await fetch(uri, { headers: { accept: 'application/statuslist+jwt' } })).text();
      const [signer = ''] = decodeProtectedHeader(token).x5c ?? [];
      expect(new X509Certificate(Buffer.from(signer, 'base64')).keyUsage).toEqual([STATUS_SIGNING_USAGE]);
    },
  );
});

describe('a credential is revoked by itself, where its configuration says so', () => {
  type Issued = Readonly<{ offer: { id: string; userId?: unknown }; wallet: PlainWallet; token: string; notificationId: string }>;
  it.each<[string, (issued: Issued) => Promise<Answer>]>([
    ['credential_deleted', ({ wallet, token, notificationId }) => wallet.notify(token, notificationId, 'credential_deleted')],
    ['user_deleted', ({ offer }) => api.delete(`/v1/users/${offer.userId as string}`)],
    ['withdrawn', ({ offer }) => api.delete(`/v1/openid/offers/pre-authorized/${offer.id}`)],
  ])('SEC-12 %s', async (trigger, act) => {
    const { id } = await api.create('/v2/credentials/sd-jwt/configurations', {
      type: `urn:test:${randomUUID()}`,
      claimMappings: given,
      includeStatus: true,
      statusPolicy: { revokeOn: [trigger] },
    });
    const offer = await api.create('/v1/openid/offers/pre-authorized', { credentials: [id], claims: { given_name: 'Ngaio' } });
    const wallet = new PlainWallet(system().url);
    const token = await wallet.token(offer.uri as string);
    const answer = await wallet.requestCredential(token, await wallet.credentialRequest(id));
    const named = statusIn(credentialIn(answer));
    expect(await isRevokedIn(named)).toBe(false);
    const session = { offer, wallet, token, notificationId: answer.json.notification_id as string };
    expect((await act(session)).status).toBe(204);
    await expect.poll(() => isRevokedIn(named), { timeout: 5000 }).toBe(true);
  });
});
