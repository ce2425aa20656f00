import { randomBytes } from 'node:crypto';
import { Oauth2Client, type AuthorizationServerMetadata, type RequestDpopOptions } from '@openid4vc/oauth2';
import { DemoWallet, type CheckCredential, type CollectedCredential, type OnStep, type ReceivedOffer } from './wallet.js';

const CLIENT_ID = 'chancery-demo-wallet';

/** An authorization request that was pushed, and what its answer is checked and redeemed with. */
export interface Authorization {
  /** To be opened in the holder's browser. */
  readonly url: string;
  readonly state: string;
  readonly redirectUri: string;
  readonly verifier: string;
  readonly dpop: RequestDpopOptions;
}

/** The issuer sent the holder back without a code. */
export class AuthorizationRefused extends Error {
  override readonly name = 'AuthorizationRefused';
}

/** The demo's wallet for the authorization code flow: PAR (RFC 9126), PKCE (RFC 7636), DPoP (RFC 9449), `iss` (RFC 9207). */
export class AuthorizationCodeWallet extends DemoWallet {
  constructor(options: { allowHttp: boolean; onStep: OnStep }) {
    super({ ...options, clientId: CLIENT_ID });
  }

  /** Pushes the authorization request for everything on offer (OID4VCI 5.1.2, 5.1.4). */
  async begin({ offer, issuerMetadata }: ReceivedOffer, { redirectUri }: { redirectUri: string }): Promise<Authorization> {
    const configurations = issuerMetadata.credentialIssuer.credential_configurations_supported;
    const scopes = offer.credential_configuration_ids.map((id) => configurations[id]?.scope);
    if (scopes.includes(undefined)) throw new Error('The demo asks for credentials by scope, and what is on offer has none.');
    const state = randomBytes(16).toString('base64url');
    const issuerState = offer.grants?.authorization_code?.issuer_state;
    const signed: RequestDpopOptions = { signer: await this.newKey() };
    const begun = await new Oauth2Client({ callbacks: this.callbacks }).createAuthorizationRequestUrl({
      authorizationServerMetadata: serverOf(issuerMetadata),
      clientId: CLIENT_ID,
      redirectUri,
      resource: offer.credential_issuer,
      scope: scopes.join(' '),
      state,
      additionalRequestPayload: issuerState === undefined ? {} : { issuer_state: issuerState },
      dpop: signed,
    });
    if (begun.pkce === undefined) throw new Error('The authorization server does not name the PKCE methods it supports.');
    this.onStep('authorization request pushed (PAR), with PKCE and DPoP');
    const { authorizationRequestUrl: url, pkce, dpop = signed } = begun;
    return { url, state, redirectUri, verifier: pkce.codeVerifier, dpop };
  }

  /**
   * Redeems what came to the redirect URI, and collects everything on offer (OID4VCI 6, 8, 9, 11).
   *
   * @throws {AuthorizationRefused}
   */
  async finish(
    received: ReceivedOffer,
    { answerUrl, authorization, check }: { answerUrl: string; authorization: Authorization; check: CheckCredential },
  ): Promise<readonly CollectedCredential[]> {
    const { offer, issuerMetadata } = received;
    const token = await this.client.retrieveAuthorizationCodeAccessTokenFromOffer({
      issuerMetadata,
      credentialOffer: offer,
      authorizationCode: this.#codeIn(answerUrl, authorization, serverOf(issuerMetadata)),
      pkceCodeVerifier: authorization.verifier,
      redirectUri: authorization.redirectUri,
      dpop: authorization.dpop,
    });
    this.onStep(`code redeemed for an access token (${token.accessTokenResponse.token_type})`);
    return this.collectWith(received, {
      accessToken: token.accessTokenResponse.access_token,
      ...(token.dpop === undefined ? {} : { dpop: token.dpop }),
      check,
    });
  }

  #codeIn(url: string, { state }: Authorization, authorizationServerMetadata: AuthorizationServerMetadata): string {
    const answer = this.client.parseAndVerifyAuthorizationResponseRedirectUrl({ url, authorizationServerMetadata });
    if (answer.state !== state) throw new AuthorizationRefused('The answer to the wallet belongs to another request.');
    if (answer.code !== undefined) return answer.code;
    const { error, error_description: description } = answer;
    throw new AuthorizationRefused(
      `The issuer sent the holder back without a code: ${error}${typeof description === 'string' ? ` (${description})` : ''}.`,
    );
  }
}

function serverOf({ authorizationServers }: ReceivedOffer['issuerMetadata']): AuthorizationServerMetadata {
  const [server] = authorizationServers;
  if (server === undefined) throw new Error('The issuer has no authorization server.');
  return server;
}
