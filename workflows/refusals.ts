import { ApplicationFailure } from '@temporalio/common';
import type {
  AlreadyRedeemed,
  IssuanceInput,
  RedeemTokenRequest,
  RefreshTokenRequest,
  RefusalType,
  RequestCredentialRequest,
} from './messages.js';
import type { AuthorizationRecord } from './authorization.js';
import { deadlineOf, phaseOf, takenBy, type IssuancePhase, type IssuanceRecord } from './phases.js';

/** A refusal as the sender of a message sees it: `type` is an OAuth error code where one fits. */
export function refusal(type: RefusalType, message: string, ...details: unknown[]): ApplicationFailure {
  return ApplicationFailure.create({ type, message, nonRetryable: true, details, category: 'BENIGN' });
}

/** Refuses what needs no record. Synchronous, as Temporal's validators must be. Wrong transaction codes are not among it. */
export function checkRedemption(input: IssuanceInput, record: IssuanceRecord, request: RedeemTokenRequest): void {
  checkCode(input, record, request);
  const { redemption } = record;
  if (isEnded(record) || isPast(record)) throw refusal('invalid_grant', 'the code is no longer valid');
  if (redemption !== undefined && redemption.attemptId !== request.supersedes) {
    const holder: AlreadyRedeemed = {
      attemptId: redemption.attemptId,
      apiInstance: redemption.apiInstance,
      ...(redemption.dpopThumbprint === undefined ? {} : { dpopThumbprint: redemption.dpopThumbprint }),
      used: record.requests.size > 0,
    };
    throw refusal('already_redeemed', 'the code was used', holder);
  }
  if (redemption !== undefined && record.requests.size > 0) throw refusal('invalid_grant', 'the code was used');
  if (redemption?.dpopThumbprint !== undefined && redemption.dpopThumbprint !== request.dpopThumbprint) {
    throw refusal('invalid_grant', 'the code was used');
  }
  if (input.transactionCodeHash === undefined && request.transactionCodeHash !== undefined) {
    throw refusal('invalid_request', 'this offer has no transaction code: leave tx_code out');
  }
  if (input.transactionCodeHash !== undefined && request.transactionCodeHash === undefined) {
    throw refusal('invalid_request', 'this offer needs the transaction code: send tx_code');
  }
}

/** Refuses what is not the code of this session, or is not presented by whom it was made for (RFC 6749 4.1.3, RFC 7636 4.6). */
function checkCode(input: IssuanceInput, record: IssuanceRecord, request: RedeemTokenRequest): void {
  const { authorization } = input;
  if (authorization === undefined) {
    if (request.codeHash !== input.codeHash) throw refusal('invalid_grant', 'the pre-authorized code is not valid');
    if (request.clientBinding !== undefined) throw refusal('invalid_grant', 'the code belongs to the pre-authorized code grant');
    return;
  }
  const code = record.authorization?.codes.find(({ hash }) => hash === request.codeHash);
  if (code === undefined) throw refusal('invalid_grant', 'the authorization code is not valid');
  if (request.clientBinding !== authorization.clientBinding)
    throw refusal('invalid_grant', 'the authorization code was made for another client_id or redirect_uri');
  if (request.codeChallenge !== authorization.codeChallenge)
    throw refusal('invalid_grant', 'code_verifier does not fit the code_challenge of the authorization request');
  if (authorization.dpopThumbprint !== undefined && authorization.dpopThumbprint !== request.dpopThumbprint)
    throw refusal('invalid_grant', 'the authorization code is bound to another DPoP key');
  if (record.redemption === undefined ? code.expiresAt <= Date.now() : record.redemption.codeHash !== code.hash)
    throw refusal('invalid_grant', 'the authorization code is not valid any more');
}

/** Refuses a refresh token that is not this grant's or not its holder's (RFC 6749 6, RFC 9449 5). */
export function checkRefresh(record: IssuanceRecord, request: RefreshTokenRequest): void {
  const binding = record.redemption?.refreshToken;
  if (binding?.hash !== request.hash) throw refusal('invalid_grant', 'the refresh token is not valid');
  if (isEnded(record) || isPast(record)) throw refusal('invalid_grant', 'the issuance of this refresh token is over');
  if (binding.clientHash !== request.clientHash) throw refusal('invalid_grant', 'the refresh token belongs to another client');
  if (binding.dpopThumbprint !== undefined && binding.dpopThumbprint !== request.dpopThumbprint)
    throw refusal('invalid_grant', 'the refresh token is bound to another DPoP key');
}

/** Refuses a step of the holder's on a session that takes none any more. */
export function checkHolderStep(record: IssuanceRecord): AuthorizationRecord {
  const { authorization } = record;
  if (authorization?.error !== undefined && authorization.error !== 'invalid_request')
    throw refusal(authorization.error, 'the authorization was refused');
  if (authorization === undefined || isEnded(record)) throw refusal('session_closed', 'the authorization is over');
  if (record.redemption !== undefined) throw refusal('already_redeemed', 'the wallet has its answer');
  return authorization;
}

/** Refuses a step that comes too late. */
export function checkTimelyStep(record: IssuanceRecord): AuthorizationRecord {
  const authorization = checkHolderStep(record);
  if (isPast(record)) throw refusal('session_closed', 'the authorization is over');
  return authorization;
}

/** Refuses a login where another one was passed. */
export function checkLogin(record: IssuanceRecord, { evidenceHash }: { readonly evidenceHash: string }): void {
  const { step, authentication } = checkTimelyStep(record);
  if (step !== 'authentication' && authentication !== evidenceHash) throw refusal('step_passed', 'the holder logged in already');
}

/** Refuses a return from the hook that comes too early, or where another one was passed. */
export function checkReturn(record: IssuanceRecord, { evidenceHash }: { readonly evidenceHash: string }): void {
  const { step, interaction } = checkTimelyStep(record);
  if (step === 'authentication') throw refusal('invalid_request', 'the holder has not logged in');
  if (step !== 'interaction' && interaction !== evidenceHash) throw refusal('step_passed', 'the interaction was passed already');
}

function isEnded(record: IssuanceRecord): boolean {
  return record.closed || record.withdrawn || record.authorization?.ended !== undefined;
}

/**
 * Whether the time is over that the timer is about to end: a message may come in the same task as the timer, or before any
 * task at all where no worker ran for a while. For validators alone: what a handler decides has to stay what it was.
 */
function isPast(record: IssuanceRecord): boolean {
  return deadlineOf(record) <= Date.now();
}

/** Refuses a credential request that the session does not cover. */
export function checkCredentialRequest(input: IssuanceInput, record: IssuanceRecord, request: RequestCredentialRequest): void {
  if (isEnded(record) || isPast(record)) throw refusal('session_closed', 'the issuance is over');
  const tokenIds = [record.redemption?.tokenId, ...record.refreshed.map(({ tokenId }) => tokenId)];
  if (!tokenIds.includes(request.tokenId)) throw refusal('invalid_token', 'the access token is not valid any more');
  if (!input.configurations.some(({ id }) => id === request.configurationId)) {
    throw refusal('credential_request_denied', 'the credential was not offered');
  }
  const taker = takenBy(record, request.configurationId);
  if (taker !== undefined && taker !== request.requestId) {
    throw refusal('credential_request_denied', 'the credential was issued to other keys already');
  }
}

const WITHDRAWABLE = new Set<IssuancePhase>([
  'OFFERED',
  'WAIT_AUTH',
  'WAIT_INTERACTION',
  'WAIT_APPROVAL',
  'WAIT_CODE',
  'WAIT_REQUEST',
]);

/** Refuses to withdraw what a wallet collects or has collected. */
export function checkWithdrawal(record: IssuanceRecord): void {
  if (!WITHDRAWABLE.has(phaseOf(record)))
    throw refusal('session_closed', 'the credential is being collected, or the issuance is over');
}
