import { createHash, randomBytes } from 'node:crypto';
import {
  clientAuthenticationAnonymous,
  resourceRequest,
  type CallbackContext,
  type Jwk,
  type JwtSignerJwk,
  type RequestDpopOptions,
} from '@openid4vc/oauth2';
import * as current from '@openid4vc/openid4vci';
import * as next from 'openid4vci-next';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { CryptoKey, JWK, JWTHeaderParameters, JWTPayload } from 'jose';

const GRANT = 'urn:ietf:params:oauth:grant-type:pre-authorized_code';

export type Library = Pick<typeof current, 'Openid4vciClient' | 'setGlobalConfig'>;

/** The wallet library in its stable version and in the one to come; what is used here has the same shape in both. */
export const LIBRARIES: readonly (readonly [string, Library])[] = [
  ['@openid4vc/openid4vci 0.4', current],
  ['@openid4vc/openid4vci 0.5', next as unknown as Library],
];

/** One collection: what was received, and for which keys. */
export interface Collection {
  readonly issuer: string;
  readonly tokenType: string;
  readonly accessToken: string;
  readonly credentials: readonly string[];
  readonly holderKeys: readonly JWK[];
  readonly notificationStatus: number;
}

type CredentialAnswer = Pick<current.CredentialResponse, 'credentials' | 'notification_id'>;
type Callbacks = ConstructorParameters<Library['Openid4vciClient']>[0]['callbacks'];

/** What the wallet has of a token: with it, it collects. */
export interface LibraryAccess {
  readonly issuerMetadata: current.IssuerMetadataResult;
  readonly accessToken: string;
  readonly tokenType: string;
  readonly dpop?: RequestDpopOptions;
  readonly configurationId: string;
  /** Where the token's answer named one: then the request names it too. */
  readonly credentialIdentifier?: string;
  /** In the key proofs; without it, they are anonymous. */
  readonly clientId?: string;
}

/** Runs the whole pre-authorized code flow with a library: it makes, sends and reads every message itself. */
export class LibraryWallet {
  readonly client: InstanceType<Library['Openid4vciClient']>;
  readonly #callbacks: Callbacks;
  readonly #keys = new Map<string, CryptoKey>();

  constructor(
    { Openid4vciClient, setGlobalConfig }: Library,
    clientAuthentication: CallbackContext['clientAuthentication'] = clientAuthenticationAnonymous(),
  ) {
    setGlobalConfig({ allowInsecureUrls: true });
    this.#callbacks = {
      hash: (data, algorithm) => new Uint8Array(createHash(algorithm.replace('-', '')).update(data).digest()),
      generateRandom: (length) => new Uint8Array(randomBytes(length)),
      clientAuthentication,
      signJwt: async (signer, { header, payload }) => {
        if (signer.method !== 'jwk') throw new Error(`no key for ${signer.method}`);
        const key = this.#keys.get(await calculateJwkThumbprint(signer.publicJwk as JWK));
        if (key === undefined) throw new Error('no such key');
        const jwt = await new SignJWT(payload as JWTPayload).setProtectedHeader(header as JWTHeaderParameters).sign(key);
        return { jwt, signerJwk: signer.publicJwk };
      },
    };
    this.client = new Openid4vciClient({ callbacks: this.#callbacks });
  }

  async collect(
    offerUri: string,
    { transactionCode, dpop = false, keys = 1 }: { transactionCode?: string; dpop?: boolean; keys?: number } = {},
  ): Promise<Collection> {
    const offer = await this.client.resolveCredentialOffer(offerUri);
    const issuerMetadata = await this.client.resolveIssuerMetadata(offer.credential_issuer);
    const token = await this.client.retrievePreAuthorizedCodeAccessTokenFromOffer({
      credentialOffer: offer,
      issuerMetadata,
      ...(transactionCode === undefined ? {} : { txCode: transactionCode }),
      ...(dpop ? { dpop: { signer: await this.newKey() } } : {}),
    });
    const { access_token: accessToken, token_type: tokenType } = token.accessTokenResponse;
    const configurationId = offer.credential_configuration_ids[0] ?? '';
    const dpopOptions = token.dpop === undefined ? {} : { dpop: token.dpop };
    return this.collectWith({ issuerMetadata, accessToken, tokenType, configurationId, ...dpopOptions }, { keys });
  }

  /** From the token on: nonce, key proofs, credential, and the notification that it was accepted. */
  async collectWith(access: LibraryAccess, { keys = 1 }: { keys?: number } = {}): Promise<Collection> {
    const { issuerMetadata, accessToken, tokenType, dpop, configurationId, clientId } = access;
    const { c_nonce: nonce } = await this.client.requestNonce({ issuerMetadata });
    const signers = await Promise.all(Array.from({ length: keys }, () => this.newKey()));
    const proofs = await Promise.all(
      signers.map((signer) =>
        this.client.createCredentialRequestJwtProof({
          issuerMetadata,
          credentialConfigurationId: configurationId,
          nonce,
          issuedAt: new Date(),
          signer,
          ...(clientId === undefined ? {} : { clientId }),
        }),
      ),
    );
    const credentialResponse = await this.#request(
      access,
      proofs.map(({ jwt }) => jwt),
    );
    const notified = await this.client.sendNotification({
      issuerMetadata,
      accessToken,
      ...(dpop === undefined ? {} : { dpop }),
      notification: { notificationId: credentialResponse.notification_id ?? '', event: 'credential_accepted' },
    });
    return {
      issuer: issuerMetadata.credentialIssuer.credential_issuer,
      tokenType,
      accessToken,
      credentials: (credentialResponse.credentials ?? []).map((entry) => (entry as { credential: string }).credential),
      holderKeys: signers.map(({ publicJwk }) => publicJwk as JWK),
      notificationStatus: notified.response.status,
    };
  }

  /** The library asks by configuration; by identifier (OID4VCI 8.2) only its layer below can. */
  async #request(access: LibraryAccess, jwt: string[]): Promise<CredentialAnswer> {
    const { issuerMetadata, accessToken, dpop, configurationId, credentialIdentifier } = access;
    const bound = { accessToken, ...(dpop === undefined ? {} : { dpop }) };
    if (credentialIdentifier === undefined) {
      const asked = { issuerMetadata, ...bound, credentialConfigurationId: configurationId, proofs: { jwt } };
      return (await this.client.retrieveCredentials(asked)).credentialResponse;
    }
    const answer = await resourceRequest({
      ...bound,
      callbacks: this.#callbacks,
      url: issuerMetadata.credentialIssuer.credential_endpoint,
      requestOptions: {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ credential_identifier: credentialIdentifier, proofs: { jwt } }),
      },
    });
    if (!answer.ok) throw new Error(`the credential endpoint answered ${answer.response.status}`);
    return (await answer.response.json()) as CredentialAnswer;
  }

  /** A new ES256 key of the wallet. */
  async newKey(): Promise<JwtSignerJwk> {
    const { publicKey, privateKey } = await generateKeyPair('ES256');
    const publicJwk = await exportJWK(publicKey);
    this.#keys.set(await calculateJwkThumbprint(publicJwk), privateKey);
    return { method: 'jwk', alg: 'ES256', publicJwk: publicJwk as Jwk };
  }

  /** The pre-authorized code, as the library reads the offer. */
  async codeOf(offerUri: string): Promise<string> {
    const { grants } = await this.client.resolveCredentialOffer(offerUri);
    return grants?.[GRANT]?.['pre-authorized_code'] ?? '';
  }
}
