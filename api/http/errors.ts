/** What every error that may leave the API carries: the answer in public, the reason in `cause`. */
abstract class HttpError extends Error {
  readonly status: number;
  /** Seconds to name in `Retry-After`. */
  readonly retryAfter?: number;
  constructor(description: string, options: { status: number; retryAfter?: number; cause?: unknown }) {
    super(description, { cause: options.cause });
    this.status = options.status;
    if (options.retryAfter !== undefined) this.retryAfter = options.retryAfter;
  }
}

/** Refuses a wallet's request with an OAuth or OpenID4VCI error code (RFC 6749 5.2, OID4VCI 8.3.1). */
export class OAuthError extends HttpError {
  override readonly name = 'OAuthError';
  readonly code: string;
  /** Value of `WWW-Authenticate`, where the protocol asks for it. */
  readonly challenge?: string;
  /** Further response headers, e.g. `DPoP-Nonce`. */
  readonly headers: Readonly<Record<string, string>>;

  /** @param description tells the caller what to change; sanitised to the charset of RFC 6749 on output */
  constructor(
    code: string,
    description: string,
    options: {
      status?: number;
      retryAfter?: number;
      challenge?: string;
      headers?: Readonly<Record<string, string>>;
      cause?: unknown;
    } = {},
  ) {
    super(description, {
      status: options.status ?? 400,
      cause: options.cause,
      ...(options.retryAfter === undefined ? {} : { retryAfter: options.retryAfter }),
    });
    this.code = code;
    this.headers = options.headers ?? {};
    if (options.challenge !== undefined) this.challenge = options.challenge;
  }
}

/** One fault of a management request, as MATTR lists them. */
export interface ErrorDetail {
  readonly value?: unknown;
  readonly msg: string;
  readonly param: string;
  readonly location: 'body' | 'query' | 'params' | 'headers';
}

/** Refuses a management request in MATTR's error shape: `{code, message, details}`. */
export class ManagementError extends HttpError {
  override readonly name = 'ManagementError';
  readonly code: string;
  readonly details?: readonly ErrorDetail[];

  constructor(
    code: string,
    message: string,
    options: { status: number; details?: readonly ErrorDetail[]; retryAfter?: number; cause?: unknown },
  ) {
    super(message, options);
    this.code = code;
    if (options.details !== undefined) this.details = options.details;
  }

  /** 400 `BadRequest` with every fault. */
  static validation(details: readonly ErrorDetail[]): ManagementError {
    return new ManagementError('BadRequest', 'Validation Error', { status: 400, details });
  }

  /** 404 `NotFound`. */
  static notFound(param = 'id', value?: unknown): ManagementError {
    return new ManagementError('NotFound', 'Resource Not Found', {
      status: 404,
      details: [{ ...(value === undefined ? {} : { value }), msg: 'Resource Not Found', param, location: 'params' }],
    });
  }
}

/** A dependency is away; the caller may simply try again. Answered as 503 with `Retry-After`. */
export class UnavailableError extends HttpError {
  override readonly name = 'UnavailableError';
  constructor(description: string, options: { retryAfter?: number; cause?: unknown } = {}) {
    super(description, { status: 503, retryAfter: options.retryAfter ?? 2, cause: options.cause });
  }
}
