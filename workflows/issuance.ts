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
import { tell, type Narrative } from './narrative.js';
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
import { checkCredentialRequest, checkRedemption, refusal } from './refusals.js';
import { DENIALS } from './activity-types.js';

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
  #problem: IssuanceProblem | undefined;
  #told: Narrative;
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
    this.#told = { phase: 'OFFERED', phaseSince: workflowInfo().startTime.getTime(), issuedCount: 0 };
    setHandler(messages.redeemToken, (request: RedeemTokenRequest) => this.#redeemToken(request), {
      validator: (request: RedeemTokenRequest) => checkRedemption(this.#input, this.#record, request),
    });
    setHandler(messages.requestCredential, (request: RequestCredentialRequest) => this.#requestCredential(request), {
      validator: (request: RequestCredentialRequest) => checkCredentialRequest(this.#input, this.#record, request),
    });
    setHandler(messages.notification, ({ requestId, event }) => {
      this.#updateRequest(requestId, (request) => (request.status === 'issued' ? { ...request, event } : request));
    });
    setHandler(messages.withdraw, () => this.withdraw());
    setHandler(messages.state, () => this.#state());
  }

  /** Waits for the end: all confirmed, withdrawn, too many wrong codes, or time over. */
  async untilOver(): Promise<void> {
    while (!isOver(this.#record)) {
      const deadline = deadlineOf(this.#record);
      if (deadline <= Date.now()) return;
      // A deadline that moves away is looked at again when the timer fires: moving the timer each time costs events.
      const summary = this.#record.redemption === undefined ? 'offer expires' : 'session ends';
      await condition(() => isOver(this.#record) || deadlineOf(this.#record) < deadline, deadline - Date.now(), { summary });
    }
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
      ledgerIds: [...this.#record.requests].filter(([, { status }]) => status === 'issued').map(([id]) => this.#ledgerId(id)),
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
    this.#tell();
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
      this.#tell();
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
    this.#tell();
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
    this.#tell();
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

  #updateRequest(requestId: string, update: (request: RequestRecord) => RequestRecord): void {
    const request = this.#record.requests.get(requestId);
    if (request !== undefined) this.#change({ requests: new Map(this.#record.requests).set(requestId, update(request)) });
  }

  #change(change: Partial<IssuanceRecord>): void {
    this.#record = { ...this.#record, ...change };
  }

  #tell(outcome?: IssuanceResult['outcome']): void {
    const phase = phaseOf(this.#record);
    const now: Narrative = {
      phase,
      phaseSince: phase === this.#told.phase ? this.#told.phaseSince : Date.now(),
      issuedCount: issuedCount(this.#record),
      ...(outcome === undefined ? {} : { outcome }),
      ...(this.#problem === undefined ? {} : { problem: this.#problem }),
    };
    tell(now, this.#told);
    this.#told = now;
  }

  #state(): IssuanceState {
    return {
      ...this.#told,
      expiresAt: this.#input.expiresAt,
      wrongTransactionCodes: this.#record.wrongTransactionCodes,
    };
  }
}

function isDenial(error: unknown): boolean {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  return cause instanceof ApplicationFailure && DENIALS.some((type) => type === cause.type);
}
