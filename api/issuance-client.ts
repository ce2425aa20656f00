import type {
  AuthenticatedRequest,
  AuthenticationFailedRequest,
  Decision,
  InteractionReturnedRequest,
  IssuanceInput,
  IssuanceState,
  NextStep,
  RedeemTokenRequest,
  RedeemTokenResult,
  RefreshTokenRequest,
  RequestCredentialRequest,
  RequestCredentialResult,
  ResumeRequest,
  WalletNotification,
} from '../workflows/messages.js';
import type { IssuanceOutcome, IssuancePhase, IssuanceProblem } from '../workflows/phases.js';

/** Addresses one issuance. */
export interface IssuanceAddress {
  readonly issuerId: string;
  readonly sessionId: string;
}

/** The workflow refused; `type` is a `RefusalType`, `details` what came with it. */
export class IssuanceRefusal extends Error {
  override readonly name = 'IssuanceRefusal';
  constructor(
    readonly type: string,
    message: string,
    readonly details: readonly unknown[] = [],
  ) {
    super(message);
  }
}

/** There is no such issuance, or it is over and took no such message. */
export class IssuanceNotFound extends Error {
  override readonly name = 'IssuanceNotFound';
}

/** What a credential request came to within its deadline. */
export type CredentialRequestOutcome =
  | { readonly kind: 'issued'; readonly result: RequestCredentialResult }
  /** Accepted and under way: it completes by itself. */
  | { readonly kind: 'pending' };

/** What Temporal knows of an issuance without asking its worker. */
export interface IssuanceDescription {
  readonly phase?: IssuancePhase;
  readonly phaseSince?: Date;
  readonly outcome?: IssuanceOutcome;
  readonly problem?: IssuanceProblem;
  readonly issuedCount?: number;
  readonly running: boolean;
  readonly failed: boolean;
  readonly closedAt?: Date;
}

/**
 * The only place that talks to Temporal. Every call has a deadline; every failure comes out as one of
 * `IssuanceRefusal`, `IssuanceNotFound`, or `UnavailableError` (api/http/errors.ts; answered as 503).
 */
export interface IssuanceClient {
  /** Starts the issuance; resolves also when it was started before. `summary` is shown to operators: no personal data. */
  start(input: IssuanceInput, summary: string): Promise<void>;
  redeemToken(address: IssuanceAddress, request: RedeemTokenRequest): Promise<RedeemTokenResult>;
  refreshToken(address: IssuanceAddress, request: RefreshTokenRequest): Promise<RedeemTokenResult>;
  /** Ends a grant whose code was used twice; does nothing where it is over. */
  revokeGrant(address: IssuanceAddress): Promise<void>;
  /** Refused as `step_passed` where another login came first, as `access_denied` or `server_error` where it ended. */
  authenticated(address: IssuanceAddress, request: AuthenticatedRequest): Promise<NextStep>;
  /** Does nothing where the session is past the login or over. */
  authenticationFailed(address: IssuanceAddress, request: AuthenticationFailedRequest): Promise<void>;
  /** Refused as `step_passed` where another return came first, as `access_denied` where this one says so. */
  interactionReturned(address: IssuanceAddress, request: InteractionReturnedRequest): Promise<NextStep>;
  /** How the browser goes on; refused as `access_denied` or `server_error` where it ended. */
  resume(address: IssuanceAddress, request: ResumeRequest): Promise<NextStep>;
  /** Delivers the issuer's decision, also while no worker runs. */
  decide(address: IssuanceAddress, decision: Decision): Promise<void>;
  /** Delivers the request and waits for its result up to the credential deadline. Repeats of a `requestId` share one result. */
  requestCredential(address: IssuanceAddress, request: RequestCredentialRequest): Promise<CredentialRequestOutcome>;
  /** Asks again for the result of a request that was `pending`. */
  credentialResult(address: IssuanceAddress, requestId: string): Promise<CredentialRequestOutcome>;
  notify(address: IssuanceAddress, notification: WalletNotification): Promise<void>;
  withdraw(address: IssuanceAddress): Promise<void>;
  state(address: IssuanceAddress): Promise<IssuanceState>;
  describe(address: IssuanceAddress): Promise<IssuanceDescription>;
  /** Descriptions of up to 100 sessions by one visibility query. */
  describeMany(issuerId: string, sessionIds: readonly string[]): Promise<ReadonlyMap<string, IssuanceDescription>>;
  /** Resolves when the Temporal frontend answers. */
  ping(): Promise<void>;
}

/** `iss:<issuerId>:<sessionId>`. */
export function workflowIdOf({ issuerId, sessionId }: IssuanceAddress): string {
  return `iss:${issuerId}:${sessionId}`;
}
