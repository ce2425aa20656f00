import { setTimeout as delay } from 'node:timers/promises';
import { CodeWallet } from '../flows/code-wallet.js';
import { formOf, HolderBrowser, locationOf } from '../flows/holder-browser.js';
import type { HookAnswer, HookBackend } from '../flows/hook-backend.js';
import { exchange } from '../flows/http-exchange.js';
import { credentialsOf, PlainWallet, type Answer } from '../flows/plain-wallet.js';
import { retried, type Attempt } from './plain-retry.js';

/** One exchange of the flow, as the holder's browser, the wallet or the hook's back-end sees it. */
export type CodeStep = 'authorize' | 'login' | 'interaction' | 'decision' | 'return' | 'token' | 'credential' | 'notification';

export interface CodeJourneyOptions {
  /** The issuer's public URL. */
  readonly url: string;
  readonly hook: HookBackend;
  readonly configurationId: string;
  /** The configuration's. */
  readonly scope: string;
  readonly issuerState: string;
  /** Who logs in. */
  readonly account: string;
  /** What the hook answers the browser with; `pending` needs a decision. */
  readonly answer: HookAnswer;
  /** Neither browser nor hook ask a second time: the holder goes back to the consent page, or waits where the browser is. */
  readonly impatient?: boolean;
  /** How old the hook's decision is when it is first sent. */
  readonly decisionAgeSeconds?: number;
}

/** What the hook adds, at once or later. */
export const DEPARTMENT = 'Department of Crashes';

const MOST_LOGINS = 3;
const PATIENCE_MS = 40_000;

/**
 * One holder on the way from the wallet's request to the credential. Browser and wallet know no other remedy than to send the
 * same request again, and to follow the links that they are shown.
 */
export class CodeJourney {
  readonly attempts: Attempt[] = [];
  /** All codes that came to the wallet's redirect URI. */
  readonly codes: string[] = [];
  /** How often the holder had to log in. */
  logins = 0;
  readonly #options: CodeJourneyOptions;
  readonly #wallet: CodeWallet;
  readonly #plain: PlainWallet;
  readonly #browser = new HolderBrowser();
  /** Where the browser is sent next. */
  #location = '';
  #decision = '';
  #accessToken = '';
  #answer: Answer | undefined;
  /** Sends the form of the consent page, for the first time or once more. */
  #consent: () => Promise<void> = () => Promise.resolve();
  /** Sends the last request of the browser again. */
  #again: () => Promise<void> = () => Promise.resolve();

  constructor(options: CodeJourneyOptions) {
    this.#options = options;
    this.#wallet = new CodeWallet(options.url);
    this.#plain = new PlainWallet(options.url);
  }

  get sessionId(): string {
    return this.codes[0]?.split('.')[0] ?? '';
  }

  /** What the hook's back-end tells the issuer in the end. */
  get decision(): string {
    return this.#decision;
  }

  get account(): string {
    return this.#options.account;
  }

  get credentials(): readonly string[] {
    return this.#answer === undefined ? [] : credentialsOf(this.#answer);
  }

  /** Goes one step, to its good end. @throws {Error} for an answer that neither retry nor link mends */
  async go(step: CodeStep): Promise<void> {
    const steps: Readonly<Record<CodeStep, () => Promise<void>>> = {
      authorize: () => this.#authorize(),
      login: () => this.#logIn(),
      interaction: () => this.#interact(),
      decision: () => this.#decide(),
      return: () => this.#comeBack(),
      token: () => this.#redeem(),
      credential: () => this.#requestCredential(),
      notification: () => this.#notify(),
    };
    await steps[step]();
  }

  /** The browser's plain reload of what it asked for last, although it was answered. */
  reload(): Promise<void> {
    return this.#again();
  }

  /** Redeems a code once more. */
  redeemAgain(code: string): Promise<Answer> {
    return this.#try('repeated token', () => this.#wallet.redeem(code));
  }

  async #authorize(): Promise<void> {
    const { scope, issuerState, account } = this.#options;
    const request = { scope, issuerState, more: { login_hint: account } };
    const url = await this.#wallet.authorizationUrl(request);
    const page = await this.#try('consent page', () => this.#browser.get(url));
    this.#consent = async () => {
      this.#location = locationOf(await this.#try('consent', () => this.#browser.submit(page, url, 'continue')));
      this.#noteCode();
    };
    this.#again = this.#consent;
    await this.#consent();
  }

  async #logIn(): Promise<void> {
    this.logins += 1;
    // The browser goes to the provider, which sends it back at once.
    const callback = locationOf(await exchange(this.#location));
    this.#again = async () => {
      const answer = await this.#try('callback', () => this.#browser.get(callback));
      if (answer.status === 303) this.#location = locationOf(answer);
      else await this.#startOver(answer);
    };
    await this.#again();
  }

  /** The provider's code is spent: the page leads to another login. */
  async #startOver({ status, text }: Answer): Promise<void> {
    const [, link] = /<a [^>]*href="([^"]*\/v1\/oauth\/sessions\/[^"]*)"/.exec(text) ?? [];
    if (status !== 400 || link === undefined || this.logins >= MOST_LOGINS)
      throw new Error(`there is no way on from here (${status}): ${text}`);
    const answer = await this.#try('session page', () => this.#browser.get(link));
    this.#location = locationOf(answer);
    if (!this.#isAtHook()) await this.#logIn();
  }

  async #interact(): Promise<void> {
    const { hook, answer, decisionAgeSeconds: ageSeconds = 0 } = this.#options;
    if (answer.status === 'pending')
      this.#decision = await hook.answer(this.#location, { claims: { department: DEPARTMENT } }, { ageSeconds });
    const url = await hook.returnUrl(this.#location, answer);
    if (this.#options.impatient === true) {
      await this.#once('return', () => this.#browser.get(url));
      await this.#consent();
      return;
    }
    this.#again = async () => {
      this.#location = locationOf(await this.#try('return', () => this.#browser.get(url)));
      this.#noteCode();
    };
    await this.#again();
  }

  async #decide(): Promise<void> {
    const { hook, impatient } = this.#options;
    if (impatient === true) await this.#once('decision', () => hook.decide(this.#decision));
    else expectStatus(await this.#try('decision', () => hook.decide(this.#decision)), 204);
  }

  /** Reloads the page on which the holder waits, until it leads back to the wallet. */
  async #comeBack(): Promise<void> {
    const giveUpAt = Date.now() + PATIENCE_MS;
    while (!this.#location.startsWith(this.#wallet.redirectUri)) {
      const answer = await this.#try('session page', () => this.#browser.get(this.#location));
      if (answer.status === 303 && locationOf(answer) === this.#location) throw new Error('the page leads to itself');
      if (answer.status === 303) this.#location = locationOf(answer);
      else if (Date.now() > giveUpAt) throw new Error(`the decision did not come (${answer.status}): ${answer.text}`);
      else formOf(expectStatus(answer, 200));
      await delay(50);
    }
    this.#noteCode();
  }

  async #redeem(): Promise<void> {
    const answer = await this.#try('token', () => this.#wallet.redeem(this.codes.at(-1) ?? ''));
    this.#accessToken = expectStatus(answer, 200).json.access_token as string;
  }

  async #requestCredential(): Promise<void> {
    const body = await this.#plain.credentialRequest(this.#options.configurationId);
    const answer = await this.#try('credential', () => this.#plain.requestCredential(this.#accessToken, body));
    this.#answer = answer.status === 202 ? await this.#collect(answer.json.transaction_id as string) : expectStatus(answer, 200);
  }

  async #collect(transactionId: string): Promise<Answer> {
    for (const giveUpAt = Date.now() + PATIENCE_MS; ;) {
      const answer = await this.#try('collection', () => this.#plain.deferredCredential(this.#accessToken, transactionId));
      if (answer.status !== 202) return expectStatus(answer, 200);
      if (Date.now() > giveUpAt) throw new Error('the deferred credential did not come');
      await delay(250);
    }
  }

  async #notify(): Promise<void> {
    const id = this.#answer?.json.notification_id as string;
    expectStatus(await this.#try('notification', () => this.#plain.notify(this.#accessToken, id)), 204);
  }

  #noteCode(): void {
    if (!this.#location.startsWith(this.#wallet.redirectUri)) return;
    const code = this.#wallet.answerIn(this.#location).get('code');
    if (code === null) throw new Error(`the wallet got no code: ${this.#location}`);
    this.codes.push(code);
  }

  #isAtHook(): boolean {
    return this.#location.startsWith(this.#options.hook.url);
  }

  /** Sends a request whose answer nobody waits for. */
  async #once(what: string, send: () => Promise<Answer>): Promise<void> {
    const answer = await send().catch(() => undefined);
    this.attempts.push({ what, status: answer?.status ?? 0 });
  }

  #try(what: string, send: () => Promise<Answer>): Promise<Answer> {
    return retried(what, this.attempts, send);
  }
}

function expectStatus(answer: Answer, status: number): Answer {
  if (answer.status !== status) throw new Error(`expected ${status}, was answered ${answer.status}: ${answer.text}`);
  return answer;
}
