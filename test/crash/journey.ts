import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { exchange, postJson } from '../flows/http-exchange.js';
import { PERSON, type Offer } from '../flows/issuer-backend.js';
import { credentialsOf, keyProof, newHolderKey, PlainWallet, type Answer } from '../flows/plain-wallet.js';
import { retried, type Attempt } from './plain-retry.js';

/** One exchange of the flow, as the wallet or the back-end sees it. */
export type Step = 'offer' | 'token' | 'nonce' | 'credential' | 'collection' | 'notification' | 'withdrawal';

export interface JourneyOptions {
  /** The issuer's public URL. */
  readonly url: string;
  /** Access token of the management API. */
  readonly managementToken: string;
  readonly configurationId: string;
  /** Members of the offer request beside its credentials and claims. */
  readonly offer?: Readonly<Record<string, unknown>>;
  /** Without an Idempotency-Key, a repeated creation makes another offer. */
  readonly idempotencyKey?: string | undefined;
}

const DEFERRED_PATIENCE_MS = 45_000;

/** One offer on its way, with a back-end and a wallet that know no other remedy than to send the same request again. */
export class Journey {
  readonly attempts: Attempt[] = [];
  readonly #options: JourneyOptions;
  readonly #wallet: PlainWallet;
  readonly #key = newHolderKey();
  #offer: Offer | undefined;
  #accessToken = '';
  #nonce = '';
  #request = '';
  #transactionId: string | undefined;
  #answer: Answer | undefined;

  constructor(options: JourneyOptions) {
    this.#options = { idempotencyKey: randomUUID(), ...options };
    this.#wallet = new PlainWallet(options.url);
  }

  get offerId(): string {
    return this.offer.id;
  }

  get offer(): Offer {
    if (this.#offer === undefined) throw new Error('there is no offer yet');
    return this.#offer;
  }

  /** The credentials got so far. */
  get credentials(): readonly string[] {
    return this.#answer === undefined ? [] : credentialsOf(this.#answer);
  }

  /** Goes one step, to its good end. @throws {Error} for an answer that no retry mends */
  async go(step: Step): Promise<void> {
    const steps: Readonly<Record<Step, () => Promise<void>>> = {
      offer: () => this.#makeOffer(),
      token: () => this.#redeem(),
      nonce: () => this.#getNonce(),
      credential: () => this.#requestCredential(),
      collection: () => this.#collect(),
      notification: () => this.#notify(),
      withdrawal: () => this.#withdraw(),
    };
    await steps[step]();
  }

  /** Sends the credential request once more. */
  repeatedRequest(): Promise<Answer> {
    return this.#try('repeated credential', () => this.#wallet.requestCredential(this.#accessToken, this.#request));
  }

  /** Redeems the code once more. */
  repeatedRedemption(): Promise<Answer> {
    return this.#try('repeated token', () => this.#wallet.redeem(this.#wallet.codeOf(this.offer.uri)));
  }

  async #makeOffer(): Promise<void> {
    const { url, managementToken, configurationId, offer = {}, idempotencyKey } = this.#options;
    const headers = {
      authorization: `Bearer ${managementToken}`,
      ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
    };
    const body = { credentials: [configurationId], claims: PERSON, ...offer };
    const answer = await this.#try('offer', () => postJson(`${url}/v1/openid/offers/pre-authorized`, body, headers));
    this.#offer = expectStatus(answer, 200).json as unknown as Offer;
  }

  async #redeem(): Promise<void> {
    const answer = await this.#try('token', () => this.#wallet.redeem(this.#wallet.codeOf(this.offer.uri)));
    this.#accessToken = expectStatus(answer, 200).json.access_token as string;
  }

  async #getNonce(): Promise<void> {
    const answer = await this.#try('nonce', () => postJson(`${this.#options.url}/v1/openid/nonce`, ''));
    this.#nonce = expectStatus(answer, 200).json.c_nonce as string;
  }

  async #requestCredential(): Promise<void> {
    const { url, configurationId } = this.#options;
    const jwt = [keyProof({ issuer: url, nonce: this.#nonce, key: this.#key })];
    this.#request = JSON.stringify({ credential_configuration_id: configurationId, proofs: { jwt } });
    const answer = await this.#try('credential', () => this.#wallet.requestCredential(this.#accessToken, this.#request));
    if (answer.status === 202) this.#transactionId = answer.json.transaction_id as string;
    else this.#answer = expectStatus(answer, 200);
  }

  /** Where the credential was not ready at once: asks for it as often as it takes. */
  async #collect(): Promise<void> {
    const { transactionId, giveUpAt } = { transactionId: this.#transactionId, giveUpAt: Date.now() + DEFERRED_PATIENCE_MS };
    while (this.#answer === undefined && transactionId !== undefined) {
      const answer = await this.#try('collection', () => this.#wallet.deferredCredential(this.#accessToken, transactionId));
      if (answer.status !== 202) this.#answer = expectStatus(answer, 200);
      else if (Date.now() > giveUpAt) throw new Error('the deferred credential did not come');
      else await delay(300);
    }
  }

  async #notify(): Promise<void> {
    const id = this.#answer?.json.notification_id as string;
    expectStatus(await this.#try('notification', () => this.#wallet.notify(this.#accessToken, id)), 204);
  }

  async #withdraw(): Promise<void> {
    const { url, managementToken } = this.#options;
    const address = `${url}/v1/openid/offers/pre-authorized/${this.offerId}`;
    const headers = { authorization: `Bearer ${managementToken}` };
    const answer = await this.#try('withdrawal', () => exchange(address, { method: 'DELETE', headers }));
    // A repeat finds it withdrawn, and an offer that cannot be withdrawn is not found.
    if (answer.status !== 404) expectStatus(answer, 204);
  }

  #try(what: string, send: () => Promise<Answer>): Promise<Answer> {
    return retried(what, this.attempts, send);
  }
}

function expectStatus(answer: Answer, status: number): Answer {
  if (answer.status !== status) throw new Error(`expected ${status}, was answered ${answer.status}: ${answer.text}`);
  return answer;
}
