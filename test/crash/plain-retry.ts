import { setTimeout as delay } from 'node:timers/promises';
import type { Answer } from '../flows/plain-wallet.js';

/** What one request was answered; 0 where the connection broke. */
export interface Attempt {
  readonly what: string;
  readonly status: number;
}

const PATIENCE_MS = 40_000;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 1000;

/**
 * Sends the same request again, with backoff, for as long as nobody answers or the answer is 503: all that wallets and
 * back-ends are asked to do about a fault.
 *
 * @throws {Error} after 40 seconds
 */
export async function retried(what: string, attempts: Attempt[], send: () => Promise<Answer>): Promise<Answer> {
  const giveUpAt = Date.now() + PATIENCE_MS;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
    const answer = await send().catch(() => undefined);
    attempts.push({ what, status: answer?.status ?? 0 });
    if (answer !== undefined && answer.status !== 503) return answer;
    if (Date.now() > giveUpAt)
      throw new Error(`${what} had no answer but ${answer?.status ?? 'broken connections'}: ${answer?.text}`);
    await delay(pause);
  }
}
