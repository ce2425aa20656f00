import { ApplicationFailure } from '@temporalio/common';
import {
  allHandlersFinished,
  CancellationScope,
  condition,
  isCancellation,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { CloseIssuanceInput } from './activity-types.js';
import { beginAuthorization } from './authorization.js';
import { denialReason } from './denial-reason.js';
import { handleHolder } from './holder-messages.js';
import { closeSteps, collectClaimsStep, issueCredentialStep } from './steps.js';
import * as messages from './messages.js';
import type {
  IssuanceInput,
  IssuanceResult,
  IssuanceState,
  RedeemTokenRequest,
  RefreshTokenRequest,
  RequestCredentialRequest,
} from './messages.js';
import { isTold, tell, type Narrative } from './narrative.js';
import {
  approvalDeadline,
  deadlineOf,
  isOver,
  isTechnicalFault,
  issuedCount,
  outcomeOf,
  phaseOf,
  type IssuanceProblem,
  type IssuanceRecord,
  type Redemption,
  type RequestRecord,
} from './phases.js';
import { checkCredentialRequest, checkRedemption, checkRefresh, checkWithdrawal, refusal } from './refusals.js';

/** How long operators may see the phase before this one. */
const UNTOLD_MS = 1000;
/** Refreshed access tokens that are good at the same time: a wallet that asks for more loses its oldest. */
const MOST_TOKENS = 10;

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
      ...(input.authorization === undefined
        ? {}
        : { authorization: beginAuthorization(input.authorization, workflowInfo().startTime.getTime()) }),
      refreshed: [],
      requests: new Map(),
      wrongTransactionCodes: 0,
      withdrawn: false,
      closed: false,
    };
    this.#phase = { phase: phaseOf(this.#record), phaseSince: workflowInfo().startTime.getTime() };
    this.#told = { ...this.#phase, issuedCount: 0 };
    if (input.authorization !== undefined)
      handleHolder({ record: () => this.#record, change: (authorization) => this.#change({ authorization }) });
    setHandler(messages.refreshToken, (request: RefreshTokenRequest) => this.#refreshToken(request), {
      validator: (request: RefreshTokenRequest) => checkRefresh(this.#record, request),
    });
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
    const { redemption, authorization } = this.#record;
    return redemption === undefined && authorization === undefined ? 'offer expires' : 'session ends';
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
      ...(this.#input.authorization?.offerId === undefined ? {} : { offerId: this.#input.authorization.offerId }),
      ...(fault ? {} : { outcome }),
      // Also of requests that failed: a store that went away may have kept what it did not acknowledge.
      ledgerIds: [...this.#record.requests.keys()].map((id) => this.#ledgerId(id)),
      ...this.#undelivered(),
    });
    if (fault)
      throw ApplicationFailure.nonRetryable('no credential could be issued within the completion window', 'IssuanceFault');
    this.#tell(outcome);
    return { outcome, issuedCount: issuedCount(this.#record) };
  }

  /** Issued, and then deleted by the wallet or never confirmed: the configuration may say that such credentials are revoked. */
  #undelivered(): Pick<CloseIssuanceInput, 'deletedLedgerIds' | 'unacknowledgedLedgerIds'> {
    const issued = [...this.#record.requests].filter(([, { status }]) => status === 'issued');
    const idsWith = (event: RequestRecord['event']) =>
      issued.filter(([, request]) => request.event === event).map(([id]) => this.#ledgerId(id));
    const [deleted, unacknowledged] = [idsWith('credential_deleted'), idsWith(undefined)];
    return {
      ...(deleted.length === 0 ? {} : { deletedLedgerIds: deleted }),
      ...(unacknowledged.length === 0 ? {} : { unacknowledgedLedgerIds: unacknowledged }),
    };
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
        codeHash: request.codeHash,
        ...this.#refreshable(request),
      },
    });
    return this.#granted();
  }

  #refreshable({ refreshToken }: RedeemTokenRequest): Pick<Redemption, 'refreshToken' | 'refreshableUntil'> {
    const { refreshSeconds } = this.#input;
    if (refreshToken === undefined || refreshSeconds === undefined) return {};
    return { refreshToken, refreshableUntil: Date.now() + refreshSeconds * 1000 };
  }

  #refreshToken({ tokenId, tokenExpiresAt }: RefreshTokenRequest): messages.RedeemTokenResult {
    const refreshed = [...this.#record.refreshed.slice(1 - MOST_TOKENS), { tokenId, expiresAt: tokenExpiresAt }];
    this.#change({ refreshed });
    return this.#granted();
  }

  #granted(): messages.RedeemTokenResult {
    const byAuthorizationDetails = this.#input.authorization?.byAuthorizationDetails ?? [];
    return {
      configurationIds: this.#input.configurations.map(({ id }) => id),
      ...(byAuthorizationDetails.length === 0 ? {} : { byAuthorizationDetails }),
    };
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
      if (this.#isUndecided()) await this.#decision(request);
      await this.#collectClaims(request);
      return await this.#oneAtATime(() => this.#sign(request));
    } catch (error) {
      const reason = denialReason(error);
      this.#setStatus(request, reason === undefined ? 'failed' : 'denied');
      this.#results.delete(request.requestId);
      throw refusal('credential_request_denied', reason ?? 'the credential could not be issued');
    }
  }

  /** Whether the decision that the interaction hook left open is still to come. */
  #isUndecided(): boolean {
    const { authorization, withdrawn } = this.#record;
    return authorization?.approval === 'pending' && authorization.ended === undefined && !withdrawn;
  }

  /** Days, if need be. */
  async #decision(request: RequestCredentialRequest): Promise<void> {
    this.#setStatus(request, 'approving');
    const patience = Math.max(approvalDeadline(this.#record) - Date.now(), 1);
    const isDecided = await condition(() => !this.#isUndecided(), patience, { summary: 'decision expires' });
    if (!isDecided) throw refusal('credential_request_denied', 'the issuer did not decide in time');
    if (this.#record.authorization?.ended !== undefined || this.#record.withdrawn)
      throw refusal('credential_request_denied', 'the issuer refused');
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
    const { configurationId, holderKeys, holderDids } = request;
    const remote = this.#input.configurations.find(({ id }) => id === configurationId)?.remoteSigner === true;
    const ledgerId = this.#ledgerId(request.requestId);
    this.#setStatus(request, 'signing');
    await issueCredentialStep(
      {
        issuerId,
        sessionId,
        issuerRevision,
        configurationId,
        ledgerId,
        holderKeys,
        ...(holderDids === undefined ? {} : { holderDids }),
      },
      { ...this.#stepOptions(), remote },
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
      ...(this.#record.authorization?.error === undefined ? {} : { error: this.#record.authorization.error }),
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
