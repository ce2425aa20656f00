import { setTimeout as delay } from 'node:timers/promises';

interface WaitOptions {
  /** What is awaited, for the error: `the API to answer`. */
  readonly what: string;
  readonly timeoutMs: number;
  readonly intervalMs?: number;
  readonly signal?: AbortSignal;
}

/**
 * Repeats `check` until it resolves without throwing; gives what it resolved to.
 *
 * @throws {Error} after `timeoutMs`, with the last failure as cause; or the signal's reason
 */
export async function waitUntil<T>(
  check: () => Promise<T>,
  { what, timeoutMs, intervalMs = 50, signal }: WaitOptions,
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    signal?.throwIfAborted();
    try {
      return await check();
    } catch (cause) {
      if (performance.now() > deadline) throw new Error(`waited ${timeoutMs} ms in vain for ${what}`, { cause });
    }
    await delay(intervalMs);
  }
}
