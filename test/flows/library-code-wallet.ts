import { randomBytes } from 'node:crypto';
import { clientAuthenticationNone } from '@openid4vc/oauth2';
import type * as openid4vci from '@openid4vc/openid4vci';
import { LibraryWallet, type Collection, type Library } from './library-wallet.js';

type Metadata = openid4vci.IssuerMetadataResult;
type Offer = openid4vci.CredentialOfferObject;

/** How a wallet names what it wants. */
export type AskBy = 'scope' | 'authorization_details' | 'issuer_state';

interface Journey {
  readonly askBy: AskBy;
  readonly dpop: boolean;
  /** False: the request goes through the browser whole, with the key named by `dpop_jkt`. */
  readonly pushed?: boolean;
}

/** A collection, and what the wallet sent the browser to. */
export type CodeCollection = Collection & {
  readonly authorizationUrl: URL;
  readonly credentialIdentifier: string | undefined;
};

/**
 * Runs the authorization code flow with a library: it makes, sends and reads every message of the wallet's. The holder is
 * somebody else's to play.
 */
export class LibraryCodeWallet extends LibraryWallet {
  readonly clientId: string;
  readonly redirectUri: string;

  constructor(
    library: Library,
    {
      clientId = `library-wallet-${randomBytes(6).toString('hex')}`,
      redirectUri = 'https://wallet.example/callback',
    }: { clientId?: string; redirectUri?: string } = {},
  ) {
    super(library, clientAuthenticationNone({ clientId }));
    this.clientId = clientId;
    this.redirectUri = redirectUri;
  }

  /**
   * Follows a reusable offer.
   *
   * @param browse opens the URL as the holder's browser, and gives the URL of the wallet's that it ends at
   */
  async followOffer(uri: string, journey: Journey, browse: (url: string) => Promise<string>): Promise<CodeCollection> {
    return this.#authorize(await this.client.resolveCredentialOffer(uri), journey, browse);
  }

  /** Begins by itself, for a configuration of the issuer's metadata. Parameters as above. */
  async begin(
    { issuer, configurationId }: { issuer: string; configurationId: string },
    journey: Journey,
    browse: (url: string) => Promise<string>,
  ): Promise<CodeCollection> {
    // To the libraries, everything is an offer; one without issuer_state is the wallet's own.
    const own = {
      credential_issuer: issuer,
      credential_configuration_ids: [configurationId],
      grants: { authorization_code: {} },
    };
    return this.#authorize(own, journey, browse);
  }

  async #authorize(offer: Offer, journey: Journey, browse: (url: string) => Promise<string>): Promise<CodeCollection> {
    const resolved = await this.client.resolveIssuerMetadata(offer.credential_issuer);
    const issuerMetadata = journey.pushed === false ? withoutPushing(resolved) : resolved;
    const configurationId = offer.credential_configuration_ids[0] ?? '';
    const { authorizationRequestUrl, pkce, dpop } = await this.client.createAuthorizationRequestUrlFromOffer({
      credentialOffer: offer,
      issuerMetadata,
      clientId: this.clientId,
      redirectUri: this.redirectUri,
      additionalRequestPayload: detailsFor(journey.askBy, configurationId),
      ...(journey.askBy === 'scope' ? { scope: scopeOf(issuerMetadata, configurationId) } : {}),
      ...(journey.dpop ? { dpop: { signer: await this.newKey() } } : {}),
    });
    const authorizationCode = this.#codeIn(await browse(authorizationRequestUrl), issuerMetadata);
    const token = await this.client.retrieveAuthorizationCodeAccessTokenFromOffer({
      credentialOffer: offer,
      issuerMetadata,
      authorizationCode,
      redirectUri: this.redirectUri,
      ...(pkce === undefined ? {} : { pkceCodeVerifier: pkce.codeVerifier }),
      ...(dpop === undefined ? {} : { dpop }),
    });
    const { access_token: accessToken, token_type: tokenType, authorization_details: granted } = token.accessTokenResponse;
    const credentialIdentifier = identifierIn(granted, configurationId);
    const collection = await this.collectWith({
      issuerMetadata,
      accessToken,
      tokenType,
      configurationId,
      clientId: this.clientId,
      ...(token.dpop === undefined ? {} : { dpop: token.dpop }),
      ...(credentialIdentifier === undefined ? {} : { credentialIdentifier }),
    });
    return { ...collection, authorizationUrl: new URL(authorizationRequestUrl), credentialIdentifier };
  }

  /** The code in the URL that the browser came back to; `iss` is checked by the library (RFC 9207). */
  #codeIn(url: string, { authorizationServers }: Metadata): string {
    if (!url.startsWith(`${this.redirectUri}?`)) throw new Error(`this is not the wallet's redirect URI: ${url}`);
    const [authorizationServerMetadata] = authorizationServers;
    if (authorizationServerMetadata === undefined) throw new Error('the issuer has no authorization server');
    const answer = this.client.parseAndVerifyAuthorizationResponseRedirectUrl({ url, authorizationServerMetadata });
    if (answer.code === undefined) throw new Error(`the wallet got no code, but ${answer.error}`);
    // The libraries send none with an offer (RFC 6749 4.1.2).
    if (answer.state !== undefined) throw new Error('there is a state that was not sent');
    return answer.code;
  }
}

function withoutPushing(metadata: Metadata): Metadata {
  return {
    ...metadata,
    authorizationServers: metadata.authorizationServers.map(({ pushed_authorization_request_endpoint: _, ...server }) => server),
  };
}

function detailsFor(askBy: AskBy, configurationId: string): Record<string, unknown> {
  if (askBy !== 'authorization_details') return {};
  return { authorization_details: [{ type: 'openid_credential', credential_configuration_id: configurationId }] };
}

function scopeOf({ credentialIssuer }: Metadata, configurationId: string): string {
  const { scope } = credentialIssuer.credential_configurations_supported[configurationId] ?? {};
  if (typeof scope !== 'string') throw new Error('the metadata has no scope for the configuration');
  return scope;
}

/** What the token's answer calls the credential, where it does (OID4VCI 6.2). */
function identifierIn(granted: unknown, configurationId: string): string | undefined {
  const details = (granted ?? []) as readonly {
    credential_configuration_id?: string;
    credential_identifiers?: readonly string[];
  }[];
  return details.find(({ credential_configuration_id: id }) => id === configurationId)?.credential_identifiers?.[0];
}
