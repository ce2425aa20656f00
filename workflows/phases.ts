/** Where an issuance stands. Read by operators as the search attribute `IssuancePhase`. */
export type IssuancePhase =
  | 'OFFERED'
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
  | 'withdrawn';

/** Why a running issuance makes no progress. */
export type IssuanceProblem = 'stuck:claims' | 'stuck:signer';

/** Events a wallet can report (OID4VCI 11.1). */
export type NotificationEvent = 'credential_accepted' | 'credential_failure' | 'credential_deleted';
