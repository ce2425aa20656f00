import { ActivityFailure, ApplicationFailure } from '@temporalio/common';
import {
  allHandlersFinished,
  CancellationScope,
  condition,
  isCancellation,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { closeSteps, collectClaimsStep, issueCredentialStep } from './steps.js';
import * as messages from './messages.js';
import type { IssuanceInput, IssuanceResult, IssuanceState, RedeemTokenRequest, RequestCredentialRequest } from './messages.js';
import { isTold, tell, type Narrative } from './narrative.js';
import {
  deadlineOf,
  isOver,
  isTechnicalFault,
  issuedCount,
  outcomeOf,
  phaseOf,
  type IssuanceProblem,
  type IssuanceRecord,
  type RequestRecord,
} from './phases.js';
import { checkCredentialRequest, checkRedemption, checkWithdrawal, refusal } from './refusals.js';
import { DENIALS } from './activity-types.js';

/** How long operators may see the phase before this one. */
const UNTOLD_MS = 1000;

/** One claim session, from offer to outcome. */
export async function issuance(input: IssuanceInput): Promise<IssuanceResult> {
  const session = new ClaimSession(input);
  try {
    await session.untilOver();
  } catch (error) {
    if (!isCancellation(error)) throw error;
    session.withdraw();
  }
  return CancellationScope.nonCancellable(() => session.close());
}

class ClaimSession {
  readonly #input: IssuanceInput;
  #record: IssuanceRecord;
  #phase: Pick<Narrative, 'phase' | 'phaseSince'>;
  #problem: IssuanceProblem | undefined;
  #told: Narrative;
  /** When operators are told what changed, milliseconds since the epoch; absent where nothing did. */
  #tellAt: number | undefined;
  readonly #results = new Map<string, Promise<messages.RequestCredentialResult>>();
  #signing: Promise<unknown> = Promise.resolve();

  constructor(input: IssuanceInput) {
    this.#input = input;
    this.#record = {
      offeredConfigurations: input.configurations.length,
      expiresAt: input.expiresAt,
      purgeAfterMs: input.purgeAfterSeconds * 1000,
      completionWindowMs: input.completionWindowSeconds * 1000,
      allowedTransactionCodeAttempts: input.transactionCodeAttempts,
      requests: new Map(),
      wrongTransactionCodes: 0,
      withdrawn: false,
      closed: false,
    };
    this.#phase = { phase: 'OFFERED', phaseSince: workflowInfo().startTime.getTime() };
    this.#told = { ...this.#phase, issuedCount: 0 };
    setHandler(messages.redeemToken, (request: RedeemTokenRequest) => this.#redeemToken(request), {
      validator: (request: RedeemTokenRequest) => checkRedemption(this.#input, this.#record, request),
    });
    setHandler(messages.requestCredential, (request: RequestCredentialRequest) => this.#requestCredential(request), {
      validator: (request: RequestCredentialRequest) => checkCredentialRequest(this.#input, this.#record, request),
    });
    setHandler(messages.notify, (notification) => this.#noteEvent(notification));
    setHandler(messages.notification, (notification) => this.#noteEvent(notification));
    setHandler(messages.withdraw, () => this.withdraw(), { validator: () => checkWithdrawal(this.#record) });
    setHandler(messages.withdrawal, () => this.withdraw());
    setHandler(messages.state, () => this.#state());
  }

  /** Waits for the end: all confirmed, withdrawn, too many wrong codes, or time over. */
  async untilOver(): Promise<void> {
    while (!isOver(this.#record)) {
      const deadline = deadlineOf(this.#record);
      if (deadline <= Date.now()) return;
      if (this.#tellAt !== undefined && this.#tellAt <= Date.now()) this.#tell();
      // A deadline that moves away is looked at again when the timer fires: moving the timer each time costs events.
      const wakeAt = Math.min(deadline, this.#tellAt ?? deadline);
      const isDue = () => isOver(this.#record) || deadlineOf(this.#record) < wakeAt || (this.#tellAt ?? wakeAt) < wakeAt;
      await condition(isDue, wakeAt - Date.now(), { summary: this.#summaryOf(wakeAt) });
    }
  }

  #summaryOf(wakeAt: number): string {
    if (wakeAt === this.#tellAt) return 'phase lasts';
    return this.#record.redemption === undefined ? 'offer expires' : 'session ends';
  }

  withdraw(): void {
    this.#change({ withdrawn: true });
  }

  async close(): Promise<IssuanceResult> {
    this.#change({ closed: true });
    // Handlers that wait for an activity still answer their wallets.
    await condition(allHandlersFinished);
    const fault = isTechnicalFault(this.#record);
    const outcome = outcomeOf(this.#record);
    await closeSteps({
      issuerId: this.#input.issuerId,
      sessionId: this.#input.sessionId,
      ...(fault ? {} : { outcome }),
      // Also of requests that failed: a store that went away may have kept what it did not acknowledge.
      ledgerIds: [...this.#record.requests.keys()].map((id) => this.#ledgerId(id)),
    });
    if (fault)
      throw ApplicationFailure.nonRetryable('no credential could be issued within the completion window', 'IssuanceFault');
    this.#tell(outcome);
    return { outcome, issuedCount: issuedCount(this.#record) };
  }

  #redeemToken(request: RedeemTokenRequest): messages.RedeemTokenResult {
    if (request.transactionCodeHash !== this.#input.transactionCodeHash) {
      this.#change({ wrongTransactionCodes: this.#record.wrongTransactionCodes + 1 });
      throw refusal('invalid_grant', 'the transaction code is wrong');
    }
    const { attemptId, tokenId, tokenExpiresAt, apiInstance, dpopThumbprint } = request;
    this.#change({
      redemption: {
        attemptId,
        tokenId,
        tokenExpiresAt,
        apiInstance,
        ...(dpopThumbprint === undefined ? {} : { dpopThumbprint }),
      },
    });
    return { configurationIds: this.#input.configurations.map(({ id }) => id) };
  }

  #requestCredential(request: RequestCredentialRequest): Promise<messages.RequestCredentialResult> {
    const known = this.#results.get(request.requestId);
    if (known !== undefined) return known;
    const result = this.#issue(request);
    this.#results.set(request.requestId, result);
    return result;
  }

  async #issue(request: RequestCredentialRequest): Promise<messages.RequestCredentialResult> {
    try {
      await this.#collectClaims(request);
      return await this.#oneAtATime(() => this.#sign(request));
    } catch (error) {
      const denied = isDenial(error);
      this.#setStatus(request, denied ? 'denied' : 'failed');
      this.#results.delete(request.requestId);
      throw refusal(
        'credential_request_denied',
        denied ? 'the claims do not allow this credential' : 'the credential could not be issued',
      );
    }
  }

  async #collectClaims(request: RequestCredentialRequest): Promise<void> {
    const { issuerId, sessionId, issuerRevision, configurations } = this.#input;
    const { configurationId } = request;
    const claimSourceId = configurations.find(({ id }) => id === configurationId)?.claimSourceId;
    // Taken from now on: a request with other keys must not get in while this one waits.
    this.#setStatus(request, claimSourceId === undefined ? 'signing' : 'collecting');
    if (claimSourceId === undefined) return;
    await collectClaimsStep({ issuerId, sessionId, issuerRevision, configurationId, claimSourceId }, this.#stepOptions());
  }

  async #sign(request: RequestCredentialRequest): Promise<messages.RequestCredentialResult> {
    const { issuerId, sessionId, issuerRevision } = this.#input;
    const { configurationId, holderKeys } = request;
    const ledgerId = this.#ledgerId(request.requestId);
    this.#setStatus(request, 'signing');
    await issueCredentialStep(
      { issuerId, sessionId, issuerRevision, configurationId, ledgerId, holderKeys },
      this.#stepOptions(),
    );
    this.#setStatus(request, 'issued');
    return { issuedRef: ledgerId };
  }

  /** Local activities that run side by side end together on replay, though one by one when it happened: so one at a time. */
  #oneAtATime<T>(section: () => Promise<T>): Promise<T> {
    const result = this.#signing.then(section);
    this.#signing = result.catch(() => undefined);
    return result;
  }

  #stepOptions() {
    const { completionWindowSeconds, stuckAfterSeconds } = this.#input;
    return {
      windowSeconds: completionWindowSeconds,
      stuckAfterSeconds,
      onProblem: (problem: IssuanceProblem | undefined) => {
        this.#problem = problem;
        this.#tell();
      },
    };
  }

  #ledgerId(requestId: string): string {
    return `${workflowInfo().workflowId}/${requestId}`;
  }

  #setStatus({ requestId, configurationId }: RequestCredentialRequest, status: RequestRecord['status']): void {
    const requests = new Map(this.#record.requests).set(requestId, { configurationId, status, since: Date.now() });
    this.#change({ requests });
  }

  #noteEvent({ requestId, event }: messages.WalletNotification): void {
    this.#updateRequest(requestId, (request) => (request.status === 'issued' ? { ...request, event } : request));
  }

  #updateRequest(requestId: string, update: (request: RequestRecord) => RequestRecord): void {
    const request = this.#record.requests.get(requestId);
    if (request !== undefined) this.#change({ requests: new Map(this.#record.requests).set(requestId, update(request)) });
  }

  /** A phase that passes at once is not told: every telling is a write to Temporal's visibility store. */
  #change(change: Partial<IssuanceRecord>): void {
    this.#record = { ...this.#record, ...change };
    const phase = phaseOf(this.#record);
    if (phase !== this.#phase.phase) this.#phase = { phase, phaseSince: Date.now() };
    this.#tellAt ??= isTold(this.#narrative(), this.#told) ? undefined : Date.now() + UNTOLD_MS;
  }

  #tell(outcome?: IssuanceResult['outcome']): void {
    const now = this.#narrative(outcome);
    tell(now, this.#told);
    this.#told = now;
    this.#tellAt = undefined;
  }

  #narrative(outcome?: IssuanceResult['outcome']): Narrative {
    return {
      ...this.#phase,
      issuedCount: issuedCount(this.#record),
      ...(outcome === undefined ? {} : { outcome }),
      ...(this.#problem === undefined ? {} : { problem: this.#problem }),
    };
  }

  #state(): IssuanceState {
    return {
      ...this.#narrative(),
      expiresAt: this.#input.expiresAt,
      wrongTransactionCodes: this.#record.wrongTransactionCodes,
    };
  }
}

function isDenial(error: unknown): boolean {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  return cause instanceof ApplicationFailure && DENIALS.some((type) => type === cause.type);
}
