import { beforeAll, describe, expect, it } from 'vitest';
import { exchange } from '../../../flows/http-exchange.js';
import { IssuerBackend } from '../../../flows/issuer-backend.js';
import { PlainWallet } from '../../../flows/plain-wallet.js';
import { useSharedSystem } from '../../../harness/use-system.js';
import { ManagementClient } from '../management-client.js';

const PATH = '/v1/openid/offers/pre-authorized';
const GRANT = 'urn:ietf:params:oauth:grant-type:pre-authorized_code';
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const system = useSharedSystem();
let api: ManagementClient;
let configurationId: string;

beforeAll(async () => {
  api = await ManagementClient.admin(system());
  configurationId = await (
    await IssuerBackend.login(system())
  ).configuration({ claimMappings: { name: { mapFrom: 'claims.name' } } });
});

const create = (more: Readonly<Record<string, unknown>> = {}) => api.post(PATH, { credentials: [configurationId], ...more });

/** The offer that a URI carries by value. */
const offerIn = (uri: unknown): unknown => JSON.parse(new URL(String(uri)).searchParams.get('credential_offer') ?? '');

describe('POST /v1/openid/offers/pre-authorized', () => {
  it('OFR-01 OFR-02 OFR-03 OFR-15 answers 200 with the offer by value under the default scheme', async () => {
    const before = Date.now();
    const answer = await create();
    expect(answer.status).toBe(200);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(Object.keys(answer.json).sort()).toEqual(['expiresAt', 'id', 'pageUrl', 'uri', 'userId']);
    const { id, userId, uri, expiresAt } = answer.json as Record<string, string>;
    expect(id).toMatch(/^[A-Za-z0-9_-]{22}$/);
    expect(userId).toMatch(UUID);
    expect(uri).toMatch(/^openid-credential-offer:\/\/\?credential_offer=[^&=]+$/);
    expect(offerIn(uri)).toEqual({
      credential_issuer: system().url,
      credential_configuration_ids: [configurationId],
      grants: { [GRANT]: { 'pre-authorized_code': expect.stringMatching(new RegExp(`^${id}\\.[\\w-]{43}$`)) as string } },
    });
    const life = Date.parse(expiresAt ?? '') - before;
    expect(life).toBeGreaterThanOrEqual(300_000);
    expect(life).toBeLessThan(330_000);
  });

  it('OFR-11 OFR-12 by reference, the URI holds no code, and the offer is served uncached as JSON', async () => {
    const { json } = await create({ credentialOfferMode: 'reference', credentialOfferEndpoint: 'haip-vci://' });
    const uri = String(json.uri);
    expect(uri).toMatch(/^haip-vci:\/\/\?credential_offer_uri=[^&=]+$/);
    const reference = new URL(uri).searchParams.get('credential_offer_uri') ?? '';
    expect(reference.startsWith(`${system().url}/v1/openid/offers/`)).toBe(true);
    const served = await exchange(reference);
    expect(served.headers.get('content-type')).toMatch(/^application\/json/);
    expect(served.headers.get('cache-control')).toBe('no-store');
    expect(served.json).toMatchObject({ credential_issuer: system().url, credential_configuration_ids: [configurationId] });
    const code = new PlainWallet(system().url).codeOf(`x://?credential_offer=${encodeURIComponent(served.text)}`);
    expect(code).not.toBe('');
    expect(uri).not.toContain(code.split('.')[1]);
  });

  it.each(['haip-vci://', 'https://wallet.example/open', 'my-wallet://offer/path'])(
    'OFR-15 invokes the wallet by %s where that is asked for',
    async (credentialOfferEndpoint) => {
      const { json } = await create({ credentialOfferEndpoint });
      expect(String(json.uri).startsWith(`${credentialOfferEndpoint}?credential_offer=`)).toBe(true);
    },
  );

  it('offers several configurations, in the order given', async () => {
    const second = await (await IssuerBackend.login(system())).configuration();
    const { json } = await api.post(PATH, { credentials: [second, configurationId] });
    expect(offerIn(json.uri)).toMatchObject({ credential_configuration_ids: [second, configurationId] });
  });

  it.each([
    [{ minutes: 2 }, 120],
    [{ seconds: 45 }, 45],
    [{ minutes: 9, seconds: 60 }, 600],
    [{ seconds: 600 }, 600],
  ])('lives as long as expiresIn %j says', async (expiresIn, seconds) => {
    const before = Date.now();
    const { expiresAt } = (await create({ expiresIn })).json as Record<string, string>;
    const life = Date.parse(expiresAt ?? '') - before;
    expect(life).toBeGreaterThanOrEqual(1000 * seconds);
    expect(life).toBeLessThan(1000 * seconds + 30_000);
  });
});
