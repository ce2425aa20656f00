import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { IssuanceOutcome, IssuancePhase, IssuanceProblem, NotificationEvent } from './phases.js';

/** Name of the workflow type, for starting it by name. */
export const ISSUANCE_WORKFLOW = 'issuance';

/** What an issuance starts with. Hashes only: no code, token, key or personal datum is ever in here. */
export interface IssuanceInput {
  readonly issuerId: string;
  /** 128-bit random id of this claim session; of a pre-authorized offer also its id. */
  readonly sessionId: string;
  readonly grantType: 'pre-authorized_code' | 'authorization_code';
  /** SHA-256 of the pre-authorized code's secret, base64url. */
  readonly codeHash?: string;
  /** What the wallet asked for at the authorization endpoint; with `authorization_code`. */
  readonly authorization?: AuthorizationInput;
  /** Keyed hash of the transaction code, base64url; absent where the offer asks for none. */
  readonly transactionCodeHash?: string;
  readonly transactionCodeAttempts: number;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
  readonly configurations: readonly OfferedConfiguration[];
  /** The issuer's revision the offer was made at: the worker reads configurations at least that new. */
  readonly issuerRevision: number;
  readonly correlationId: string;
  /** Seconds an issued but unacknowledged issuance (and its credentials) is kept. */
  readonly purgeAfterSeconds: number;
  /** Seconds claims collection and signing may take in all, from the credential request. */
  readonly completionWindowSeconds: number;
  /** Seconds after which a step that makes no progress is shown as a problem. */
  readonly stuckAfterSeconds: number;
  /** Seconds after its redemption that the grant can be refreshed, where the wallet has a refresh token. */
  readonly refreshSeconds?: number;
}

export interface AuthorizationInput {
  /** The reusable offer it came from. */
  readonly offerId?: string;
  /** Hash of client and redirect URI, base64url: who may redeem the code (api/oauth/session-state.ts). */
  readonly clientBinding: string;
  /** `code_challenge`, S256. */
  readonly codeChallenge: string;
  /** The DPoP key the code is bound to (RFC 9449 10). */
  readonly dpopThumbprint?: string;
  /** The configurations asked for by `authorization_details`; the others were asked for by scope. */
  readonly byAuthorizationDetails: readonly string[];
  /** Seconds a holder has for the interaction hook, where there is one. */
  readonly interactionSeconds?: number;
  /** Seconds the issuer's back-end has for a decision that the hook left open. */
  readonly approvalSeconds: number;
  /** Seconds an authorization code lives. */
  readonly codeSeconds: number;
}

export interface OfferedConfiguration {
  readonly id: string;
  /** The claims source whose answer the credential needs, if any. */
  readonly claimSourceId?: string;
  /** Its key was in a key store when the issuance began: signing is a call to another service, which operators see. */
  readonly remoteSigner?: true;
}

/** One HTTP token request. Its access token is signed by the API only after the workflow accepted it. */
export interface RedeemTokenRequest {
  /** Random id of the attempt. */
  readonly attemptId: string;
  /** `jti` of the access token to be issued. */
  readonly tokenId: string;
  /** When that token ends, milliseconds since the epoch. */
  readonly tokenExpiresAt: number;
  /** SHA-256 of the presented code's secret, base64url. */
  readonly codeHash: string;
  readonly transactionCodeHash?: string;
  /** Name and start of the API process that makes the attempt, `<name>/<epoch>`. */
  readonly apiInstance: string;
  /** JWK thumbprint of the DPoP key, if one was shown. */
  readonly dpopThumbprint?: string;
  /** An earlier attempt known never to have reached its wallet, in whose place this one stands. */
  readonly supersedes?: string;
  /** With an authorization code: `AuthorizationInput.clientBinding` of the client that redeems it. */
  readonly clientBinding?: string;
  /** With an authorization code: the challenge that the `code_verifier` makes, S256. */
  readonly codeChallenge?: string;
  /** The refresh token that goes with the access token; absent for clients that get none. */
  readonly refreshToken?: RefreshTokenBinding;
}

/** What a refresh token is bound to. */
export interface RefreshTokenBinding {
  /** SHA-256 of its secret, base64url. */
  readonly hash: string;
  /** SHA-256 of the client_id, base64url; of the empty text for an anonymous wallet. */
  readonly clientHash: string;
  /** Of a public client: the DPoP key it has to show (RFC 9449 5). */
  readonly dpopThumbprint?: string;
}

export interface RedeemTokenResult {
  readonly configurationIds: readonly string[];
  /** Which of them were asked for by `authorization_details` at the authorization endpoint. */
  readonly byAuthorizationDetails?: readonly string[];
}

/** One refresh of a grant: a further access token beside the earlier ones. */
export interface RefreshTokenRequest {
  readonly hash: string;
  readonly clientHash: string;
  /** `jti` of the access token to be issued. */
  readonly tokenId: string;
  /** Milliseconds since the epoch. */
  readonly tokenExpiresAt: number;
  readonly dpopThumbprint?: string;
}

/** The holder is back from the provider, logged in. Who it is lies sealed in the session's record. */
export interface AuthenticatedRequest {
  /** Hash that names the login: a repeat of it changes nothing. */
  readonly evidenceHash: string;
  /** SHA-256 of the secret of the authorization code to be handed out if nothing else is to be done, base64url. */
  readonly codeHash: string;
}

/** How a holder's step ended where it did not succeed; OAuth's codes (RFC 6749 4.1.2.1). */
export type AuthorizationError = 'access_denied' | 'server_error' | 'temporarily_unavailable' | 'invalid_request';

/** The provider refused the holder, or the holder refused. */
export interface AuthenticationFailedRequest {
  readonly error: AuthorizationError;
}

/** The holder is back from the interaction hook. What it returned lies sealed in the session's record. */
export interface InteractionReturnedRequest {
  /** Hash of the returned token. */
  readonly evidenceHash: string;
  /** `pending`: the issuer decides later and the holder waits; `deferred`: likewise, and the credential is deferred. */
  readonly result: 'completed' | 'refused' | 'pending' | 'deferred';
  /** As in `AuthenticatedRequest`. */
  readonly codeHash: string;
}

/** The browser asks how it goes on. */
export interface ResumeRequest {
  readonly codeHash: string;
  /** The holder does not want to wait for the decision: the credential is deferred until then. */
  readonly defer: boolean;
}

/** The issuer's decision that the hook left open. */
export interface Decision {
  readonly result: 'completed' | 'refused';
}

/** Where the browser goes next: `code` means back to the wallet with the code whose hash came with the message. */
export interface NextStep {
  readonly next: 'authentication' | 'interaction' | 'approval' | 'code';
}

/** Details of the failure `already_redeemed`: whose attempt holds the code. */
export interface AlreadyRedeemed {
  readonly attemptId: string;
  readonly apiInstance: string;
  readonly dpopThumbprint?: string;
  /** True once the token was used at the credential endpoint: then its attempt did reach the wallet. */
  readonly used: boolean;
}

export interface RequestCredentialRequest {
  /** Hash of token, configuration and holder keys: the same request gets the same credentials. */
  readonly requestId: string;
  readonly tokenId: string;
  readonly configurationId: string;
  /** Public keys of the holder, one credential each; one `null` where the configuration binds to no key. */
  readonly holderKeys: readonly (HolderKey | null)[];
  /** The DID by which the holder named each key, where by one; absent where all are `null`. */
  readonly holderDids?: readonly (string | null)[];
}

/** A bare public JWK as proven by the wallet. */
export type HolderKey = Readonly<Record<string, string>>;

/** Where the issued credentials lie, sealed: never the credentials themselves. */
export interface RequestCredentialResult {
  readonly issuedRef: string;
}

export interface WalletNotification {
  /** The credential request whose answer the wallet speaks of. */
  readonly requestId: string;
  readonly event: NotificationEvent;
}

export interface IssuanceState {
  readonly phase: IssuancePhase;
  readonly phaseSince: number;
  readonly outcome?: IssuanceOutcome;
  readonly problem?: IssuanceProblem;
  readonly expiresAt: number;
  readonly wrongTransactionCodes: number;
  readonly issuedCount: number;
}

export interface IssuanceResult {
  readonly outcome: IssuanceOutcome;
  readonly issuedCount: number;
}

/** Types of the `ApplicationFailure` by which the workflow refuses a message; OAuth's codes where one fits. */
export type RefusalType =
  | 'access_denied'
  | 'server_error'
  | 'temporarily_unavailable'
  | 'step_passed'
  | 'invalid_grant'
  | 'invalid_request'
  | 'invalid_token'
  | 'already_redeemed'
  | 'credential_request_denied'
  | 'session_closed';

export const redeemToken = defineUpdate<RedeemTokenResult, [RedeemTokenRequest]>('redeemToken');
/** Takes back what a code that was used twice brought (RFC 6749 4.1.2). */
export const revokeGrant = defineUpdate('revokeGrant');
export const refreshToken = defineUpdate<RedeemTokenResult, [RefreshTokenRequest]>('refreshToken');
export const authenticated = defineUpdate<NextStep, [AuthenticatedRequest]>('authenticated');
export const authenticationFailed = defineUpdate<unknown, [AuthenticationFailedRequest]>('authenticationFailed');
export const interactionReturned = defineUpdate<NextStep, [InteractionReturnedRequest]>('interactionReturned');
export const resume = defineUpdate<NextStep, [ResumeRequest]>('resume');
/** Server to server, and durable while no worker runs. */
export const claimsReady = defineSignal<[Decision]>('claimsReady');
export const requestCredential = defineUpdate<RequestCredentialResult, [RequestCredentialRequest]>('requestCredential');
export const notify = defineUpdate<unknown, [WalletNotification]>('notify');
/** The same, durable while no worker runs. */
export const notification = defineSignal<[WalletNotification]>('notification');
/** Refused once a wallet has begun to collect. */
export const withdraw = defineUpdate('withdraw');
/** The same, durable while no worker runs: done when one comes back, unless a wallet was first. */
export const withdrawal = defineSignal('withdrawal');
export const state = defineQuery<IssuanceState>('state');
