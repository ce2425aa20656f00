import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { newKeyPair } from '../../../flows/signed-jwt.js';
import { useSharedSystem } from '../../../harness/use-system.js';
import { faultsOf, ManagementClient, placesOf } from '../management-client.js';

const PATH = '/v1/oauth/clients';

const system = useSharedSystem();
let api: ManagementClient;
let id: string;

const SMALLEST = { name: 'Wallet', redirectUris: ['https://wallet.example/callback'] };
const KEY = { ...newKeyPair().publicJwk, kid: 'a' };
const withKeys = (...keys: readonly unknown[]) => ({ tokenEndpointAuthMethod: 'private_key_jwt', jwks: { keys } });

beforeAll(async () => {
  api = await ManagementClient.admin(system());
  ({ id } = await api.create(PATH, SMALLEST));
});

describe('a wallet is not registered, nor its registration replaced, for', () => {
  it.each<[string, Readonly<Record<string, unknown>>, string]>([
    ['no name', { name: undefined }, 'body name'],
    ['a name of 256 characters', { name: 'x'.repeat(256) }, 'body name'],
    ['an empty clientId', { clientId: '' }, 'body clientId'],
    ['a clientId of 513 characters', { clientId: 'x'.repeat(513) }, 'body clientId'],
    ['a clientId that is not ASCII', { clientId: 'wállet' }, 'body clientId'],
    ['a clientId with a line break', { clientId: 'a\nb' }, 'body clientId'],
    ['no redirect URI', { redirectUris: [] }, 'body redirectUris'],
    ['redirect URIs left out', { redirectUris: undefined }, 'body redirectUris'],
    [
      '21 redirect URIs',
      { redirectUris: Array.from({ length: 21 }, (_, index) => `https://wallet.example/${index}`) },
      'body redirectUris',
    ],
    ['a redirect URI twice', { redirectUris: ['app:/a', 'app:/b', 'app:/a'] }, 'body redirectUris[2]'],
    ['a redirect URI that is a number', { redirectUris: [1] }, 'body redirectUris[0]'],
    ['an unknown way to authenticate', { tokenEndpointAuthMethod: 'client_secret_post' }, 'body tokenEndpointAuthMethod'],
    ['an unknown grant', { grantTypes: ['implicit'] }, 'body grantTypes[0]'],
    ['no grant', { grantTypes: [] }, 'body grantTypes'],
    ['a grant twice', { grantTypes: ['authorization_code', 'authorization_code'] }, 'body grantTypes[1]'],
    ['a secret of its own choice', { clientSecret: 'x' }, 'body clientSecret'],
    ['the hash of a secret', { secretHash: 'x.y' }, 'body secretHash'],
    ['private_key_jwt without keys', { tokenEndpointAuthMethod: 'private_key_jwt' }, 'body jwks'],
    ['keys without private_key_jwt', { jwks: { keys: [KEY] } }, 'body jwks'],
    ['keys with a secret', { ...withKeys(KEY), tokenEndpointAuthMethod: 'client_secret_basic' }, 'body jwks'],
    ['a key set without keys', withKeys(), 'body jwks.keys'],
    ['11 keys', withKeys(...Array.from({ length: 11 }, (_, index) => ({ ...KEY, kid: String(index) }))), 'body jwks.keys'],
    ['a kid twice', withKeys(KEY, { ...newKeyPair().publicJwk, kid: 'a' }), 'body jwks.keys[1].kid'],
    ['a key without kid', withKeys({ ...KEY, kid: undefined }), 'body jwks.keys[0].kid'],
    ['a kid of 257 characters', withKeys({ ...KEY, kid: 'x'.repeat(257) }), 'body jwks.keys[0].kid'],
    ['a key set of another shape', { ...withKeys(), jwks: [KEY] }, 'body jwks'],
    ['a URL of keys', { ...withKeys(KEY), jwks_uri: 'https://a.example/jwks' }, 'body jwks_uri'],
  ])('%s', async (_what, changes, place) => {
    expect(placesOf(await api.post(PATH, { ...SMALLEST, ...changes }))).toEqual([place]);
    expect(placesOf(await api.put(`${PATH}/${id}`, { ...SMALLEST, ...changes }))).toEqual([place]);
  });

  it.each<[string, Readonly<Record<string, unknown>>, string]>([
    [
      'an Ed25519 key with its d',
      generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' }),
      'holds private key material',
    ],
    ['a symmetric key', { kty: 'oct', k: 'c2VjcmV0' }, 'holds private key material'],
    ['an RSA key', newKeyPair('PS256').publicJwk, 'is not a P-256, P-384 or Ed25519 key'],
    ['a P-521 key', newKeyPair('ES512').publicJwk, 'is not a P-256, P-384 or Ed25519 key'],
    ['a point on no curve', { ...newKeyPair().publicJwk, y: newKeyPair().publicJwk.y }, 'is not a point on its curve'],
    [
      'a weak point',
      { kty: 'OKP', crv: 'Ed25519', x: Buffer.alloc(32).toString('base64url') },
      'is one that anybody can sign for',
    ],
    ['a key for encryption', { ...newKeyPair().publicJwk, use: 'enc' }, 'is not for signatures'],
    ['another alg', { ...newKeyPair().publicJwk, alg: 'ES384' }, 'names an alg that its curve does not have'],
  ])('%s among its keys', async (_what, key, fault) => {
    const answer = await api.post(PATH, { ...SMALLEST, ...withKeys(KEY, { ...key, kid: 'b' }) });
    expect(faultsOf(answer)).toEqual([`body jwks.keys[1]: ${fault}`]);
    for (const member of ['x', 'd', 'k', 'n'])
      if (typeof key[member] === 'string') expect(answer.text).not.toContain(key[member]);
  });

  it.each([
    ['http://wallet.example/callback', 'must be https; http is for localhost, 127.0.0.1 and [::1] only'],
    ['https://wallet.example/callback#a', 'must not have a fragment'],
    ['javascript:alert(1)', 'must not have a scheme that belongs to no app'],
    ['/callback', 'must be an absolute URI'],
  ])('AUT-16 the redirect URI %s', async (uri, fault) => {
    const answer = await api.post(PATH, { ...SMALLEST, redirectUris: ['https://wallet.example/a', uri] });
    expect(faultsOf(answer)).toEqual([`body redirectUris[1]: ${fault}`]);
  });

  it('a change of its secret, when it is created', async () => {
    const body = { ...SMALLEST, tokenEndpointAuthMethod: 'client_secret_basic', rotateSecret: true };
    expect(placesOf(await api.post(PATH, body))).toEqual(['body rotateSecret']);
  });

  it('all faults at once', async () => {
    const body = { name: '', clientId: '', redirectUris: ['http://a'], jwks: { keys: [] }, grantTypes: [] };
    expect(placesOf(await api.post(PATH, body))).toEqual([
      'body clientId',
      'body grantTypes',
      'body jwks',
      'body jwks.keys',
      'body name',
      'body redirectUris[0]',
    ]);
  });

  it('and stays as it is then', async () => {
    const before = (await api.get(`${PATH}/${id}`)).text;
    await api.put(`${PATH}/${id}`, { ...SMALLEST, name: randomUUID(), redirectUris: ['http://a'] });
    expect((await api.get(`${PATH}/${id}`)).text).toBe(before);
  });
});
