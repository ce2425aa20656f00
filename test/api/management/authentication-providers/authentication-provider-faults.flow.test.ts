import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { useOwnProcesses } from '../../../harness/use-system.js';
import { faultsOf, ManagementClient, placesOf } from '../management-client.js';
import { answering, discoveryDocument, startDiscoveryServer, type Behaviour, type DiscoveryServer } from './discovery-server.js';

const PATH = '/v1/users/authentication-providers';

const system = useOwnProcesses({
  env: { OUTBOUND_ALLOWED_HOSTS: 'localhost', PROVIDER_TIMEOUT_MS: '500', OUTBOUND_MAX_BYTES: '16384' },
});
let api: ManagementClient;
let others: DiscoveryServer;

beforeAll(async () => {
  [api, others] = await Promise.all([ManagementClient.admin(system()), startDiscoveryServer()]);
});
afterAll(() => others.stop());

const smallest = (url = others.provider()) => ({ url, clientId: 'chancery', clientSecret: 'a-secret-of-some-length' });
const many = (count: number, value: unknown = 'x') =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`p${index}`, value]));

describe('an authentication provider is refused for', () => {
  it.each<[string, Readonly<Record<string, unknown>>, string]>([
    ['no URL', { url: undefined }, 'body url'],
    ['a URL by plain http', { url: 'http://login.mattr.global' }, 'body url'],
    ['a URL with a query', { url: 'https://login.mattr.global/?a=b' }, 'body url'],
    ['a URL that is too long', { url: `https://login.mattr.global/${'a'.repeat(2048)}` }, 'body url'],
    ['a URL without a public top-level domain', { url: 'https://login.example' }, 'body url'],
    ['no clientId', { clientId: undefined }, 'body clientId'],
    ['an empty clientId', { clientId: '' }, 'body clientId'],
    ['no secret', { clientSecret: undefined }, 'body clientSecret'],
    [
      'no secret with client_secret_post',
      { clientSecret: undefined, tokenEndpointAuthMethod: 'client_secret_post' },
      'body clientSecret',
    ],
    ['an empty secret', { clientSecret: '' }, 'body clientSecret'],
    ['a secret that no header can carry', { clientSecret: 'a\nb' }, 'body clientSecret'],
    ['a secret with none', { tokenEndpointAuthMethod: 'none' }, 'body clientSecret'],
    ['an unknown way to authenticate', { tokenEndpointAuthMethod: 'private_key_jwt' }, 'body tokenEndpointAuthMethod'],
    ['a scope without openid', { scope: ['profile'] }, 'body scope'],
    ['an empty scope', { scope: [] }, 'body scope'],
    ['a scope that is a text', { scope: 'openid profile' }, 'body scope'],
    ['two scopes in one', { scope: ['openid', 'a b'] }, 'body scope[1]'],
    ['a scope twice', { scope: ['openid', 'openid'] }, 'body scope[1]'],
    ['static parameters that are a list', { staticRequestParameters: ['a'] }, 'body staticRequestParameters'],
    ['1001 static parameters', { staticRequestParameters: many(1001) }, 'body staticRequestParameters'],
    [
      'a static value of 1000 characters of JSON',
      { staticRequestParameters: { a: 'x'.repeat(998) } },
      'body staticRequestParameters.a',
    ],
    [
      'a static value that is nested too deep',
      { staticRequestParameters: { a: [[[[[[[[[1]]]]]]]]] } },
      'body staticRequestParameters.a',
    ],
    ['a forwarded parameter twice', { forwardedRequestParameters: ['a', 'a'] }, 'body forwardedRequestParameters[1]'],
    ['101 forwarded parameters', { forwardedRequestParameters: Object.keys(many(101)) }, 'body forwardedRequestParameters'],
    ['a claim without a name', { claimsToPersist: [''] }, 'body claimsToPersist[0]'],
    ['301 claims to persist', { claimsToPersist: Object.keys(many(301)) }, 'body claimsToPersist'],
    ['a userinfo that is none', { userinfo: 'yes' }, 'body userinfo'],
    ['an isDefault that is none', { isDefault: 1 }, 'body isDefault'],
    ['an unknown member', { claimsSource: 'idToken' }, 'body claimsSource'],
  ])('%s', async (_what, changes, place) => {
    expect(placesOf(await api.post(PATH, { ...smallest(), ...changes }))).toEqual([place]);
  });

  it.each([
    'client_id',
    'redirect_uri',
    'response_type',
    'response_mode',
    'scope',
    'state',
    'nonce',
    'code_challenge',
    'code_challenge_method',
    'request',
    'request_uri',
  ])('%s among its parameters: that one is set by the issuer', async (name) => {
    const fault = 'must not be set: the issuer sets this parameter himself';
    expect(
      faultsOf(
        await api.post(PATH, {
          ...smallest(),
          staticRequestParameters: { [name]: 'x' },
          forwardedRequestParameters: ['login_hint', name],
        }),
      ),
    ).toEqual([`body staticRequestParameters.${name}: ${fault}`, `body forwardedRequestParameters[1]: ${fault}`]);
  });

  it('nothing at the limits', async () => {
    const created = await api.post(PATH, {
      ...smallest(),
      staticRequestParameters: { ...many(999), a: 'x'.repeat(997) },
      forwardedRequestParameters: Object.keys(many(100)),
      claimsToPersist: Object.keys(many(300)),
    });
    expect(created.status).toBe(201);
  });

  it('all faults at once, and its provider is not asked', async () => {
    const url = others.provider();
    expect(placesOf(await api.post(PATH, { url, clientId: '', scope: [], userinfo: 1 }))).toEqual([
      'body clientId',
      'body scope',
      'body userinfo',
    ]);
    expect(others.requests.filter((path) => path.startsWith(new URL(url).pathname))).toEqual([]);
  });
});

describe('the discovery document of an authentication provider is at fault for', () => {
  const changed = (changes: Readonly<Record<string, unknown>>) => (issuer: string) =>
    answering({ ...discoveryDocument(issuer), ...changes });
  const without = (name: string) => `has a discovery document without ${name}`;
  const noHttps = (name: string) => `has a discovery document whose ${name} is not an https URL`;
  const otherIssuer = 'has a discovery document with another issuer; give the URL exactly as its issuer is';

  it.each<[string, (issuer: string) => Behaviour, readonly string[]]>([
    ['another issuer', changed({ issuer: 'https://login.mattr.global' }), [otherIssuer]],
    ['another path of its issuer', (issuer) => answering(discoveryDocument(`${issuer}/more`)), [otherIssuer]],
    ['no issuer', changed({ issuer: undefined }), [otherIssuer]],
    ['no authorization_endpoint', changed({ authorization_endpoint: undefined }), [without('authorization_endpoint')]],
    ['no token_endpoint', changed({ token_endpoint: undefined }), [without('token_endpoint')]],
    ['no jwks_uri', changed({ jwks_uri: undefined }), [without('jwks_uri')]],
    ['no scopes_supported', changed({ scopes_supported: undefined }), [without('scopes_supported')]],
    ['scopes_supported that are a text', changed({ scopes_supported: 'openid' }), [without('scopes_supported')]],
    ['plain http elsewhere', changed({ token_endpoint: 'http://login.mattr.global/token' }), [noHttps('token_endpoint')]],
    ['an endpoint that runs code', changed({ authorization_endpoint: 'javascript:1' }), [noHttps('authorization_endpoint')]],
    ['an endpoint that is no URL', changed({ jwks_uri: '/jwks' }), [noHttps('jwks_uri')]],
    ['an endpoint that is no text', changed({ jwks_uri: 7 }), [noHttps('jwks_uri')]],
    [
      'all of it',
      () => answering({}),
      [otherIssuer, ...['authorization_endpoint', 'token_endpoint', 'jwks_uri'].map(without), without('scopes_supported')],
    ],
    ['not being an object', () => answering([]), ['has a discovery document that is not a JSON object']],
    ['being null', () => answering('null'), ['has a discovery document that is not a JSON object']],
    ['not being JSON', () => answering('<html>'), ['has a discovery document that is not a JSON object']],
    ['its size', () => answering(`"${'x'.repeat(20_000)}"`), ['has a discovery document that is too large']],
    [
      'its status',
      (issuer) => answering(discoveryDocument(issuer), 500),
      ['has no discovery document: /.well-known/openid-configuration must answer with 200'],
    ],
    ['its silence', () => () => undefined, ['did not give its discovery document in time']],
    [
      'a connection that breaks',
      () => (response) => {
        response.destroy();
      },
      ['could not be reached to read its discovery document'],
    ],
    [
      'a redirect to a private address',
      () => (response) => {
        response.writeHead(302, { location: 'https://127.0.0.1/' }).end();
      },
      ['does not lead to a host on the public internet'],
    ],
    [
      'a redirect to plain http',
      () => (response) => {
        response.writeHead(302, { location: 'http://login.mattr.global/' }).end();
      },
      ['redirects to a discovery document that is not on https'],
    ],
    [
      'redirects without end',
      (issuer) => (response) => {
        response.writeHead(302, { location: `${issuer}/.well-known/openid-configuration` }).end();
      },
      ['redirects too often on the way to its discovery document'],
    ],
  ])('%s', async (_what, behaviour, faults) => {
    const answer = await api.post(PATH, smallest(others.provider(behaviour)));
    expect(faultsOf(answer)).toEqual(faults.map((fault) => `body url: ${fault}`));
  });

  it('no userinfo_endpoint, where claims are to be read there', async () => {
    const body = { ...smallest(), userinfo: true };
    expect(faultsOf(await api.post(PATH, body))).toEqual([`body url: ${without('userinfo_endpoint')}`]);
    expect((await api.post(PATH, { ...body, userinfo: false })).status).toBe(201);
  });

  it('nobody being there', async () => {
    const gone = await startDiscoveryServer();
    const url = gone.provider();
    await gone.stop();
    expect(faultsOf(await api.post(PATH, smallest(url)))).toEqual([
      'body url: could not be reached to read its discovery document',
    ]);
  });

  it('the same when a provider is replaced, which then stays as it was', async () => {
    const { id } = await api.create(PATH, smallest());
    const before = await api.get(`${PATH}/${id}`);
    const broken = smallest(others.provider(changed({ jwks_uri: undefined })));
    expect(faultsOf(await api.put(`${PATH}/${id}`, broken))).toEqual([`body url: ${without('jwks_uri')}`]);
    expect((await api.get(`${PATH}/${id}`)).text).toBe(before.text);
  });
});
