import { generateKeyPair, type CryptoKey } from 'jose';
import * as oauth from 'oauth4webapi';
import * as openidClient from 'openid-client';

/** How a wallet proves at the issuer who it is. */
export type ClientProof =
  | { readonly method: 'none' }
  | { readonly method: 'client_secret_basic'; readonly clientSecret: string }
  | { readonly method: 'private_key_jwt'; readonly privateKey: CryptoKey };

export interface OAuthWalletOptions {
  readonly issuer: string;
  readonly clientId: string;
  readonly proof: ClientProof;
  readonly redirectUri: string;
}

/** A token as the libraries give it, after their checks. */
export interface LibraryToken {
  readonly access_token: string;
  readonly token_type: string;
  readonly refresh_token?: string | undefined;
}

/** A wallet made of a general OAuth library, which makes, sends and checks every message: one for each session. */
export interface OAuthWallet {
  /** What was asked over HTTP and how it was answered, e.g. `/v1/oauth/par 201`. */
  readonly exchanges: string[];
  /** Pushes the authorization request; gives the URL that the browser opens. */
  begin(parameters: Readonly<Record<string, string>>): Promise<string>;
  /** Checks the answer that came to the redirect URI (state, iss), and redeems its code. */
  redeem(callback: string): Promise<LibraryToken>;
  refresh(refreshToken: string): Promise<LibraryToken>;
  requestCredential(accessToken: string, body: string): Promise<Response>;
  /** Forgets the nonces it was given; the key stays. */
  forgetNonces(): void;
}

// eslint-disable-next-line @typescript-eslint/no-deprecated -- marked so only to stand out; the tests speak plain HTTP to this machine
const INSECURE = { [oauth.allowInsecureRequests]: true } as const;

/** As each of the libraries calls it. */
type Fetch = (url: string, init: object) => Promise<Response>;

/** `fetch` that keeps on record what was asked and answered. */
function recordingFetch(exchanges: string[]): Fetch {
  return async (url, init) => {
    const response = await fetch(url, init);
    exchanges.push(`${new URL(url).pathname} ${response.status}`);
    return response;
  };
}

/** A wallet made of oauth4webapi. It has its caller repeat what lacked a nonce. */
export async function oauth4webapiWallet({ issuer, clientId, proof, redirectUri }: OAuthWalletOptions): Promise<OAuthWallet> {
  const url = new URL(issuer);
  const server = await oauth.processDiscoveryResponse(
    url,
    await oauth.discoveryRequest(url, { algorithm: 'oauth2', ...INSECURE }),
  );
  const exchanges: string[] = [];
  const client: oauth.Client = { client_id: clientId };
  const authentication = oauth4webapiAuthentication(proof);
  const keyPair = await generateKeyPair('ES256', { extractable: true });
  const [state, verifier] = [oauth.generateRandomState(), oauth.generateRandomCodeVerifier()];
  const more = { ...INSECURE, [oauth.customFetch]: recordingFetch(exchanges) };
  let DPoP = oauth.DPoP(client, keyPair);
  const options = () => ({ DPoP, ...more });
  const withNonce = async <T>(attempt: () => Promise<T>): Promise<T> => {
    try {
      return await attempt();
    } catch (error) {
      if (!oauth.isDPoPNonceError(error)) throw error;
      return attempt();
    }
  };
  return {
    exchanges,
    begin: async (parameters) => {
      const request = {
        ...parameters,
        client_id: clientId,
        redirect_uri: redirectUri,
        response_type: 'code',
        state,
        code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
      };
      const pushed = await withNonce(async () => {
        const answer = await oauth.pushedAuthorizationRequest(server, client, authentication, request, options());
        return oauth.processPushedAuthorizationResponse(server, client, answer);
      });
      const query = new URLSearchParams({ client_id: clientId, request_uri: pushed.request_uri });
      return `${server.authorization_endpoint ?? ''}?${query.toString()}`;
    },
    redeem: (callback) => {
      const answer = oauth.validateAuthResponse(server, client, new URL(callback), state);
      return withNonce(async () => {
        const response = await oauth.authorizationCodeGrantRequest(
          server,
          client,
          authentication,
          answer,
          redirectUri,
          verifier,
          options(),
        );
        return oauth.processAuthorizationCodeResponse(server, client, response);
      });
    },
    refresh: (refreshToken) =>
      withNonce(async () => {
        const response = await oauth.refreshTokenGrantRequest(server, client, authentication, refreshToken, options());
        return oauth.processRefreshTokenResponse(server, client, response);
      }),
    requestCredential: (accessToken, body) => {
      const headers = new Headers({ 'content-type': 'application/json' });
      const endpoint = new URL(`${issuer}/v1/openid/credential`);
      return withNonce(() => oauth.protectedResourceRequest(accessToken, 'POST', endpoint, headers, body, options()));
    },
    forgetNonces: () => {
      DPoP = oauth.DPoP(client, keyPair);
    },
  };
}

/** A wallet made of openid-client, which repeats by itself what lacked a nonce. */
export async function openidClientWallet({ issuer, clientId, proof, redirectUri }: OAuthWalletOptions): Promise<OAuthWallet> {
  const authentication = openidClientAuthentication(proof);
  const configuration = await openidClient.discovery(new URL(issuer), clientId, undefined, authentication, {
    algorithm: 'oauth2',
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- marked so as not to be used by chance: the test's issuer has no TLS
    execute: [openidClient.allowInsecureRequests],
  });
  const exchanges: string[] = [];
  configuration[openidClient.customFetch] = recordingFetch(exchanges);
  const keyPair = await openidClient.randomDPoPKeyPair('ES256');
  const [state, verifier] = [openidClient.randomState(), openidClient.randomPKCECodeVerifier()];
  let DPoP = openidClient.getDPoPHandle(configuration, keyPair);
  return {
    exchanges,
    begin: async (parameters) => {
      const request = {
        ...parameters,
        redirect_uri: redirectUri,
        state,
        code_challenge: await openidClient.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
      };
      return (await openidClient.buildAuthorizationUrlWithPAR(configuration, request, { DPoP })).href;
    },
    redeem: (callback) => {
      const checks = { expectedState: state, pkceCodeVerifier: verifier };
      return openidClient.authorizationCodeGrant(configuration, new URL(callback), checks, undefined, { DPoP });
    },
    refresh: (refreshToken) => openidClient.refreshTokenGrant(configuration, refreshToken, undefined, { DPoP }),
    requestCredential: (accessToken, body) => {
      const headers = new Headers({ 'content-type': 'application/json' });
      const endpoint = new URL(`${issuer}/v1/openid/credential`);
      return openidClient.fetchProtectedResource(configuration, accessToken, endpoint, 'POST', body, headers, { DPoP });
    },
    forgetNonces: () => {
      DPoP = openidClient.getDPoPHandle(configuration, keyPair);
    },
  };
}

function oauth4webapiAuthentication(proof: ClientProof): oauth.ClientAuth {
  switch (proof.method) {
    case 'none':
      return oauth.None();
    case 'client_secret_basic':
      return oauth.ClientSecretBasic(proof.clientSecret);
    case 'private_key_jwt':
      return oauth.PrivateKeyJwt(proof.privateKey);
  }
}

function openidClientAuthentication(proof: ClientProof): openidClient.ClientAuth {
  switch (proof.method) {
    case 'none':
      return openidClient.None();
    case 'client_secret_basic':
      return openidClient.ClientSecretBasic(proof.clientSecret);
    case 'private_key_jwt':
      return openidClient.PrivateKeyJwt(proof.privateKey);
  }
}
