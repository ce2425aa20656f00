import type { HolderFault, PageForm } from './pages/page-contents.js';

/** Ends a browser's request with an error page. */
export class HolderError extends Error {
  override readonly name = 'HolderError';
  /** For the event log. */
  readonly code: string;
  readonly status: number;
  /** A sentence for whoever builds the wallet or the hook; never personal. */
  readonly detail?: string;
  readonly retry?: PageForm | { readonly url: string };
  /** Back to the wallet with an error. */
  readonly returnUrl?: string;

  constructor(
    readonly fault: HolderFault,
    options: {
      detail?: string;
      status?: number;
      retry?: PageForm | { readonly url: string };
      returnUrl?: string;
      cause?: unknown;
    } = {},
  ) {
    super(options.detail ?? fault, { cause: options.cause });
    this.code = fault;
    this.status = options.status ?? STATUS[fault];
    if (options.detail !== undefined) this.detail = options.detail;
    if (options.retry !== undefined) this.retry = options.retry;
    if (options.returnUrl !== undefined) this.returnUrl = options.returnUrl;
  }
}

/** Ends a browser's request by sending it back to the wallet with an error, without a page between. */
export class ReturnToWallet extends Error {
  override readonly name = 'ReturnToWallet';

  /**
   * @param url made by `walletUrl`
   * @param code the error in it, for the event log
   */
  constructor(
    readonly url: string,
    readonly code: string,
    options: { cause?: unknown } = {},
  ) {
    super(code, options);
  }
}

/** The wallet has its answer, and the holder is told so: a browser that comes once more is no fault. */
export class AlreadyFinished extends Error {
  override readonly name = 'AlreadyFinished';
  readonly code = 'already_finished';
}

const STATUS: Readonly<Record<HolderFault, number>> = {
  session_over: 410,
  other_browser: 403,
  invalid_request: 400,
  provider_unavailable: 503,
  access_denied: 403,
  invalid_answer: 400,
  offer_unavailable: 410,
  unavailable: 503,
};
