import { ApplicationFailure } from '@temporalio/common';
import type { AlreadyRedeemed, IssuanceInput, RedeemTokenRequest, RefusalType, RequestCredentialRequest } from './messages.js';
import { phaseOf, takenBy, type IssuanceRecord } from './phases.js';

/** A refusal as the sender of a message sees it: `type` is an OAuth error code where one fits. */
export function refusal(type: RefusalType, message: string, ...details: unknown[]): ApplicationFailure {
  return ApplicationFailure.create({ type, message, nonRetryable: true, details, category: 'BENIGN' });
}

/** Refuses what needs no record. Synchronous, as Temporal's validators must be. Wrong transaction codes are not among it. */
export function checkRedemption(input: IssuanceInput, record: IssuanceRecord, request: RedeemTokenRequest): void {
  if (request.codeHash !== input.codeHash) throw refusal('invalid_grant', 'the pre-authorized code is not valid');
  const { redemption } = record;
  if (record.closed || record.withdrawn) throw refusal('invalid_grant', 'the pre-authorized code is no longer valid');
  if (redemption !== undefined && redemption.attemptId !== request.supersedes) {
    const holder: AlreadyRedeemed = {
      attemptId: redemption.attemptId,
      apiInstance: redemption.apiInstance,
      ...(redemption.dpopThumbprint === undefined ? {} : { dpopThumbprint: redemption.dpopThumbprint }),
      used: record.requests.size > 0,
    };
    throw refusal('already_redeemed', 'the pre-authorized code was used', holder);
  }
  if (redemption !== undefined && record.requests.size > 0) throw refusal('invalid_grant', 'the pre-authorized code was used');
  if (redemption?.dpopThumbprint !== undefined && redemption.dpopThumbprint !== request.dpopThumbprint) {
    throw refusal('invalid_grant', 'the pre-authorized code was used');
  }
  if (input.transactionCodeHash === undefined && request.transactionCodeHash !== undefined) {
    throw refusal('invalid_request', 'this offer has no transaction code: leave tx_code out');
  }
  if (input.transactionCodeHash !== undefined && request.transactionCodeHash === undefined) {
    throw refusal('invalid_request', 'this offer needs the transaction code: send tx_code');
  }
}

/** Refuses a credential request that the session does not cover. */
export function checkCredentialRequest(input: IssuanceInput, record: IssuanceRecord, request: RequestCredentialRequest): void {
  if (record.closed || record.withdrawn) throw refusal('session_closed', 'the issuance is over');
  if (record.redemption?.tokenId !== request.tokenId) throw refusal('invalid_token', 'the access token is not valid any more');
  if (!input.configurations.some(({ id }) => id === request.configurationId)) {
    throw refusal('credential_request_denied', 'the credential was not offered');
  }
  const taker = takenBy(record, request.configurationId);
  if (taker !== undefined && taker !== request.requestId) {
    throw refusal('credential_request_denied', 'the credential was issued to other keys already');
  }
}

/** Refuses to withdraw what a wallet collects or has collected. */
export function checkWithdrawal(record: IssuanceRecord): void {
  if (!['OFFERED', 'WAIT_REQUEST'].includes(phaseOf(record)))
    throw refusal('session_closed', 'the credential is being collected, or the issuance is over');
}
