import { beforeAll, describe, expect, it } from 'vitest';
import { IssuerBackend } from '../../../flows/issuer-backend.js';
import { useSharedSystem } from '../../../harness/use-system.js';
import { faultsOf, ManagementClient, placesOf } from '../management-client.js';

const PATH = '/v1/openid/offers';

const system = useSharedSystem();
let api: ManagementClient;
let configurationId: string;

beforeAll(async () => {
  api = await ManagementClient.admin(system());
  configurationId = await (await IssuerBackend.login(system())).configuration();
});

const create = (more: Readonly<Record<string, unknown>> = {}) => api.post(PATH, { credentials: [configurationId], ...more });
const parameters = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`p${index}`, 'x']));

describe('a request for a reusable offer is refused', () => {
  it.each<[string, Readonly<Record<string, unknown>>, readonly string[]]>([
    ['without credentials', { credentials: undefined }, ['body credentials']],
    ['with an empty list of them', { credentials: [] }, ['body credentials']],
    ['with more than fifty', { credentials: Array.from({ length: 51 }, (_, index) => `c${index}`) }, ['body credentials']],
    ['with one twice', { credentials: ['a', 'a'] }, ['body credentials[1]']],
    ['with ones that are unknown', { credentials: ['a', 'b'] }, ['body credentials[0]', 'body credentials[1]']],
    ['with parameters that are no object', { request_parameters: ['a'] }, ['body request_parameters']],
    ['with too many parameters', { request_parameters: parameters(21) }, ['body request_parameters']],
    ['with a parameter too long', { request_parameters: { a: 'x'.repeat(513) } }, ['body request_parameters.a']],
    ['with a parameter that is no text', { request_parameters: { max_age: 1 } }, ['body request_parameters.max_age']],
    ['with a line break in a parameter', { request_parameters: { a: 'x\ny' } }, ['body request_parameters.a']],
    ['with a name that no parameter has', { request_parameters: { 'a b': 'x' } }, ['body request_parameters.a b']],
    ['with a name of the database', { request_parameters: { $where: 'x' } }, ['body request_parameters.$where']],
    ['with both ends', { expiresIn: { days: 1 }, expiresAt: '2030-01-01T00:00:00Z' }, ['body expiresAt']],
    ['with no life', { expiresIn: {} }, ['body expiresIn']],
    ['with too long a life', { expiresIn: { days: 3653, seconds: 1 } }, ['body expiresIn']],
    ['with a life in years', { expiresIn: { years: 1, days: 1 } }, ['body expiresIn.years']],
    ['with an end that is past', { expiresAt: '2020-01-01T00:00:00Z' }, ['body expiresAt']],
    ['with an end too far away', { expiresAt: '2100-01-01T00:00:00Z' }, ['body expiresAt']],
    ['with an end that is no time', { expiresAt: 'tomorrow' }, ['body expiresAt']],
    ['with no claims at all', { maximumClaims: 0 }, ['body maximumClaims']],
    ['with too many claims', { maximumClaims: 10_001 }, ['body maximumClaims']],
    ['with half a claim', { maximumClaims: 1.5 }, ['body maximumClaims']],
    ['with another mode', { credentialOfferMode: 'both' }, ['body credentialOfferMode']],
    ['with an endpoint that is no wallet', { credentialOfferEndpoint: 'http://a.example' }, ['body credentialOfferEndpoint']],
    ['with what pre-authorized offers have', { claims: {}, userId: 'a' }, ['body claims', 'body userId']],
  ])('%s', async (_what, changes, places) => {
    expect(placesOf(await create(changes))).toEqual(places);
  });

  it.each([
    'client_id',
    'redirect_uri',
    'response_type',
    'state',
    'code_challenge',
    'code_challenge_method',
    'request',
    'request_uri',
    'scope',
    'authorization_details',
    'issuer_state',
  ])('with %s among the parameters: wallets set it themselves', async (name) => {
    expect(faultsOf(await create({ request_parameters: { [name]: 'x' } }))).toEqual([
      `body request_parameters.${name}: is a parameter that wallets set themselves`,
    ]);
  });

  it('with a sentence that says what a name may be', async () => {
    expect(faultsOf(await create({ request_parameters: { 'a b': 'x' } }))).toEqual([
      'body request_parameters.a b: must have a name of 1 to 64 letters, digits, dots, hyphens or underscores',
    ]);
  });

  it('with a QR code that could not hold it, before anything is made', async () => {
    const before = await system().db.offers.countDocuments({ configurationIds: configurationId });
    const large = Object.fromEntries(Object.keys(parameters(10)).map((name) => [name, 'x'.repeat(512)]));
    const refused = await create({ request_parameters: large, qrCode: 'png' });
    expect(placesOf(refused)).toEqual(['body qrCode']);
    expect(await system().db.offers.countDocuments({ configurationIds: configurationId })).toBe(before);
    expect((await create({ request_parameters: large, qrCode: 'png', credentialOfferMode: 'reference' })).status).toBe(200);
  });

  it('by lists as well, with a filter that there is not', async () => {
    for (const [query, place] of [
      ['state=open', 'query state'],
      ['state=active&state=paused', 'query state'],
      ['limit=0', 'query limit'],
      ['cursor=x', 'query cursor'],
    ])
      expect(placesOf(await api.get(`${PATH}?${query ?? ''}`))).toEqual([place]);
  });
});
