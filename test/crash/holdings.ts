import { waitUntil } from '../../scripts/engines/wait-until.js';
import { answering, notYet, startClaimsSource, type ClaimsSourceServer } from '../flows/claims-source-server.js';
import { IssuerBackend, type Offer } from '../flows/issuer-backend.js';
import { PlainWallet } from '../flows/plain-wallet.js';
import type { System } from '../harness/system.js';

/** A credential that is to be collected later. */
export interface Transaction {
  readonly offerId: string;
  readonly token: string;
  readonly transactionId: string;
}

/** What a wallet and a back-end hold when something goes away. */
export interface Holdings {
  /** Offers to be redeemed, fetched by reference, withdrawn. */
  readonly open: Offer;
  readonly referenced: Offer;
  readonly doomed: Offer;
  /** A token, and the credential request to send with it. */
  readonly redeemed: { readonly token: string; readonly body: string };
  /** A credential that is ready to be collected. */
  readonly deferred: Transaction;
  /** One whose claims source is still to answer. */
  readonly underWay: Transaction;
  /** A credential that is still to be confirmed. */
  readonly issued: { readonly token: string; readonly notificationId: string };
}

/** An issuer with configurations with and without a claims source, and its wallets. */
export class Issuer {
  private constructor(
    readonly system: System,
    readonly backend: IssuerBackend,
    readonly wallet: PlainWallet,
    readonly configurationId: string,
    private readonly deferring: Readonly<Record<'soon' | 'late', string>>,
    private readonly source: ClaimsSourceServer,
  ) {}

  static async open(system: System): Promise<Issuer> {
    const source = await startClaimsSource();
    const backend = await IssuerBackend.login(system);
    const sourced = async (url: string) =>
      backend.configuration({
        claimSourceId: await backend.claimSource({
          name: 'HR system',
          url,
          requestMethod: 'GET',
          requestParameters: {},
          authorization: { type: 'api-key', value: 'a-key-for-the-claims-source' },
        }),
      });
    const plain = await backend.configuration({ type: `${system.url}${TYPE_PATH}` });
    const deferring = { soon: await sourced(source.url), late: await sourced(source.url.replace('/claims', '/late')) };
    return new Issuer(system, backend, new PlainWallet(system.url), plain, deferring, source);
  }

  async hold(): Promise<Holdings> {
    this.source.behave(notYet);
    const [deferred, underWay, issued] = await Promise.all([this.#deferred('soon'), this.#deferred('late'), this.#redeemed()]);
    this.source.behave((response, request) => (request.path === '/late' ? notYet : answering({}))(response, request));
    const answer = await this.wallet.requestCredential(issued.token, issued.body);
    const holdings = {
      open: await this.backend.offer([this.configurationId]),
      referenced: await this.backend.offer([this.configurationId], { credentialOfferMode: 'reference' }),
      doomed: await this.backend.offer([this.configurationId]),
      redeemed: await this.#redeemed(),
      deferred,
      underWay,
      issued: { token: issued.token, notificationId: answer.json.notification_id as string },
    };
    await waitUntil(() => this.#isIssued(deferred), { what: 'the credential to be issued', timeoutMs: 20_000 });
    return holdings;
  }

  /** From now on all claims come at once. */
  letClaimsCome(): void {
    this.source.behave(answering({}));
  }

  close(): Promise<void> {
    return this.source.stop();
  }

  async #redeemed(): Promise<Holdings['redeemed']> {
    const token = await this.wallet.token((await this.backend.offer([this.configurationId])).uri);
    return { token, body: await this.wallet.credentialRequest(this.configurationId) };
  }

  async #deferred(when: 'soon' | 'late'): Promise<Transaction> {
    const configurationId = this.deferring[when];
    const offer = await this.backend.offer([configurationId]);
    const token = await this.wallet.token(offer.uri);
    const answer = await this.wallet.requestCredential(token, await this.wallet.credentialRequest(configurationId));
    if (answer.status !== 202) throw new Error(`the credential endpoint answered ${answer.status}: ${answer.text}`);
    return { offerId: offer.id, token, transactionId: answer.json.transaction_id as string };
  }

  async #isIssued({ offerId }: Transaction): Promise<void> {
    if ((await this.system.db.issuedCredentials.countDocuments({ sessionId: offerId })) === 0) throw new Error('not yet');
  }
}

/** Where the type metadata of its plain configuration are, below its URL. */
export const TYPE_PATH = '/types/badge';
