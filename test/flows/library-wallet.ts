import { createHash, randomBytes } from 'node:crypto';
import { clientAuthenticationAnonymous, type Jwk, type JwtSignerJwk } from '@openid4vc/oauth2';
import * as current from '@openid4vc/openid4vci';
import * as next from 'openid4vci-next';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { CryptoKey, JWK, JWTHeaderParameters, JWTPayload } from 'jose';

const GRANT = 'urn:ietf:params:oauth:grant-type:pre-authorized_code';

type Library = Pick<typeof current, 'Openid4vciClient' | 'setGlobalConfig'>;

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

/** Runs the whole pre-authorized code flow with a library: it makes, sends and reads every message itself. */
export class LibraryWallet {
  readonly client: InstanceType<Library['Openid4vciClient']>;
  readonly #keys = new Map<string, CryptoKey>();

  constructor({ Openid4vciClient, setGlobalConfig }: Library) {
    setGlobalConfig({ allowInsecureUrls: true });
    this.client = new Openid4vciClient({
      callbacks: {
        hash: (data, algorithm) => new Uint8Array(createHash(algorithm.replace('-', '')).update(data).digest()),
        generateRandom: (length) => new Uint8Array(randomBytes(length)),
        clientAuthentication: clientAuthenticationAnonymous(),
        signJwt: async (signer, { header, payload }) => {
          if (signer.method !== 'jwk') throw new Error(`no key for ${signer.method}`);
          const key = this.#keys.get(await calculateJwkThumbprint(signer.publicJwk as JWK));
          if (key === undefined) throw new Error('no such key');
          const jwt = await new SignJWT(payload as JWTPayload).setProtectedHeader(header as JWTHeaderParameters).sign(key);
          return { jwt, signerJwk: signer.publicJwk };
        },
      },
    });
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
    const access = { issuerMetadata, accessToken, ...(token.dpop === undefined ? {} : { dpop: token.dpop }) };
    const credentialConfigurationId = offer.credential_configuration_ids[0] ?? '';
    const { c_nonce: nonce } = await this.client.requestNonce({ issuerMetadata });
    const signers = await Promise.all(Array.from({ length: keys }, () => this.newKey()));
    const proofs = await Promise.all(
      signers.map((signer) =>
        this.client.createCredentialRequestJwtProof({
          issuerMetadata,
          credentialConfigurationId,
          nonce,
          issuedAt: new Date(),
          signer,
        }),
      ),
    );
    const { credentialResponse } = await this.client.retrieveCredentials({
      ...access,
      credentialConfigurationId,
      proofs: { jwt: proofs.map(({ jwt }) => jwt) },
    });
    const notification = { notificationId: credentialResponse.notification_id ?? '', event: 'credential_accepted' as const };
    const notified = await this.client.sendNotification({ ...access, notification });
    return {
      issuer: offer.credential_issuer,
      tokenType,
      accessToken,
      credentials: (credentialResponse.credentials ?? []).map((entry) => (entry as { credential: string }).credential),
      holderKeys: signers.map(({ publicJwk }) => publicJwk as JWK),
      notificationStatus: notified.response.status,
    };
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
