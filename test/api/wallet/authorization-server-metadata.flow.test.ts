import { createLocalJWKSet, jwtVerify, type JSONWebKeySet } from 'jose';
import { describe, expect, it } from 'vitest';
import { exchange } from '../../flows/http-exchange.js';
import { IssuerBackend } from '../../flows/issuer-backend.js';
import { PlainWallet } from '../../flows/plain-wallet.js';
import { useSharedSystem } from '../../harness/use-system.js';

const GRANT = 'urn:ietf:params:oauth:grant-type:pre-authorized_code';

const system = useSharedSystem();
const at = async (path: string) => (await exchange(system().url + path)).json;

describe('the metadata of the authorization server', () => {
  it('ASM-01 is at the location of RFC 8414, and where older wallets look', async () => {
    const metadata = await at('/.well-known/oauth-authorization-server');
    expect(metadata.issuer).toBe(system().url);
    expect(await at('/.well-known/openid-configuration')).toEqual(metadata);
  });

  it('ASM-04 HAP-09 has the scope of every configuration, each once', async () => {
    const backend = await IssuerBackend.login(system());
    const id = await backend.configuration();
    const { credential_configurations_supported: configurations } = await at('/.well-known/openid-credential-issuer');
    const all = configurations as Readonly<Record<string, { readonly scope: string }>>;
    const { scopes_supported: scopes } = await at('/.well-known/oauth-authorization-server');
    expect(scopes).toContain(all[id]?.scope);
    expect([...(scopes as string[])].sort()).toEqual([...new Set(Object.values(all).map(({ scope }) => scope))].sort());
  });

  it('ASM-02 ASM-03 ASM-04 ASM-05 HAP-03 MET-16 says what this server does, and nothing that it does not', async () => {
    expect(await at('/.well-known/oauth-authorization-server')).toEqual({
      issuer: system().url,
      authorization_endpoint: `${system().url}/v1/oauth/authorize`,
      token_endpoint: `${system().url}/v1/oauth/token`,
      pushed_authorization_request_endpoint: `${system().url}/v1/oauth/par`,
      require_pushed_authorization_requests: false,
      jwks_uri: `${system().url}/v1/oauth/jwks`,
      response_types_supported: ['code'],
      response_modes_supported: ['query'],
      grant_types_supported: ['authorization_code', GRANT, 'refresh_token'],
      code_challenge_methods_supported: ['S256'],
      scopes_supported: expect.any(Array) as unknown,
      authorization_details_types_supported: ['openid_credential'],
      token_endpoint_auth_methods_supported: ['none', 'client_secret_basic', 'private_key_jwt'],
      token_endpoint_auth_signing_alg_values_supported: ['ES256', 'ES384', 'EdDSA'],
      dpop_signing_alg_values_supported: ['ES256', 'ES384', 'EdDSA'],
      authorization_response_iss_parameter_supported: true,
      status_list_aggregation_endpoint: `${system().url}/v2/credentials/sd-jwt/status-lists/distribution`,
      'pre-authorized_grant_anonymous_access_supported': true,
    });
  });
});

describe('its keys', () => {
  it('RFC 7517 are public, named, and for signatures', async () => {
    const { keys } = (await at('/v1/oauth/jwks')) as unknown as JSONWebKeySet;
    expect(keys.length).toBeGreaterThan(0);
    for (const key of keys) {
      expect(Object.keys(key).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
      expect(key).toMatchObject({ kty: 'EC', crv: 'P-256', alg: 'ES256', use: 'sig' });
    }
    expect(new Set(keys.map(({ kid }) => kid)).size).toBe(keys.length);
  });

  it('RFC 9068 verify its access tokens', async () => {
    const backend = await IssuerBackend.login(system());
    const { uri } = await backend.offer([await backend.configuration()]);
    const token = await new PlainWallet(system().url).token(uri);
    const keys = createLocalJWKSet((await at('/v1/oauth/jwks')) as unknown as JSONWebKeySet);
    const { protectedHeader } = await jwtVerify(token, keys, { issuer: system().url, audience: system().url, typ: 'at+jwt' });
    expect(protectedHeader.alg).toBe('ES256');
  });
});
