import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loginSecrets } from '../../../../api/holder/provider/authorization-url.js';
import { startHostileProvider, type HostileProvider } from '../../../flows/hostile-provider.js';
import { authorizationUrl, CALLBACK, newDirectory, newLogin, providerRecord } from './test-login.js';

let idp: HostileProvider;
beforeAll(async () => {
  idp = await startHostileProvider();
});
afterAll(() => idp.stop());

async function parametersOf(record: Partial<Parameters<typeof providerRecord>[0]>, asked: Record<string, string> = {}) {
  const login = newLogin(providerRecord({ url: idp.url, ...record }), newDirectory());
  return { login, parameters: new URL(await authorizationUrl(login, asked)).searchParams };
}

describe('the URL at which holders log in', () => {
  it('asks for a code with PKCE, a nonce and a state of the session', async () => {
    const { login, parameters } = await parametersOf({ scope: ['openid', 'email'] });
    const { state, nonce, codeVerifier } = loginSecrets(login);
    expect(Object.fromEntries(parameters)).toEqual({
      client_id: 'issuer',
      response_type: 'code',
      scope: 'openid email',
      redirect_uri: CALLBACK,
      code_challenge: createHash('sha256').update(codeVerifier).digest('base64url'),
      code_challenge_method: 'S256',
      nonce,
      state,
    });
  });

  it('is the same whenever it is made, and another for another session', async () => {
    const provider = providerRecord({ url: idp.url });
    const login = newLogin(provider);
    const url = await authorizationUrl(login);
    expect(await authorizationUrl({ ...login, providers: newDirectory() })).toBe(url);
    const other = new URL(await authorizationUrl(newLogin(provider))).searchParams;
    for (const name of ['state', 'nonce', 'code_challenge'])
      expect(other.get(name)).not.toBe(new URL(url).searchParams.get(name));
  });

  it('carries what the provider is set to be sent, as JSON where it is no text', async () => {
    const { parameters } = await parametersOf({
      staticRequestParameters: { prompt: 'login', max_age: 300, claims: { userinfo: { email: null } }, flag: true },
    });
    expect(parameters.get('prompt')).toBe('login');
    expect(parameters.get('max_age')).toBe('300');
    expect(parameters.get('claims')).toBe('{"userinfo":{"email":null}}');
    expect(parameters.get('flag')).toBe('true');
  });

  it('passes on of the wallet only what the provider is set for, and a set value wins', async () => {
    const { parameters } = await parametersOf(
      { staticRequestParameters: { prompt: 'login' }, forwardedRequestParameters: ['login_hint', 'prompt', 'toString'] },
      { login_hint: 'aroha', prompt: 'none', acr_values: 'low' },
    );
    expect(parameters.getAll('login_hint')).toEqual(['aroha']);
    expect(parameters.getAll('prompt')).toEqual(['login']);
    expect(parameters.has('acr_values')).toBe(false);
    expect(parameters.has('toString')).toBe(false);
  });

  it('lets neither setting nor wallet change the protocol', async () => {
    const hostile = {
      client_id: 'x',
      redirect_uri: 'https://evil.example/',
      response_mode: 'form_post',
      response_type: 'token',
      state: 'x',
      nonce: 'x',
      scope: 'x',
      request_uri: 'https://evil.example/',
      code_challenge_method: 'plain',
    };
    const names = Object.keys(hostile);
    const { parameters: plain, login } = await parametersOf({});
    for (const record of [{ staticRequestParameters: hostile }, { forwardedRequestParameters: names }]) {
      const provider = providerRecord({ url: idp.url, ...record });
      const changed = new URL(await authorizationUrl({ ...login, provider }, hostile)).searchParams;
      expect(Object.fromEntries(changed)).toEqual(Object.fromEntries(plain));
    }
  });

  it('keeps the query of the authorization endpoint', async () => {
    idp.metadata = { authorization_endpoint: `${idp.url}/authorize?policy=sign-in` };
    const { parameters } = await parametersOf({});
    expect(parameters.get('policy')).toBe('sign-in');
    idp.metadata = {};
  });
});
