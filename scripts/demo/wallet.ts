import { createHash, randomBytes } from 'node:crypto';
import {
  clientAuthenticationAnonymous,
  clientAuthenticationNone,
  type CallbackContext,
  type Jwk,
  type JwtSignerJwk,
  type RequestDpopOptions,
} from '@openid4vc/oauth2';
import { Openid4vciClient, setGlobalConfig, type CredentialOfferObject, type IssuerMetadataResult } from '@openid4vc/openid4vci';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { CryptoKey, JWK, JWTHeaderParameters, JWTPayload } from 'jose';

const GRANT = 'urn:ietf:params:oauth:grant-type:pre-authorized_code';
/** How long the wallet waits for a deferred credential, milliseconds. */
const PATIENCE_MS = 60_000;

/** An offer the wallet has read, with its issuer's metadata. */
export interface ReceivedOffer {
  readonly offer: CredentialOfferObject;
  readonly issuerMetadata: IssuerMetadataResult;
  /** What the holder must be asked for, where the offer needs a transaction code. */
  readonly transactionCode?: { readonly length?: number; readonly description?: string };
}

/** One collected credential, compact SD-JWT VC, with the private key it is bound to. */
export interface CollectedCredential {
  readonly configurationId: string;
  readonly credential: string;
  readonly holderKey: JWK;
}

/** An access token, with the key it is bound to. */
export interface Access {
  readonly accessToken: string;
  readonly dpop?: RequestDpopOptions;
}

/** Accepts a credential, or throws. */
export type CheckCredential = (collected: CollectedCredential) => Promise<void>;

/** Told of each step, for showing it. */
export type OnStep = (step: string) => void;

/** A wallet whose protocol work is all done by `@openid4vc/openid4vci`: keys and waiting are all it adds. */
export class DemoWallet {
  readonly #keys = new Map<string, CryptoKey>();
  protected readonly callbacks: WalletCallbacks;
  protected readonly client: Openid4vciClient;
  protected readonly onStep: OnStep;

  /**
   * @param options.allowHttp accepts issuers without TLS, for one's own machine
   * @param options.clientId names the wallet to the issuer; without it, it is anonymous
   */
  constructor({ allowHttp, onStep, clientId }: { allowHttp: boolean; onStep: OnStep; clientId?: string }) {
    setGlobalConfig({ allowInsecureUrls: allowHttp });
    this.callbacks = {
      hash: (data, algorithm) => new Uint8Array(createHash(algorithm.replace('-', '')).update(data).digest()),
      generateRandom: (length) => new Uint8Array(randomBytes(length)),
      clientAuthentication: clientId === undefined ? clientAuthenticationAnonymous() : clientAuthenticationNone({ clientId }),
      signJwt: (signer, jwt) => this.#sign(signer, jwt),
    };
    this.client = new Openid4vciClient({ callbacks: this.callbacks });
    this.onStep = onStep;
  }

  /** Reads an offer, by value or by reference, and the metadata of its issuer (OID4VCI 4.1, 12.2). */
  async receive(offerUri: string): Promise<ReceivedOffer> {
    const offer = await this.client.resolveCredentialOffer(offerUri);
    this.onStep('offer read');
    const issuerMetadata = await this.client.resolveIssuerMetadata(offer.credential_issuer);
    this.onStep('metadata of issuer and authorization server read');
    const code = offer.grants?.[GRANT]?.tx_code;
    return {
      offer,
      issuerMetadata,
      ...(code === undefined
        ? {}
        : {
            transactionCode: {
              ...(code.length === undefined ? {} : { length: code.length }),
              ...(code.description === undefined ? {} : { description: code.description }),
            },
          }),
    };
  }

  /**
   * Collects everything on offer, DPoP-bound, and confirms each credential to the issuer once `check` has accepted it
   * (OID4VCI 6, 7, 8, 9, 11).
   */
  async collect(
    received: ReceivedOffer,
    { transactionCode, check }: { transactionCode?: string; check: CheckCredential },
  ): Promise<readonly CollectedCredential[]> {
    const { offer, issuerMetadata } = received;
    const token = await this.client.retrievePreAuthorizedCodeAccessTokenFromOffer({
      credentialOffer: offer,
      issuerMetadata,
      ...(transactionCode === undefined ? {} : { txCode: transactionCode }),
      dpop: { signer: await this.newKey() },
    });
    this.onStep(`access token received (${token.accessTokenResponse.token_type})`);
    return this.collectWith(received, {
      accessToken: token.accessTokenResponse.access_token,
      ...(token.dpop === undefined ? {} : { dpop: token.dpop }),
      check,
    });
  }

  /** Collects everything on offer with an access token. */
  protected async collectWith(
    { offer, issuerMetadata }: ReceivedOffer,
    { check, ...token }: Access & { check: CheckCredential },
  ): Promise<readonly CollectedCredential[]> {
    const access = { issuerMetadata, ...token };
    const collected: CollectedCredential[] = [];
    for (const configurationId of offer.credential_configuration_ids) {
      const holder = await this.newKey();
      const { c_nonce: nonce } = await this.client.requestNonce({ issuerMetadata });
      const { jwt } = await this.client.createCredentialRequestJwtProof({
        issuerMetadata,
        credentialConfigurationId: configurationId,
        nonce,
        issuedAt: new Date(),
        signer: holder,
      });
      const first = await this.client.retrieveCredentials({
        ...access,
        credentialConfigurationId: configurationId,
        proofs: { jwt: [jwt] },
      });
      const answer = await this.#untilReady(access, first.credentialResponse);
      const holderKey = holder.publicJwk as JWK;
      for (const credential of answer.credentials) {
        const one = { configurationId, credential, holderKey };
        await check(one);
        collected.push(one);
      }
      if (answer.notificationId !== undefined) {
        const notification = { notificationId: answer.notificationId, event: 'credential_accepted' as const };
        await this.client.sendNotification({ ...access, notification });
        this.onStep('issuer notified: credential_accepted');
      }
    }
    return collected;
  }

  async #untilReady(
    access: Pick<Parameters<Openid4vciClient['retrieveDeferredCredentials']>[0], 'issuerMetadata' | 'accessToken' | 'dpop'>,
    response: CredentialAnswer,
  ): Promise<{ credentials: readonly string[]; notificationId: string | undefined }> {
    const giveUpAt = Date.now() + PATIENCE_MS;
    let answer = response;
    while (answer.credentials === undefined) {
      if (answer.transaction_id === undefined) throw new Error('the answer has neither credentials nor a transaction_id');
      if (Date.now() > giveUpAt) throw new Error('the issuer is still at work after a minute: collect it later');
      this.onStep('issuer needs more time (202); waiting');
      await new Promise((resolve) => setTimeout(resolve, (answer.interval ?? 5) * 1000));
      const later = await this.client.retrieveDeferredCredentials({ ...access, transactionId: answer.transaction_id });
      answer = later.deferredCredentialResponse;
    }
    this.onStep('credential received');
    return { credentials: answer.credentials.map(compact), notificationId: answer.notification_id };
  }

  /** A new ES256 key of the wallet. */
  protected async newKey(): Promise<JwtSignerJwk> {
    const { publicKey, privateKey } = await generateKeyPair('ES256');
    const publicJwk = await exportJWK(publicKey);
    this.#keys.set(await calculateJwkThumbprint(publicJwk), privateKey);
    return { method: 'jwk', alg: 'ES256', publicJwk: publicJwk as Jwk };
  }

  async #sign(
    signer: Parameters<CallbackContext['signJwt']>[0],
    { header, payload }: Parameters<CallbackContext['signJwt']>[1],
  ): Promise<{ jwt: string; signerJwk: Jwk }> {
    if (signer.method !== 'jwk') throw new Error(`the wallet has no key for ${signer.method}`);
    const key = this.#keys.get(await calculateJwkThumbprint(signer.publicJwk as JWK));
    if (key === undefined) throw new Error('the wallet has no such key');
    const jwt = await new SignJWT(payload as JWTPayload).setProtectedHeader(header as JWTHeaderParameters).sign(key);
    return { jwt, signerJwk: signer.publicJwk };
  }
}

type WalletCallbacks = Omit<CallbackContext, 'verifyJwt' | 'decryptJwe' | 'encryptJwe'>;

interface CredentialAnswer {
  readonly credentials?: readonly unknown[] | undefined;
  readonly transaction_id?: string | undefined;
  readonly interval?: number | undefined;
  readonly notification_id?: string | undefined;
}

function compact(entry: unknown): string {
  const credential: unknown = typeof entry === 'object' && entry !== null && 'credential' in entry ? entry.credential : entry;
  if (typeof credential !== 'string') throw new Error('the credential is not a compact SD-JWT VC');
  return credential;
}
