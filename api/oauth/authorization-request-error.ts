import { OAuthError } from '../http/errors.js';

/** Where an error may be sent to: a redirect URI that is registered for the client. */
export interface TrustedRedirect {
  readonly redirectUri: string;
  readonly state?: string;
}

/** Refuses an authorization request (RFC 6749 4.1.2.1). */
export class AuthorizationRequestError extends OAuthError {
  /** Absent as long as nobody but the browser's user may be told: client or redirect URI are not trusted (AUT-16). */
  readonly redirect?: TrustedRedirect;

  constructor(code: string, description: string, options: Readonly<AuthorizationRequestErrorOptions> = {}) {
    super(code, description, options);
    if (options.redirect !== undefined) this.redirect = options.redirect;
  }
}

type AuthorizationRequestErrorOptions = NonNullable<ConstructorParameters<typeof OAuthError>[2]> & {
  readonly redirect?: TrustedRedirect | undefined;
};

/** The same refusal, as one of an authorization request. What is no refusal stays what it is. */
export function asAuthorizationRequestError(error: unknown, redirect?: TrustedRedirect): unknown {
  if (!(error instanceof OAuthError) || error instanceof AuthorizationRequestError) return error;
  const { code, message, status, challenge, retryAfter, headers, cause } = error;
  return new AuthorizationRequestError(code, message, {
    status,
    headers,
    cause,
    redirect,
    ...(challenge === undefined ? {} : { challenge }),
    ...(retryAfter === undefined ? {} : { retryAfter }),
  });
}
