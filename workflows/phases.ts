import { authorizationDeadline, authorizationPhase, type AuthorizationEnd, type AuthorizationRecord } from './authorization.js';
import type { RefreshTokenBinding } from './messages.js';

/** Where an issuance stands. Read by operators as the search attribute `IssuancePhase`. */
export type IssuancePhase =
  | 'OFFERED'
  | 'WAIT_AUTH'
  | 'WAIT_INTERACTION'
  | 'WAIT_APPROVAL'
  | 'WAIT_CODE'
  | 'WAIT_REQUEST'
  | 'COLLECTING_CLAIMS'
  | 'SIGNING'
  | 'WAIT_NOTIFICATION'
  | 'CLOSED';

/** How an issuance ended. A technical fault has no outcome: the workflow fails. */
export type IssuanceOutcome =
  | 'accepted'
  | 'failed_by_wallet'
  | 'deleted'
  | 'issued_unacknowledged'
  | 'expired'
  | 'denied'
  | 'code_attempts_exceeded'
  | 'withdrawn'
  | AuthorizationEnd;

/** Why a running issuance makes no progress. */
export type IssuanceProblem = 'stuck:claims' | 'stuck:signer';

/** Events a wallet can report (OID4VCI 11.1). */
export type NotificationEvent = 'credential_accepted' | 'credential_failure' | 'credential_deleted';

/** The code was exchanged for a token. */
export interface Redemption {
  readonly attemptId: string;
  readonly tokenId: string;
  /** Milliseconds since the epoch. */
  readonly tokenExpiresAt: number;
  readonly apiInstance: string;
  readonly dpopThumbprint?: string;
  readonly codeHash: string;
  readonly refreshToken?: RefreshTokenBinding;
  /** Until when the grant can be refreshed, milliseconds since the epoch. */
  readonly refreshableUntil?: number;
}

/** A further access token of the grant. */
export interface RefreshedToken {
  readonly tokenId: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** One credential request and what became of it. */
export interface RequestRecord {
  readonly configurationId: string;
  readonly status: 'approving' | 'collecting' | 'signing' | 'issued' | 'denied' | 'failed';
  /** When it came to this status, milliseconds since the epoch. */
  readonly since: number;
  readonly event?: NotificationEvent;
}

/** What an issuance remembers: everything its phase, deadline and outcome follow from. */
export interface IssuanceRecord {
  readonly offeredConfigurations: number;
  readonly expiresAt: number;
  readonly purgeAfterMs: number;
  readonly completionWindowMs: number;
  readonly allowedTransactionCodeAttempts: number;
  /** With an authorization code: how far the holder is. */
  readonly authorization?: AuthorizationRecord;
  readonly redemption?: Redemption;
  readonly refreshed: readonly RefreshedToken[];
  readonly requests: ReadonlyMap<string, RequestRecord>;
  readonly wrongTransactionCodes: number;
  readonly withdrawn: boolean;
  readonly closed: boolean;
}

/** The phase that follows from a record. */
export function phaseOf(record: IssuanceRecord): IssuancePhase {
  if (record.closed) return 'CLOSED';
  const requests = [...record.requests.values()];
  if (requests.some(({ status }) => status === 'approving')) return 'WAIT_APPROVAL';
  if (requests.some(({ status }) => status === 'collecting')) return 'COLLECTING_CLAIMS';
  if (requests.some(({ status }) => status === 'signing')) return 'SIGNING';
  if (requests.some(({ status }) => status === 'issued')) return 'WAIT_NOTIFICATION';
  if (record.redemption !== undefined) return 'WAIT_REQUEST';
  return record.authorization === undefined ? 'OFFERED' : authorizationPhase(record.authorization);
}

/** When the issuance ends if nothing more happens, milliseconds since the epoch. */
export function deadlineOf(record: IssuanceRecord): number {
  const { redemption, authorization } = record;
  if (redemption === undefined)
    return authorization === undefined ? record.expiresAt : authorizationDeadline(authorization, record.expiresAt);
  let deadline = Math.max(
    redemption.tokenExpiresAt,
    redemption.refreshableUntil ?? 0,
    ...record.refreshed.map(({ expiresAt }) => expiresAt),
  );
  for (const { status, since, event } of record.requests.values()) {
    if (isUnderWay(status)) deadline = Math.max(deadline, since + 2 * record.completionWindowMs);
    if (status === 'approving') deadline = Math.max(deadline, approvalDeadline(record) + 2 * record.completionWindowMs);
    if (status === 'issued' && event === undefined) deadline = Math.max(deadline, since + record.purgeAfterMs);
  }
  return deadline;
}

/** Whether nothing is left to wait for. */
export function isOver(record: IssuanceRecord): boolean {
  const requests = [...record.requests.values()];
  if (requests.some(({ status }) => isUnderWay(status))) return false;
  if (record.authorization?.ended !== undefined) return true;
  const issued = requests.filter(({ status }) => status === 'issued');
  if (issued.length === 0) return record.withdrawn || attemptsExceeded(record);
  const configurations = new Set(issued.map(({ configurationId }) => configurationId));
  return configurations.size === record.offeredConfigurations && issued.every(({ event }) => event !== undefined);
}

/** The outcome of an issuance that is over or has come to its deadline. */
export function outcomeOf(record: IssuanceRecord): IssuanceOutcome {
  const requests = [...record.requests.values()];
  const events = new Set(requests.map(({ event }) => event));
  if (events.has('credential_accepted')) return 'accepted';
  if (events.has('credential_deleted')) return 'deleted';
  if (events.has('credential_failure')) return 'failed_by_wallet';
  if (requests.some(({ status }) => status === 'issued')) return 'issued_unacknowledged';
  if (record.authorization?.ended !== undefined) return record.authorization.ended;
  if (record.withdrawn) return 'withdrawn';
  if (attemptsExceeded(record)) return 'code_attempts_exceeded';
  return requests.some(({ status }) => status === 'denied') ? 'denied' : 'expired';
}

/** Whether a fault of ours (and no refusal) kept every credential from being issued. */
export function isTechnicalFault(record: IssuanceRecord): boolean {
  const requests = [...record.requests.values()];
  return (
    requests.some(({ status }) => status === 'failed') &&
    !requests.some(({ status }) => status === 'issued' || status === 'denied')
  );
}

/** The one request under way or done for a configuration: a second set of keys gets nothing more. */
export function takenBy(record: IssuanceRecord, configurationId: string): string | undefined {
  for (const [requestId, request] of record.requests) {
    if (request.configurationId === configurationId && request.status !== 'denied' && request.status !== 'failed')
      return requestId;
  }
  return undefined;
}

export function issuedCount(record: IssuanceRecord): number {
  return [...record.requests.values()].filter(({ status }) => status === 'issued').length;
}

/** Until when a decision that the interaction hook left open can come, milliseconds since the epoch. */
export function approvalDeadline({ authorization }: IssuanceRecord): number {
  return authorization === undefined ? 0 : (authorization.approvalSince ?? authorization.since) + authorization.limits.approvalMs;
}

function isUnderWay(status: RequestRecord['status']): boolean {
  return status === 'approving' || status === 'collecting' || status === 'signing';
}

function attemptsExceeded(record: IssuanceRecord): boolean {
  return record.redemption === undefined && record.wrongTransactionCodes >= record.allowedTransactionCodeAttempts;
}
