import { AuthorizationResponseError, ClientError, ResponseBodyError } from 'openid-client';
import { OutboundError } from '../../../outbound/guarded-fetch.js';
import { causeOf } from './cause-of.js';
import { ProviderAnswerError, ProviderRefusalError, ProviderUnavailableError, type ProviderRefusal } from './provider-errors.js';

/** Errors of the callback that come down to the holder not having logged in (OpenID Connect Core 3.1.2.6). */
const DENIED = new Set([
  'access_denied',
  'login_required',
  'interaction_required',
  'consent_required',
  'account_selection_required',
]);

/**
 * Gives what openid-client and the guard throw a name of ours. Their errors carry tokens and claims among their members
 * and causes, so nothing of them but their code is taken over.
 */
export function asProviderError(error: unknown): unknown {
  if (error instanceof ProviderAnswerError) return error;
  const unavailable = causeOf(error, ProviderUnavailableError);
  if (unavailable !== undefined) return unavailable;
  const outbound = causeOf(error, OutboundError);
  if (outbound !== undefined) return asOutboundFailure(outbound);
  if (error instanceof AuthorizationResponseError) return new ProviderRefusalError(refusalOf(error.error));
  if (error instanceof ResponseBodyError) return asTokenRefusal(error.error);
  if (error instanceof ClientError) return asProtocolFault(error);
  return error;
}

function asOutboundFailure({ reason, message }: OutboundError): Error {
  if (reason === 'unreachable' || reason === 'timeout')
    return new ProviderUnavailableError(`the provider gave no answer: ${message}`);
  return new ProviderAnswerError('token_answer', `the provider gave no usable answer: ${message}`);
}

function refusalOf(error: string): ProviderRefusal {
  if (DENIED.has(error)) return 'access_denied';
  return error === 'temporarily_unavailable' ? error : 'server_error';
}

function asTokenRefusal(error: string): Error {
  switch (error) {
    case 'invalid_grant':
      return new ProviderAnswerError('code_refused', 'the provider does not accept the code, or accepted it before');
    case 'invalid_client':
    case 'unauthorized_client':
      return new ProviderAnswerError('client_refused', 'the provider does not accept the client id or secret');
    case 'temporarily_unavailable':
    case 'server_error':
      return new ProviderUnavailableError('the provider cannot answer at present');
    default:
      return new ProviderAnswerError('token_answer', 'the provider refused the token request');
  }
}

const ID_TOKEN_CODES = new Set(['OAUTH_JWT_CLAIM_COMPARISON_FAILED', 'OAUTH_JWT_TIMESTAMP_CHECK_FAILED']);

function asProtocolFault({ code = '' }: ClientError): ProviderAnswerError {
  if (ID_TOKEN_CODES.has(code)) return new ProviderAnswerError('id_token', 'a claim of the ID token does not hold');
  return new ProviderAnswerError(
    'token_answer',
    `the provider's answer does not hold: ${/^[A-Z_]{1,60}$/.exec(code)?.[0] ?? 'unknown'}`,
  );
}
