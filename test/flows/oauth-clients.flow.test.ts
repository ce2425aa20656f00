import { generateKeyPair } from 'jose';
import * as oauth from 'oauth4webapi';
import * as openidClient from 'openid-client';
import { beforeAll, describe, expect, it } from 'vitest';
import { useSharedSystem } from '../harness/use-system.js';
import { IssuerBackend } from './issuer-backend.js';
import { credentialsOf, PlainWallet } from './plain-wallet.js';

const GRANT = 'urn:ietf:params:oauth:grant-type:pre-authorized_code';
// eslint-disable-next-line @typescript-eslint/no-deprecated -- marked so only to stand out; the tests speak plain HTTP to this machine
const INSECURE = { [oauth.allowInsecureRequests]: true };
const CLIENT: oauth.Client = { client_id: 'a-wallet' };

const system = useSharedSystem();
let backend: IssuerBackend;
let wallet: PlainWallet;
let configurationId: string;

beforeAll(async () => {
  backend = await IssuerBackend.login(system());
  wallet = new PlainWallet(system().url);
  configurationId = await backend.configuration();
});

const freshCode = async () => wallet.codeOf((await backend.offer([configurationId])).uri);

describe('oauth4webapi', () => {
  const discover = async () => {
    const issuer = new URL(system().url);
    const response = await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...INSECURE });
    return oauth.processDiscoveryResponse(issuer, response);
  };

  it('RFC 8414 discovers the authorization server', async () => {
    const server = await discover();
    expect(server.issuer).toBe(system().url);
    expect(server.token_endpoint).toBe(`${system().url}/v1/oauth/token`);
    expect(server.grant_types_supported).toContain(GRANT);
    expect(server.dpop_signing_alg_values_supported).toContain('ES256');
  });

  it('TOK-13 redeems a code and finds the answer in order', async () => {
    const server = await discover();
    const response = await oauth.genericTokenEndpointRequest(
      server,
      CLIENT,
      oauth.None(),
      GRANT,
      { 'pre-authorized_code': await freshCode() },
      INSECURE,
    );
    expect(response.headers.get('cache-control')).toContain('no-store');
    const token = await oauth.processGenericTokenEndpointResponse(server, CLIENT, response);
    expect(token.token_type).toBe('bearer');
    expect(token.expires_in).toBeGreaterThan(0);
    expect(token.expires_in).toBeLessThanOrEqual(300);
  });

  it('RFC 9068 finds the access token to be a JWT of the published keys', async () => {
    const server = await discover();
    const response = await oauth.genericTokenEndpointRequest(
      server,
      CLIENT,
      oauth.None(),
      GRANT,
      { 'pre-authorized_code': await freshCode() },
      INSECURE,
    );
    const { access_token: accessToken } = await oauth.processGenericTokenEndpointResponse(server, CLIENT, response);
    const request = new Request(`${system().url}/v1/openid/credential`, {
      method: 'POST',
      headers: { authorization: `Bearer ${accessToken}` },
    });
    const claims = await oauth.validateJwtAccessToken(server, request, system().url, INSECURE);
    expect(claims.iss).toBe(system().url);
    expect(claims.client_id).toBe(CLIENT.client_id);
  });

  it('RFC 9449 redeems with DPoP and uses the bound token at the credential endpoint', async () => {
    const server = await discover();
    const keyPair = await generateKeyPair('ES256', { extractable: true });
    const DPoP = oauth.DPoP(CLIENT, keyPair);
    const response = await oauth.genericTokenEndpointRequest(
      server,
      CLIENT,
      oauth.None(),
      GRANT,
      { 'pre-authorized_code': await freshCode() },
      { DPoP, ...INSECURE },
    );
    const token = await oauth.processGenericTokenEndpointResponse(server, CLIENT, response);
    expect(token.token_type).toBe('dpop');
    const body = await wallet.credentialRequest(configurationId);
    const url = new URL(`${system().url}/v1/openid/credential`);
    const headers = new Headers({ 'content-type': 'application/json' });
    const answer = await oauth.protectedResourceRequest(token.access_token, 'POST', url, headers, body, { DPoP, ...INSECURE });
    expect(answer.status).toBe(200);

    const stolen = await wallet.requestCredential(token.access_token, body);
    expect(stolen.status).toBe(401);
    expect(stolen.headers.get('www-authenticate')).toContain('DPoP');
  });

  it('RFC 6749 5.2 is told of a used code as invalid_grant', async () => {
    const server = await discover();
    const code = await freshCode();
    const redeem = async () => {
      const response = await oauth.genericTokenEndpointRequest(
        server,
        CLIENT,
        oauth.None(),
        GRANT,
        { 'pre-authorized_code': code },
        INSECURE,
      );
      return oauth.processGenericTokenEndpointResponse(server, CLIENT, response);
    };
    await redeem();
    await expect(redeem()).rejects.toMatchObject({ error: 'invalid_grant', status: 400 });
  });
});

describe('openid-client', () => {
  it('discovers the server, redeems a code and collects with the token', async () => {
    const configuration = await openidClient.discovery(new URL(system().url), 'a-wallet', undefined, openidClient.None(), {
      algorithm: 'oauth2',
      // eslint-disable-next-line @typescript-eslint/no-deprecated -- marked so as not to be used by chance: the test's issuer has no TLS
      execute: [openidClient.allowInsecureRequests],
    });
    const token = await openidClient.genericGrantRequest(configuration, GRANT, { 'pre-authorized_code': await freshCode() });
    const answer = await wallet.requestCredential(token.access_token, await wallet.credentialRequest(configurationId));
    expect(credentialsOf(answer)).toHaveLength(1);
  });
});
