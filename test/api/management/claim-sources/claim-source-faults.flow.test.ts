import { beforeAll, describe, expect, it } from 'vitest';
import { useSharedSystem } from '../../../harness/use-system.js';
import { ManagementClient, placesOf } from '../management-client.js';

const PATH = '/v1/claim-sources';

const system = useSharedSystem();
let api: ManagementClient;

beforeAll(async () => {
  api = await ManagementClient.admin(system());
});

const SMALLEST = {
  name: 'Register',
  url: 'https://claims.example/persons',
  requestParameters: {},
  authorization: { type: 'api-key', value: 'a-key-of-some-length-61m1J' },
};
const OAUTH = {
  type: 'oauth-client-credentials',
  tokenEndpoint: 'https://login.example/token',
  clientId: 'chancery',
  clientSecret: 'a-secret-of-some-length-61m1J',
};

describe('a claims source is refused for', () => {
  it.each<[string, Readonly<Record<string, unknown>>, string]>([
    ['no name', { name: undefined }, 'body name'],
    ['an empty name', { name: '' }, 'body name'],
    ['another method than GET and POST', { requestMethod: 'PUT' }, 'body requestMethod'],
    ['no requestParameters', { requestParameters: undefined }, 'body requestParameters'],
    ['an unknown member', { timeout: 5 }, 'body timeout'],
    ['an onFailure that is none', { onFailure: 'ignore' }, 'body onFailure'],
    ['a parameter with neither mapFrom nor default', { requestParameters: { a: {} } }, 'body requestParameters.a'],
    ['a parameter with a default of null', { requestParameters: { a: { defaultValue: null } } }, 'body requestParameters.a'],
    ['a mapFrom elsewhere', { requestParameters: { a: { mapFrom: 'process.env' } } }, 'body requestParameters.a'],
    ['a mapFrom that is no path', { requestParameters: { a: { mapFrom: 'claims..x' } } }, 'body requestParameters.a'],
    ['a mapFrom of all claims', { requestParameters: { a: { mapFrom: 'claims' } } }, 'body requestParameters.a'],
    [
      'a default that is too large',
      { requestParameters: { a: { defaultValue: 'x'.repeat(8192) } } },
      'body requestParameters.a.defaultValue',
    ],
    [
      '101 parameters',
      { requestParameters: Object.fromEntries(Array.from({ length: 101 }, (_, index) => [`p${index}`, { defaultValue: 1 }])) },
      'body requestParameters',
    ],
    ['no authorization', { authorization: undefined }, 'body authorization'],
    ['an authorization of no known type', { authorization: { type: 'basic', value: 'x' } }, 'body authorization.type'],
    ['an api-key without its value', { authorization: { type: 'api-key' } }, 'body authorization.value'],
    ['a value that no header can carry', { authorization: { type: 'api-key', value: 'a\nb' } }, 'body authorization.value'],
    ['a client without a secret', { authorization: { ...OAUTH, clientSecret: undefined } }, 'body authorization.clientSecret'],
    [
      'a token endpoint by plain http',
      { authorization: { ...OAUTH, tokenEndpoint: 'http://login.example/token' } },
      'body authorization.tokenEndpoint',
    ],
    [
      'an unknown way to authenticate',
      { authorization: { ...OAUTH, tokenEndpointAuthMethod: 'private_key_jwt' } },
      'body authorization.tokenEndpointAuthMethod',
    ],
  ])('%s', async (_what, changes, place) => {
    expect(placesOf(await api.post(PATH, { ...SMALLEST, ...changes }))).toEqual([place]);
  });

  it.each([
    ['http://claims.example/a', 'must be an https URL'],
    ['ftp://claims.example/a', 'must be an https URL'],
    ['https://192.0.2.1/a', 'must name a host, not an IP address'],
    ['https://[2001:db8::1]/a', 'must name a host, not an IP address'],
    ['https://2130706433/a', 'must name a host, not an IP address'],
    ['https://127.1/a', 'must name a host, not an IP address'],
    ['https://issuer.localhost/a', 'must name a host on the public internet'],
    ['https://claims.internal/a', 'must name a host on the public internet'],
    ['https://claims.example/a?b=c', 'must not have a query or fragment'],
    ['https://claims.example/a?', 'must not have a query or fragment'],
    ['https://claims.example/a#b', 'must not have a query or fragment'],
    ['https://user:password@claims.example/a', 'must not hold a user name or password'],
    ['/claims', 'must be a valid URL'],
    ['', 'must be a valid URL'],
    [`https://claims.example/${'a'.repeat(2048)}`, ''],
  ])('the URL %s', async (url, msg) => {
    const answer = await api.post(PATH, { ...SMALLEST, url });
    expect(placesOf(answer)).toEqual(['body url']);
    expect(answer.text).toContain(msg);
  });

  it('all faults at once', async () => {
    const body = { name: '', url: 'http://a', requestParameters: { a: {} }, authorization: { type: 'api-key', value: '' } };
    expect(placesOf(await api.post(PATH, body))).toEqual([
      'body authorization.value',
      'body name',
      'body requestParameters.a',
      'body url',
    ]);
  });

  it('nothing where its host is Unicode: it is taken in its ASCII form', async () => {
    const { url } = await api.create(PATH, { ...SMALLEST, url: 'https://bücher.example/persönlich' });
    expect(url).toBe('https://xn--bcher-kva.example/pers%C3%B6nlich');
  });
});
