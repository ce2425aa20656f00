import { exportJWK, generateKeyPair } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyCredential } from '../../scripts/demo/verify-credential.js';
import { useOwnProcesses } from '../harness/use-system.js';
import { CodeIssuer } from './authorization-server.js';
import { HolderBrowser, locationOf } from './holder-browser.js';
import { logIn } from './identity-provider.js';
import { oauth4webapiWallet, openidClientWallet, type ClientProof, type OAuthWallet } from './oauth-client-libraries.js';
import { newHolderKey, PlainWallet } from './plain-wallet.js';

const METHODS = ['none', 'client_secret_basic', 'private_key_jwt'] as const;
const [PAR, TOKEN, CREDENTIAL] = ['/v1/oauth/par', '/v1/oauth/token', '/v1/openid/credential'];
/** Registered without its port, as loopback redirects may be (RFC 8252 7.3). */
const REDIRECT_URI = 'http://127.0.0.1:49152/callback';

const system = useOwnProcesses({ env: { OUTBOUND_ALLOWED_HOSTS: 'localhost', DPOP_NONCES: 'true' } });
let issuer: CodeIssuer;
let credential: { id: string; scope: string };

beforeAll(async () => {
  issuer = await CodeIssuer.start(system());
  credential = await issuer.credential();
});
afterAll(() => issuer.stop());

/** Registers a wallet that authenticates so; an unregistered one without authentication. */
async function registered(method: (typeof METHODS)[number]): Promise<{ clientId: string; proof: ClientProof }> {
  if (method === 'none') return { clientId: 'an-unregistered-wallet', proof: { method } };
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: '1', alg: 'ES256' }] };
  const body = {
    name: 'Wallet',
    redirectUris: ['http://127.0.0.1/callback'],
    tokenEndpointAuthMethod: method,
    ...(method === 'private_key_jwt' ? { jwks } : {}),
  };
  const { clientId, clientSecret = '' } = (await issuer.backend.session.post('/v1/oauth/clients', body)) as {
    clientId: string;
    clientSecret?: string;
  };
  return { clientId, proof: method === 'private_key_jwt' ? { method, privateKey } : { method, clientSecret } };
}

/** The holder agrees and logs in; gives the URL that the browser ends at. */
async function browse(authorizationUrl: string): Promise<string> {
  const browser = new HolderBrowser();
  const atProvider = await issuer.agree(browser, authorizationUrl);
  return locationOf(await browser.get(await logIn(atProvider, 'ngaio')));
}

const without = (callback: string, parameter: string): string => {
  const url = new URL(callback);
  url.searchParams.delete(parameter);
  return url.href;
};

const replaced = (callback: string, parameter: string, value: string): string => {
  const url = new URL(callback);
  url.searchParams.set(parameter, value);
  return url.href;
};

describe.each([
  ['oauth4webapi', oauth4webapiWallet],
  ['openid-client', openidClientWallet],
] as const)('%s', (_name, newWallet) => {
  const walletOf = async (method: (typeof METHODS)[number]): Promise<OAuthWallet> =>
    newWallet({ issuer: system().url, redirectUri: REDIRECT_URI, ...(await registered(method)) });

  it.each(METHODS)(
    'AUT-12 AUT-13 TOK-01 TOK-19 HAP-05 SEC-13 pushes, redeems, refreshes and collects, by nonces that it was given: %s',
    async (method) => {
      const wallet = await walletOf(method);
      const token = await wallet.redeem(await browse(await wallet.begin({ scope: credential.scope })));
      // Libraries give the token type in lower case (RFC 6749 7.1: it is compared so).
      expect(token.token_type.toLowerCase()).toBe('dpop');
      const refreshed = await wallet.refresh(token.refresh_token ?? '');
      expect(refreshed.access_token).not.toBe(token.access_token);

      const key = newHolderKey();
      const body = await new PlainWallet(system().url).credentialRequest(credential.id, [key]);
      wallet.forgetNonces();
      const answer = await wallet.requestCredential(refreshed.access_token, body);
      expect(answer.status).toBe(200);
      const { credentials } = (await answer.json()) as { credentials: readonly { credential: string }[] };
      const { payload } = await verifyCredential({
        credential: credentials[0]?.credential ?? '',
        issuer: system().url,
        holderKey: key.publicJwk,
      });
      expect(payload).toMatchObject({ given_name: 'Ngaio', family_name: 'Holder' });
      expect(wallet.exchanges).toEqual([
        `${PAR} 400`,
        `${PAR} 201`,
        `${TOKEN} 200`,
        `${TOKEN} 200`,
        `${CREDENTIAL} 401`,
        `${CREDENTIAL} 200`,
      ]);
    },
  );

  it('asks again at the token endpoint where its nonce is missing there: the code and the refresh token stay good', async () => {
    const wallet = await walletOf('private_key_jwt');
    const callback = await browse(await wallet.begin({ scope: credential.scope }));
    wallet.exchanges.length = 0;
    wallet.forgetNonces();
    const token = await wallet.redeem(callback);
    wallet.forgetNonces();
    await wallet.refresh(token.refresh_token ?? '');
    expect(wallet.exchanges).toEqual([`${TOKEN} 400`, `${TOKEN} 200`, `${TOKEN} 400`, `${TOKEN} 200`]);
  });

  it('AUT-12 takes no answer of another issuer, without iss, or of another session', async () => {
    const wallet = await walletOf('none');
    const callback = await browse(await wallet.begin({ scope: credential.scope }));
    wallet.exchanges.length = 0;
    for (const wrong of [
      replaced(callback, 'iss', 'https://attacker.example'),
      without(callback, 'iss'),
      replaced(callback, 'state', 'of-another-session'),
      without(callback, 'state'),
    ])
      await expect(async () => wallet.redeem(wrong)).rejects.toMatchObject({
        code: expect.stringMatching(/INVALID_RESPONSE/) as string,
      });
    expect(wallet.exchanges).toEqual([]);
    expect((await wallet.redeem(callback)).access_token).toEqual(expect.any(String));
  });

  it('is told by OAuth errors of a holder who cancels, and of a code that was used', async () => {
    const wallet = await walletOf('none');
    const browser = new HolderBrowser();
    const authorizationUrl = await wallet.begin({ scope: credential.scope });
    const cancelled = await browser.submit(await browser.get(authorizationUrl), authorizationUrl, 'cancel');
    await expect(async () => wallet.redeem(locationOf(cancelled))).rejects.toMatchObject({ error: 'access_denied' });

    const callback = await browse(authorizationUrl);
    await wallet.redeem(callback);
    await expect(wallet.redeem(callback)).rejects.toMatchObject({ error: 'invalid_grant', status: 400 });
  });

  it('is told invalid_client where it shows what is not its own', async () => {
    const { clientId } = await registered('private_key_jwt');
    const { privateKey } = await generateKeyPair('ES256');
    const thief = await newWallet({
      issuer: system().url,
      redirectUri: REDIRECT_URI,
      clientId,
      proof: { method: 'private_key_jwt', privateKey },
    });
    await expect(thief.begin({ scope: credential.scope })).rejects.toMatchObject({ error: 'invalid_client', status: 401 });
  });
});
