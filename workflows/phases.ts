/** Where an issuance stands. Read by operators as the search attribute `IssuancePhase`. */
export type IssuancePhase = 'OFFERED' | 'WAIT_REQUEST' | 'COLLECTING_CLAIMS' | 'SIGNING' | 'WAIT_NOTIFICATION' | 'CLOSED';

/** How an issuance ended. A technical fault has no outcome: the workflow fails. */
export type IssuanceOutcome =
  | 'accepted'
  | 'failed_by_wallet'
  | 'deleted'
  | 'issued_unacknowledged'
  | 'expired'
  | 'denied'
  | 'code_attempts_exceeded'
  | 'withdrawn';

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
}

/** One credential request and what became of it. */
export interface RequestRecord {
  readonly configurationId: string;
  readonly status: 'collecting' | 'signing' | 'issued' | 'denied' | 'failed';
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
  readonly redemption?: Redemption;
  readonly requests: ReadonlyMap<string, RequestRecord>;
  readonly wrongTransactionCodes: number;
  readonly withdrawn: boolean;
  readonly closed: boolean;
}

/** The phase that follows from a record. */
export function phaseOf(record: IssuanceRecord): IssuancePhase {
  if (record.closed) return 'CLOSED';
  const requests = [...record.requests.values()];
  if (requests.some(({ status }) => status === 'collecting')) return 'COLLECTING_CLAIMS';
  if (requests.some(({ status }) => status === 'signing')) return 'SIGNING';
  if (requests.some(({ status }) => status === 'issued')) return 'WAIT_NOTIFICATION';
  return record.redemption === undefined ? 'OFFERED' : 'WAIT_REQUEST';
}

/** When the issuance ends if nothing more happens, milliseconds since the epoch. */
export function deadlineOf(record: IssuanceRecord): number {
  const { redemption } = record;
  if (redemption === undefined) return record.expiresAt;
  let deadline = redemption.tokenExpiresAt;
  for (const { status, since, event } of record.requests.values()) {
    if (status === 'collecting' || status === 'signing') deadline = Math.max(deadline, since + 2 * record.completionWindowMs);
    if (status === 'issued' && event === undefined) deadline = Math.max(deadline, since + record.purgeAfterMs);
  }
  return deadline;
}

/** Whether nothing is left to wait for. */
export function isOver(record: IssuanceRecord): boolean {
  const requests = [...record.requests.values()];
  if (requests.some(({ status }) => status === 'collecting' || status === 'signing')) return false;
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

function attemptsExceeded(record: IssuanceRecord): boolean {
  return record.redemption === undefined && record.wrongTransactionCodes >= record.allowedTransactionCodeAttempts;
}
