import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { IssuerBackend } from '../../../flows/issuer-backend.js';
import { useSharedSystem } from '../../../harness/use-system.js';
import { faultsOf, ManagementClient, placesOf } from '../management-client.js';

const PATH = '/v1/openid/offers/pre-authorized';

const system = useSharedSystem();
let api: ManagementClient;
let configurationId: string;

beforeAll(async () => {
  api = await ManagementClient.admin(system());
  configurationId = await (await IssuerBackend.login(system())).configuration();
});

const create = (more: Readonly<Record<string, unknown>> = {}) => api.post(PATH, { credentials: [configurationId], ...more });

describe('an offer is refused for', () => {
  const nested = (depth: number): unknown => (depth === 0 ? 1 : { a: nested(depth - 1) });

  it.each<[string, Readonly<Record<string, unknown>>, string[]]>([
    ['no credentials', { credentials: undefined }, ['body credentials']],
    ['an empty list of credentials', { credentials: [] }, ['body credentials']],
    ['credentials that are no list', { credentials: 'x' }, ['body credentials']],
    ['a credential that is no id', { credentials: [1] }, ['body credentials[0]']],
    ['51 credentials', { credentials: Array.from({ length: 51 }, () => randomUUID()) }, ['body credentials']],
    ['unknown configurations', { credentials: ['x', randomUUID()] }, ['body credentials[0]', 'body credentials[1]']],
    ['a name of every object as a configuration', { credentials: ['__proto__'] }, ['body credentials[0]']],
    ['OFR-03 one configuration twice', { credentials: ['a', 'b', 'a'] }, ['body credentials[2]']],
    ['an unknown user', { userId: randomUUID() }, ['body userId']],
    ['a user that is no text', { userId: { $ne: '' } }, ['body userId']],
    ['claims in a list', { claims: ['a'] }, ['body claims']],
    ['claims nine levels deep', { claims: { a: nested(8) } }, ['body claims']],
    ['claims of more than 64 kB', { claims: { a: 'x'.repeat(65_536) } }, ['body claims']],
    ['claimsToPersist that are no claims', { claims: { a: 1 }, claimsToPersist: ['a', 'b'] }, ['body claimsToPersist[1]']],
    ['claimsToPersist without claims', { claimsToPersist: ['toString'] }, ['body claimsToPersist[0]']],
    ['an empty expiresIn', { expiresIn: {} }, ['body expiresIn']],
    ['an expiresIn of nothing', { expiresIn: { minutes: 0, seconds: 0 } }, ['body expiresIn']],
    ['an expiresIn over ten minutes', { expiresIn: { minutes: 10, seconds: 1 } }, ['body expiresIn']],
    ['an expiresIn in hours', { expiresIn: { hours: 1, seconds: 1 } }, ['body expiresIn.hours']],
    ['an expiresIn that is text', { expiresIn: 'PT5M' }, ['body expiresIn']],
    ['a mode that is none', { credentialOfferMode: 'both' }, ['body credentialOfferMode']],
    ['a QR code as a GIF', { qrCode: 'gif' }, ['body qrCode']],
    ['an unknown member', { request_parameters: {} }, ['body request_parameters']],
    [
      'a userId that is empty and a mode that is none',
      { userId: '', credentialOfferMode: 1 },
      ['body credentialOfferMode', 'body userId'],
    ],
  ])('%s', async (_what, changes, places) => {
    expect(placesOf(await create(changes))).toEqual(places);
  });

  it.each([
    'http://wallet.example',
    'javascript://x',
    'data://x',
    'file:///x',
    'my-wallet:',
    'my-wallet://x?a=b',
    'haip-vci://#a',
    'x',
  ])('the endpoint %s', async (credentialOfferEndpoint) => {
    expect(placesOf(await create({ credentialOfferEndpoint }))).toEqual(['body credentialOfferEndpoint']);
  });

  it('a body that is no object', async () => {
    for (const body of ['[]', 'null', '"x"', '1']) expect(placesOf(await api.post(PATH, body))).toEqual(['body ']);
  });

  it('claims that go much deeper than any stack', async () => {
    const body = `{"credentials":["x"],"claims":{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}}`;
    expect(placesOf(await api.post(PATH, body))).toEqual(['body claims']);
  });

  it('nothing at the very bounds of the claims: 8 levels and 64 kB', async () => {
    expect((await create({ claims: nested(8) as object })).status).toBe(200);
    expect((await create({ claims: { a: 'x'.repeat(65_536 - '{"a":""}'.length) } })).status).toBe(200);
  });

  it('and the refusal never repeats a claim', async () => {
    const answer = await create({
      claims: { given_name: 'Ngaio' },
      claimsToPersist: ['family_name'],
      expiresIn: { minutes: 11 },
    });
    expect(faultsOf(answer)).toHaveLength(2);
    expect(answer.text).not.toContain('Ngaio');
  });
});
