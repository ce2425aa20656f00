import { setTimeout as pause } from 'node:timers/promises';
import { startClaimsSource } from '../flows/claims-source-server.js';
import { IssuerBackend, PERSON, type Offer } from '../flows/issuer-backend.js';
import { PlainWallet } from '../flows/plain-wallet.js';
import { makeEverySession, SESSION_STANDINGS, type Made } from './every-session.js';
import type { System } from '../harness/system.js';

/** Settings under which an issuance is stuck within seconds. */
export const OPERATOR_SETTINGS = {
  OUTBOUND_ALLOWED_HOSTS: 'localhost',
  CREDENTIAL_DEADLINE_MS: '3000',
  CLAIMS_SOURCE_TIMEOUT_MS: '500',
  STUCK_AFTER_SECONDS: '1',
};

/** Of an API process whose issuances are over within seconds. */
const SHORT_LIVED = { COMPLETION_WINDOW_SECONDS: '10', ACCESS_TOKEN_SECONDS: '10', PURGE_AFTER_SECONDS: '1' };

/** How an issuance, or a reusable offer, can stand, and what search attributes and status say of it then. */
export const STANDINGS = {
  'expired earlier': 'expired',
  offered: 'OFFERED',
  redeemed: 'WAIT_REQUEST',
  collected: 'WAIT_NOTIFICATION',
  'stuck at its claims source': 'stuck:claims',
  'stuck at the signer': 'stuck:signer',
  accepted: 'accepted',
  expired: 'expired',
  withdrawn: 'withdrawn',
  'guessed at': 'code_attempts_exceeded',
  denied: 'denied',
  'never confirmed': 'issued_unacknowledged',
  failed: 'FAILED',
  'redeemed a moment ago': 'WAIT_REQUEST',
  ...SESSION_STANDINGS,
} as const;

export type Standing = keyof typeof STANDINGS;

/** One issuance of every standing. */
export interface EveryIssuance {
  readonly offers: Readonly<Record<Standing, Made>>;
  /** After the first of them was over, before the rest were made. */
  readonly closedSince: Date;
  /** After all but the last began to wait. */
  readonly waitingSince: Date;
}

/** The request id of the call that made the offer which waits to be redeemed. */
export const REQUEST_ID = 'request-of-the-back-end';

/** Makes one issuance of every standing; they come to stand there within some twelve seconds. */
export async function makeEveryIssuance(system: System): Promise<EveryIssuance> {
  const maker = await IssuanceMaker.start(system);
  const earlier = await maker.expiring();
  await maker.untilClosed(earlier);
  const closedSince = new Date();
  // One after the other: a credential that is late would be deferred.
  const { sessions, newLogin } = await makeEverySession(system, maker.backend);
  const made = await maker.makeAll();
  const waitingSince = new Date();
  // Times are compared in milliseconds, on the clock of this machine.
  await pause(50);
  const last = await maker.redeemed();
  const lastLogin = await newLogin();
  const offers = {
    'expired earlier': earlier,
    ...made,
    ...sessions,
    'redeemed a moment ago': last.offer,
    'at the provider since a moment ago': lastLogin,
  };
  return { offers, closedSince, waitingSince };
}

interface Redeemed {
  readonly offer: Offer;
  readonly wallet: PlainWallet;
  readonly token: string;
}

class IssuanceMaker {
  private constructor(
    readonly system: System,
    readonly backend: IssuerBackend,
    /** The back-end and a wallet at the API process with the short times. */
    readonly shortLived: { readonly backend: IssuerBackend; readonly wallet: PlainWallet },
    /** Ids of configurations: one with claims of the offer, and one whose claims source is down. */
    readonly badge: string,
    readonly sourced: string,
  ) {}

  static async start(system: System): Promise<IssuanceMaker> {
    const [backend, shortLived, source] = await Promise.all([
      IssuerBackend.login(system),
      system.startAnotherApi(SHORT_LIVED),
      startClaimsSource(),
    ]);
    const claimSourceId = await backend.claimSource({
      name: 'HR system',
      url: source.url,
      requestParameters: {},
      authorization: { type: 'api-key', value: 'a-key-for-the-claims-source' },
    });
    await source.stop();
    const badge = await backend.configuration({ branding: { name: 'Staff badge' } });
    const sourced = await backend.configuration({ claimSourceId, branding: { name: 'Staff badge from HR' } });
    const at = { at: shortLived.url };
    const short = { backend: await IssuerBackend.login(system, at), wallet: new PlainWallet(system.url, at) };
    return new IssuanceMaker(system, backend, short, badge, sourced);
  }

  async makeAll(): Promise<
    Record<Exclude<Standing, 'expired earlier' | 'redeemed a moment ago' | keyof typeof SESSION_STANDINGS>, Offer>
  > {
    const { given_name: _required, ...tooFew } = PERSON;
    const [offered, redeemed, collected, atSource, atSigner, accepted, expired, withdrawn, guessedAt, denied, silent, failed] =
      await Promise.all([
        this.backend.offer([this.badge], { expiresIn: { minutes: 10 } }, { 'x-request-id': REQUEST_ID }),
        this.redeemed().then(({ offer }) => offer),
        this.redeemed().then((session) => this.#request(session)),
        this.redeemed([this.sourced]).then((session) => this.#request(session, this.sourced)),
        this.redeemed().then((session) => this.#stuckAtSigner(session)),
        this.redeemed().then((session) => this.#accept(session)),
        this.expiring(),
        this.#withdrawn(),
        this.#guessedAt(),
        this.#shortLived(this.badge, tooFew),
        this.#shortLived(this.badge),
        this.#shortLived(this.sourced),
      ]);
    return {
      offered,
      redeemed,
      collected,
      'stuck at its claims source': atSource,
      'stuck at the signer': atSigner,
      accepted,
      expired,
      withdrawn,
      'guessed at': guessedAt,
      denied,
      'never confirmed': silent,
      failed,
    };
  }

  expiring(): Promise<Offer> {
    return this.backend.offer([this.badge], { expiresIn: { seconds: 1 } });
  }

  async redeemed(configurationIds: readonly string[] = [this.badge]): Promise<Redeemed> {
    const wallet = new PlainWallet(this.system.url);
    const offer = await this.backend.offer(configurationIds);
    return { offer, wallet, token: await wallet.token(offer.uri) };
  }

  async untilClosed({ id }: Offer): Promise<void> {
    await this.system.temporal.workflow.getHandle(`iss:default:${id}`).result();
  }

  async #request({ offer, wallet, token }: Redeemed, configurationId = this.badge): Promise<Offer> {
    await wallet.requestCredential(token, await wallet.credentialRequest(configurationId));
    return offer;
  }

  async #accept({ offer, wallet, token }: Redeemed): Promise<Offer> {
    const answer = await wallet.requestCredential(token, await wallet.credentialRequest(this.badge));
    const { transaction_id: transactionId } = answer.json;
    const { json } = typeof transactionId === 'string' ? await wallet.untilDelivered(token, transactionId) : answer;
    await wallet.notify(token, json.notification_id as string);
    return offer;
  }

  /** Claims that do not open are a fault of ours, which waiting may mend. */
  async #stuckAtSigner(session: Redeemed): Promise<Offer> {
    const damage = { $set: { 'claims.data': 'damaged' } };
    await this.system.db.issuances.updateOne({ _id: session.offer.id, issuerId: 'default' }, damage);
    return this.#request(session);
  }

  async #withdrawn(): Promise<Offer> {
    const offer = await this.backend.offer([this.badge]);
    await fetch(`${this.system.url}/v1/openid/offers/pre-authorized/${offer.id}`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${this.backend.session.token}` },
    });
    return offer;
  }

  async #guessedAt(): Promise<Offer> {
    const offer = await this.backend.offer([this.badge], { transactionCodeConfiguration: { inputMode: 'text', length: 16 } });
    const wallet = new PlainWallet(this.system.url);
    for (let guess = 0; guess < 3; guess += 1) await wallet.redeem(wallet.codeOf(offer.uri), '0000000000000000');
    return offer;
  }

  /** Requested, and left alone, at the API process with the short times. */
  async #shortLived(configurationId: string, claims: unknown = PERSON): Promise<Offer> {
    const { backend, wallet } = this.shortLived;
    const offer = await backend.offer([configurationId], { claims });
    return this.#request({ offer, wallet, token: await wallet.token(offer.uri) }, configurationId);
  }
}
