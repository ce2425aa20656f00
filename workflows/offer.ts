import { ApplicationFailure } from '@temporalio/common';
import {
  allHandlersFinished,
  CancellationScope,
  condition,
  continueAsNew,
  isCancellation,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { OfferState } from './activity-types.js';
import * as messages from './offer-messages.js';
import type { OfferInput, OfferResult } from './offer-messages.js';
import { isOver, tellDetails, tellState } from './offer-narrative.js';
import { endOfferSessionsStep, setOfferStateStep } from './offer-steps.js';

/** A reusable offer: its state and its end. Holders' issuances are workflows of their own and send nothing here. */
export async function offer(input: OfferInput): Promise<OfferResult> {
  const held = new HeldOffer(input);
  try {
    await held.untilOver();
  } catch (error) {
    if (!isCancellation(error)) throw error;
    await CancellationScope.nonCancellable(() => held.end('revoked'));
  }
  return CancellationScope.nonCancellable(() => held.close());
}

class HeldOffer {
  readonly #input: OfferInput;
  #state: OfferState;
  #since = workflowInfo().startTime.getTime();
  #changing: Promise<unknown> = Promise.resolve();

  constructor(input: OfferInput) {
    this.#input = input;
    this.#state = input.state;
    const validator = () => this.#requireOpen();
    setHandler(messages.pauseOffer, () => this.#hold('paused'), { validator });
    setHandler(messages.resumeOffer, () => this.#hold('active'), { validator });
    setHandler(messages.revokeOffer, () => this.#revoke(), { validator });
    setHandler(messages.revokeOfferSignal, () => this.end('revoked'));
    tellDetails(this.#narrative());
  }

  /** Waits for the end: revoked, or time over. Goes on in a new run where the history has grown long. */
  async untilOver(): Promise<void> {
    const { expiresAt } = this.#input;
    const isDue = () => isOver(this.#state) || isAtRest();
    while (!isOver(this.#state)) {
      if (isAtRest()) await continueAsNew<typeof offer>({ ...this.#input, state: this.#state });
      if (expiresAt === undefined) await condition(isDue);
      else if (expiresAt <= Date.now()) await this.end('expired');
      else await condition(isDue, expiresAt - Date.now(), { summary: 'offer expires' });
    }
  }

  /** Ends it, unless it is over. */
  end(state: 'revoked' | 'expired'): Promise<void> {
    return this.#oneAtATime(async () => {
      if (!isOver(this.#state)) await this.#setState(state);
    });
  }

  async close(): Promise<OfferResult> {
    const { issuerId, offerId } = this.#input;
    const state = this.#state === 'revoked' ? 'revoked' : 'expired';
    if (state === 'revoked') await endOfferSessionsStep({ issuerId, offerId });
    await condition(allHandlersFinished);
    return { state };
  }

  #hold(state: 'active' | 'paused'): Promise<void> {
    return this.#oneAtATime(async () => {
      // It may have ended while this waited for its turn.
      this.#requireOpen();
      await this.#setState(state);
    });
  }

  async #revoke(): Promise<void> {
    await this.end('revoked');
    if (this.#state !== 'revoked') throw over();
  }

  /** Synchronous, as Temporal's validators must be. */
  #requireOpen(): void {
    const { expiresAt } = this.#input;
    if (isOver(this.#state) || (expiresAt !== undefined && expiresAt <= Date.now())) throw over();
  }

  /** A cancelled workflow still writes what it was told to. */
  async #setState(state: OfferState): Promise<void> {
    const { issuerId, offerId } = this.#input;
    await CancellationScope.nonCancellable(() => setOfferStateStep({ issuerId, offerId, state }));
    if (state === this.#state) return;
    this.#state = state;
    this.#since = Date.now();
    tellState(this.#narrative());
  }

  #oneAtATime<T>(section: () => Promise<T>): Promise<T> {
    const result = this.#changing.then(section);
    this.#changing = result.catch(() => undefined);
    return result;
  }

  #narrative() {
    const { expiresAt } = this.#input;
    return { state: this.#state, since: this.#since, ...(expiresAt === undefined ? {} : { expiresAt }) };
  }
}

/** Whether it is time for a new run, and no message would be cut off by it. */
function isAtRest(): boolean {
  return workflowInfo().continueAsNewSuggested && allHandlersFinished();
}

function over(): ApplicationFailure {
  return ApplicationFailure.create({
    type: messages.OFFER_OVER,
    message: 'the offer is revoked or expired',
    nonRetryable: true,
    category: 'BENIGN',
  });
}
