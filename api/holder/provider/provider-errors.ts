/*
 * Why a login came to nothing. The messages are fixed sentences: no token, code, claim or text of the provider's is in
 * them, nor in their causes, so that they may be logged.
 */

/** The provider cannot be used at present: unreachable, too slow, overloaded, or without usable discovery document or keys. */
export class ProviderUnavailableError extends Error {
  override readonly name = 'ProviderUnavailableError';
  /** Seconds after which it wants to be asked again, where it said so. */
  readonly retryAfter?: number;
  constructor(message: string, { retryAfter }: { retryAfter?: number } = {}) {
    super(message);
    if (retryAfter !== undefined) this.retryAfter = retryAfter;
  }
}

export type ProviderRefusal = 'access_denied' | 'server_error' | 'temporarily_unavailable';

/** The provider sent the holder back with an error (OpenID Connect Core 3.1.2.6). */
export class ProviderRefusalError extends Error {
  override readonly name = 'ProviderRefusalError';
  constructor(readonly error: ProviderRefusal) {
    super(`the provider refused the login: ${error}`);
  }
}

/** Which part of the provider's answer does not hold. */
export type AnswerFault =
  'callback' | 'code_refused' | 'client_refused' | 'token_answer' | 'id_token' | 'signature' | 'userinfo' | 'claims';

/** The provider's answer does not hold: forged, of another session, too late, or not what the protocol asks for. */
export class ProviderAnswerError extends Error {
  override readonly name = 'ProviderAnswerError';
  /** True where a spent code is the likely reason, as when a browser loads the callback twice: a new login may do. */
  readonly retryable: boolean;
  constructor(
    readonly fault: AnswerFault,
    message: string,
  ) {
    super(message);
    this.retryable = fault === 'code_refused';
  }
}
