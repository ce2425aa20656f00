import { afterEach, describe, expect, it } from 'vitest';
import { DEMO_PEOPLE } from '../../../../scripts/demo/people.js';
import { logIn, startTestIdentityProvider, type TestIdentityProvider } from '../../../flows/identity-provider.js';
import { authenticate, authorizationUrl, CALLBACK, newLogin, providerRecord } from './test-login.js';

const [aroha] = DEMO_PEOPLE;

let idp: TestIdentityProvider | undefined;
afterEach(() => idp?.stop());

async function start(options: Partial<Parameters<typeof startTestIdentityProvider>[0]> = {}): Promise<TestIdentityProvider> {
  idp = await startTestIdentityProvider({ accounts: DEMO_PEOPLE, redirectUri: CALLBACK, ...options });
  return idp;
}

describe('a login at an OpenID Connect provider', () => {
  it('tells who logged in, and what the ID token says of them', async () => {
    const { url, clientSecret } = await start();
    const login = newLogin(providerRecord({ url, clientSecret }));
    const callback = await logIn(await authorizationUrl(login), 'demo-aroha');
    expect(callback.startsWith(`${CALLBACK}?code=`)).toBe(true);
    expect(await authenticate(login, callback)).toEqual({
      providerId: 'provider-1',
      url,
      subjectId: 'demo-aroha',
      claims: { sub: 'demo-aroha', ...aroha!.claims },
    });
  });

  it('reads the claims from userinfo where the provider is set so', async () => {
    const { url, clientSecret } = await start({ claimsInIdToken: false });
    const without = newLogin(providerRecord({ url, clientSecret }));
    expect((await authenticate(without, await logIn(await authorizationUrl(without), 'demo-bruno'))).claims).toEqual({
      sub: 'demo-bruno',
    });
    const userinfo = newLogin(providerRecord({ url, clientSecret, userinfo: true }));
    expect((await authenticate(userinfo, await logIn(await authorizationUrl(userinfo), 'demo-bruno'))).claims).toMatchObject({
      sub: 'demo-bruno',
      employee_number: '004712',
      address: { locality: 'Karlsruhe' },
    });
  });

  it('authenticates with the secret in the body where the provider is set so', async () => {
    const { url, clientSecret } = await start({ tokenEndpointAuthMethod: 'client_secret_post' });
    const login = newLogin(providerRecord({ url, clientSecret, tokenEndpointAuthMethod: 'client_secret_post' }));
    const { subjectId } = await authenticate(login, await logIn(await authorizationUrl(login), 'demo-aroha'));
    expect(subjectId).toBe('demo-aroha');
  });

  it('takes a code once; a second time it says that a new login may do', async () => {
    const { url, clientSecret } = await start();
    const login = newLogin(providerRecord({ url, clientSecret }));
    const callback = await logIn(await authorizationUrl(login), 'demo-aroha');
    await authenticate(login, callback);
    await expect(authenticate(login, callback)).rejects.toMatchObject({
      name: 'ProviderAnswerError',
      fault: 'code_refused',
      retryable: true,
    });
  });

  it('refuses the code of another session, whose PKCE verifier is not its own', async () => {
    const { url, clientSecret } = await start();
    const provider = providerRecord({ url, clientSecret });
    const [mine, theirs] = [newLogin(provider), newLogin(provider)];
    const code = new URL(await logIn(await authorizationUrl(theirs), 'demo-bruno')).searchParams.get('code')!;
    await expect(authenticate(mine, { code, iss: url })).rejects.toMatchObject({ fault: 'code_refused' });
  });

  it('refuses the callback of another session', async () => {
    const { url, clientSecret } = await start();
    const provider = providerRecord({ url, clientSecret });
    const callback = await logIn(await authorizationUrl(newLogin(provider)), 'demo-aroha');
    await expect(authenticate(newLogin(provider), callback)).rejects.toMatchObject({ fault: 'callback', retryable: false });
  });

  it('says that the provider does not know the client secret', async () => {
    const { url } = await start();
    const login = newLogin(providerRecord({ url, clientSecret: 'another-secret' }));
    const callback = await logIn(await authorizationUrl(login), 'demo-aroha');
    await expect(authenticate(login, callback)).rejects.toMatchObject({ fault: 'client_refused', retryable: false });
  });

  it('says that the holder cancelled, and that nobody was logged in where none may be asked', async () => {
    const { url, clientSecret } = await start();
    const refused = { name: 'ProviderRefusalError', error: 'access_denied' };
    const cancelled = newLogin(providerRecord({ url, clientSecret }));
    await expect(authenticate(cancelled, await logIn(await authorizationUrl(cancelled), 'cancel'))).rejects.toMatchObject(
      refused,
    );
    const silent = newLogin(providerRecord({ url, clientSecret, staticRequestParameters: { prompt: 'none' } }));
    const callback = await logIn(await authorizationUrl(silent), 'demo-aroha');
    expect(new URL(callback).searchParams.get('error')).toBe('login_required');
    await expect(authenticate(silent, callback)).rejects.toMatchObject(refused);
  });

  it('checks that a max_age was kept', async () => {
    const { url, clientSecret } = await start();
    const cookies = new Map<string, string>();
    const login = newLogin(providerRecord({ url, clientSecret, staticRequestParameters: { max_age: 3600 } }));
    expect((await authenticate(login, await logIn(await authorizationUrl(login), 'demo-aroha', cookies))).subjectId).toBe(
      'demo-aroha',
    );
  });
});
