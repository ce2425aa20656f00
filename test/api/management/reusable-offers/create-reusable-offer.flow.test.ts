import { beforeAll, describe, expect, it } from 'vitest';
import { offerOfIssuerState } from '../../../../api/oauth/issuer-state.js';
import {
  CORRELATION_ID,
  CREDENTIAL_CONFIG_IDS,
  ISSUANCE_PHASE,
  OFFER_EXPIRES_AT,
  OFFER_ID,
} from '../../../../workflows/search-attributes.js';
import { exchange } from '../../../flows/http-exchange.js';
import { IssuerBackend } from '../../../flows/issuer-backend.js';
import { ringOf } from '../../../flows/issuer-secrets.js';
import { useSharedSystem } from '../../../harness/use-system.js';
import { ManagementClient } from '../management-client.js';
import { readQrCode } from '../offers/qr-code.js';

const PATH = '/v1/openid/offers';

const system = useSharedSystem();
let api: ManagementClient;
let backend: IssuerBackend;
let configurationId: string;

beforeAll(async () => {
  api = await ManagementClient.admin(system());
  backend = await IssuerBackend.login(system());
  configurationId = await backend.configuration();
});

const create = (more: Readonly<Record<string, unknown>> = {}) => api.post(PATH, { credentials: [configurationId], ...more });
const offerIn = (uri: unknown) =>
  JSON.parse(new URL(String(uri)).searchParams.get('credential_offer') ?? '') as Record<string, unknown>;
const issuerStateIn = (offer: Record<string, unknown>) =>
  (offer.grants as { authorization_code: { issuer_state: string } }).authorization_code.issuer_state;

describe('POST /v1/openid/offers', () => {
  it('OFR-01 OFR-02 OFR-03 answers 200 with the offer by value, which names itself by issuer_state', async () => {
    const answer = await create({ request_parameters: { login_hint: 'a b', 'kc.idp-hint_1': '' } });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(Object.keys(answer.json).sort()).toEqual(['id', 'pageUrl', 'uri']);
    const { id, uri } = answer.json as Record<string, string>;
    expect(id).toMatch(/^[A-Za-z0-9_-]{22}$/);
    expect(uri).toMatch(/^openid-credential-offer:\/\/\?credential_offer=[^&=]+$/);
    const offer = offerIn(uri);
    expect(offer).toEqual({
      credential_issuer: system().url,
      credentials: [configurationId],
      credential_configuration_ids: [configurationId],
      request_parameters: { login_hint: 'a b', 'kc.idp-hint_1': '' },
      grants: { authorization_code: { issuer_state: expect.any(String) as string } },
    });
    expect(offerOfIssuerState({ ring: ringOf(system()), issuerId: 'default', issuerState: issuerStateIn(offer) })).toBe(id);
  });

  it('leaves request_parameters out where none are given', async () => {
    expect(offerIn((await create()).json.uri)).not.toHaveProperty('request_parameters');
  });

  it('OFR-11 OFR-12 by reference, the offer is served uncached to anybody who has its URL', async () => {
    const { json } = await create({ credentialOfferMode: 'reference', credentialOfferEndpoint: 'haip-vci://' });
    const uri = String(json.uri);
    expect(uri).toMatch(/^haip-vci:\/\/\?credential_offer_uri=[^&=]+$/);
    const reference = new URL(uri).searchParams.get('credential_offer_uri') ?? '';
    expect(reference.startsWith(`${system().url}/v1/openid/offers/${String(json.id)}.`)).toBe(true);
    const served = await exchange(reference, { headers: { origin: 'https://wallet.example' } });
    expect(served.status).toBe(200);
    expect(served.headers.get('cache-control')).toBe('no-store');
    expect(served.headers.get('access-control-allow-origin')).toBe('*');
    const offer = served.json as Record<string, unknown>;
    expect(offer).toMatchObject({ credential_issuer: system().url, credential_configuration_ids: [configurationId] });
    // The offer by reference and its issuer_state are apart: who has the one cannot tell the other.
    const secret = reference.slice(reference.lastIndexOf('.') + 1);
    expect(issuerStateIn(offer)).not.toContain(secret);
    for (const wrong of [`${String(json.id)}.${'A'.repeat(22)}`, issuerStateIn(offer), `${reference.split('/').at(-1) ?? ''}A`])
      expect((await exchange(`${system().url}/v1/openid/offers/${wrong}`)).status).toBe(404);
  });

  it('draws a QR code that reads as the URI', async () => {
    for (const qrCode of ['png', 'svg']) {
      const { json } = await create({ qrCode });
      expect(readQrCode(String(json.qrCode))).toBe(json.uri);
    }
  });

  it.each([
    [{ seconds: 45 }, 45],
    [{ days: 1, hours: 2, minutes: 3, seconds: 4 }, 93_784],
    [{ days: 3653 }, 3653 * 86_400],
  ])('lives as long as expiresIn %j says', async (expiresIn, seconds) => {
    const before = Date.now();
    const { expiresAt } = (await create({ expiresIn })).json as Record<string, string>;
    const life = Date.parse(expiresAt ?? '') - before;
    expect(life).toBeGreaterThanOrEqual(1000 * seconds);
    expect(life).toBeLessThan(1000 * seconds + 30_000);
  });

  it('ends at expiresAt, given in any time zone', async () => {
    const { json } = await create({ expiresAt: '2030-01-01T13:00:00+13:00' });
    expect(json.expiresAt).toBe('2030-01-01T00:00:00.000Z');
  });

  it('starts a workflow that operators find by what the offer is', async () => {
    const { json, headers } = await create({ expiresAt: '2030-01-01T00:00:00Z' });
    const id = String(json.id);
    const { typedSearchAttributes, status, type } = await system().temporal.workflow.getHandle(`offer:default:${id}`).describe();
    expect([type, status.name]).toEqual(['offer', 'RUNNING']);
    expect(typedSearchAttributes.get(OFFER_ID)).toBe(id);
    expect(typedSearchAttributes.get(ISSUANCE_PHASE)).toBe('OPEN');
    expect(typedSearchAttributes.get(OFFER_EXPIRES_AT)).toEqual(new Date('2030-01-01T00:00:00Z'));
    expect(typedSearchAttributes.get(CREDENTIAL_CONFIG_IDS)).toEqual([configurationId]);
    expect(typedSearchAttributes.get(CORRELATION_ID)).toBe(headers.get('x-request-id'));
  });

  it('takes a provider of the issuer, and is refused with another', async () => {
    const _id = crypto.randomUUID();
    const at = new Date();
    await system().db.authenticationProviders.insertOne({
      _id,
      issuerId: 'default',
      url: 'https://login.example',
      clientId: 'chancery',
      scope: ['openid'],
      tokenEndpointAuthMethod: 'none',
      staticRequestParameters: {},
      forwardedRequestParameters: [],
      claimsToPersist: [],
      userinfo: false,
      isDefault: false,
      createdAt: at,
      updatedAt: at,
    });
    // A change of the issuer by the API, so that the provider is seen.
    await backend.configuration();
    const { status, json } = await create({ authenticationProviderId: _id });
    expect(status).toBe(200);
    expect((await api.get(`${PATH}/${String(json.id)}`)).json.authenticationProviderId).toBe(_id);
    const refused = await create({ authenticationProviderId: 'unknown' });
    expect([refused.status, refused.json.details]).toEqual([
      400,
      [{ msg: 'is not the id of an authentication provider', param: 'authenticationProviderId', location: 'body' }],
    ]);
  });
});
