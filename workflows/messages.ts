import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { IssuanceOutcome, IssuancePhase, IssuanceProblem, NotificationEvent } from './phases.js';

/** Name of the workflow type, for starting it by name. */
export const ISSUANCE_WORKFLOW = 'issuance';

/** What an issuance starts with. Hashes only: no code, token, key or personal datum is ever in here. */
export interface IssuanceInput {
  readonly issuerId: string;
  /** 128-bit random id of this claim session; also the offer's id. */
  readonly sessionId: string;
  readonly grantType: 'pre-authorized_code';
  /** SHA-256 of the pre-authorized code's secret, base64url. */
  readonly codeHash: string;
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
}

export interface OfferedConfiguration {
  readonly id: string;
  /** The claims source whose answer the credential needs, if any. */
  readonly claimSourceId?: string;
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
}

export interface RedeemTokenResult {
  readonly configurationIds: readonly string[];
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
  'invalid_grant' | 'invalid_request' | 'invalid_token' | 'already_redeemed' | 'credential_request_denied' | 'session_closed';

export const redeemToken = defineUpdate<RedeemTokenResult, [RedeemTokenRequest]>('redeemToken');
export const requestCredential = defineUpdate<RequestCredentialResult, [RequestCredentialRequest]>('requestCredential');
export const notify = defineUpdate<unknown, [WalletNotification]>('notify');
/** The same, durable while no worker runs. */
export const notification = defineSignal<[WalletNotification]>('notification');
/** Refused once a wallet has begun to collect. */
export const withdraw = defineUpdate('withdraw');
/** The same, durable while no worker runs: done when one comes back, unless a wallet was first. */
export const withdrawal = defineSignal('withdrawal');
export const state = defineQuery<IssuanceState>('state');
