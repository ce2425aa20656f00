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
      const left = deadlineOf(this.#record) - Date.now();
      if (left <= 0) return;
      // One timer at a time, re-armed when it fires: deadlines mostly move away, and moving a timer costs events.
      await condition(() => isOver(this.#record), left, { summary: this.#record.redemption ? 'session ends' : 'offer expires' });
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
    if (fault) throw ApplicationFailure.nonRetryable('no credential could be issued within the completion window', 'IssuanceFault');
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
      redemption: { attemptId, tokenId, tokenExpiresAt, apiInstance, ...(dpopThumbprint === undefined ? {} : { dpopThumbprint }) },
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

  async #issue({ requestId, configurationId, holderKeys }: RequestCredentialRequest): Promise<messages.RequestCredentialResult> {
    const { issuerId, sessionId, issuerRevision, configurations } = this.#input;
    const scope = { issuerId, sessionId, issuerRevision, configurationId };
    const ledgerId = this.#ledgerId(requestId);
    const claimSourceId = configurations.find(({ id }) => id === configurationId)?.claimSourceId;
    const step = { windowSeconds: this.#input.completionWindowSeconds, stuckAfterSeconds: this.#input.stuckAfterSeconds };
    try {
      if (claimSourceId !== undefined) {
        this.#setStatus(requestId, configurationId, 'collecting');
        this.#tell();
        await collectClaimsStep({ ...scope, claimSourceId }, { ...step, onProblem: (problem) => this.#setProblem(problem) });
      }
      this.#setStatus(requestId, configurationId, 'signing');
      await issueCredentialStep({ ...scope, ledgerId, holderKeys }, { ...step, onProblem: (problem) => this.#setProblem(problem) });
    } catch (error) {
      const denied = isDenial(error);
      this.#setStatus(requestId, configurationId, denied ? 'denied' : 'failed');
      this.#results.delete(requestId);
      this.#tell();
      throw refusal('credential_request_denied', denied ? 'the claims do not allow this credential' : 'the credential could not be issued');
    }
    this.#setStatus(requestId, configurationId, 'issued');
    this.#tell();
    return { issuedRef: ledgerId };
  }

  #ledgerId(requestId: string): string {
    return `${workflowInfo().workflowId}/${requestId}`;
  }

  #setStatus(requestId: string, configurationId: string, status: RequestRecord['status']): void {
    const requests = new Map(this.#record.requests).set(requestId, { configurationId, status, since: Date.now() });
    this.#change({ requests });
  }

  #updateRequest(requestId: string, update: (request: RequestRecord) => RequestRecord): void {
    const request = this.#record.requests.get(requestId);
    if (request !== undefined) this.#change({ requests: new Map(this.#record.requests).set(requestId, update(request)) });
  }

  #setProblem(problem: IssuanceProblem | undefined): void {
    this.#problem = problem;
    this.#tell();
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
