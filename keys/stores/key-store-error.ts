import type { KeyStoreName } from '../key-store.js';
import { SignerError } from '../signer.js';

/**
 * A key store did not do what it was asked. Nearly always retryable: somebody mends an outage, and somebody mends a missing
 * permission or a disabled key as well, while holders' issuances wait. Only what the store can never do is not.
 */
export class KeyStoreError extends SignerError {
  /** Whether the store as a whole is out of service, rather than one key refused. */
  readonly storeIsDown: boolean;
  constructor(message: string, { storeIsDown, retryable = true }: { storeIsDown: boolean; retryable?: boolean }) {
    super(message, { retryable });
    this.storeIsDown = storeIsDown;
  }
}

/** What an SDK's error says of the answer: nothing where there was none. */
export interface StoreAnswer {
  /** HTTP status. */
  readonly status?: number | undefined;
  /** The store's own word for it. */
  readonly code?: unknown;
}

const THROTTLED = /throttl|limitexceeded|toomanyrequests|resource_?exhausted/i;

/**
 * The error for a call that failed. Its message holds the store's error code and nothing else of what the store said, which
 * may name accounts, tokens and requests.
 */
export function storeError(store: KeyStoreName, task: string, { status, code }: StoreAnswer): KeyStoreError {
  const word = typeof code === 'string' && /^[A-Za-z0-9_.-]{1,80}$/.test(code) ? code : undefined;
  const reason = word ?? (status === undefined ? 'no answer' : `status ${status}`);
  const isThrottled = status === 429 || (word !== undefined && THROTTLED.test(word));
  const isRefusal = status !== undefined && status >= 400 && status < 500 && !isThrottled;
  return new KeyStoreError(`${store} did not ${task}: ${reason}`, { storeIsDown: !isRefusal });
}
