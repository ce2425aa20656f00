import type { KeyStoreName } from '../key-store.js';
import { KeyStoreError } from './key-store-error.js';

/**
 * Gives a call so many milliseconds: then its signal is aborted and it has failed, whether it heeds the signal or not.
 *
 * @throws {KeyStoreError} when the time is over
 */
export async function within<T>(
  { store, timeoutMs }: { store: KeyStoreName; timeoutMs: number },
  call: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new KeyStoreError(`${store} did not answer within ${timeoutMs} ms`, { storeIsDown: true }));
      controller.abort();
    }, timeoutMs);
  });
  try {
    return await Promise.race([call(controller.signal), late]);
  } finally {
    clearTimeout(timer);
  }
}
