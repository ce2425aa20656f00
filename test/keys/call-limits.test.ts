import { beforeEach, describe, expect, it } from 'vitest';
import { CallLimits, type CallLimitOptions } from '../../keys/call-limits.js';

/** A clock that stands still until it is moved. */
class HandClock {
  #now = 0;
  #timers: { at: number; run: () => void }[] = [];
  now = () => this.#now;
  after = (milliseconds: number, run: () => void) => {
    this.#timers.push({ at: this.#now + milliseconds, run });
  };
  get pending(): number {
    return this.#timers.length;
  }
  async pass(milliseconds: number): Promise<void> {
    const until = this.#now + milliseconds;
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      const [next] = this.#timers.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at);
      if (next === undefined) break;
      this.#timers = this.#timers.filter((timer) => timer !== next);
      this.#now = next.at;
      next.run();
    }
    this.#now = until;
  }
}

let clock: HandClock;
beforeEach(() => {
  clock = new HandClock();
});

const limited = (more: Partial<CallLimitOptions>) =>
  new CallLimits({ name: 'the store', concurrency: 100, perSecond: 1000, queue: 1000, patienceMs: 3000, clock, ...more });

/** Calls begun and refused; each goes on until it is ended. */
function calling(limits: CallLimits, count: number) {
  const seen = { begun: [] as number[], refused: [] as number[], ends: [] as (() => void)[] };
  for (let call = 0; call < count; call += 1) {
    limits
      .run(() => {
        seen.begun.push(call);
        return new Promise<void>((resolve) => seen.ends.push(resolve));
      })
      .catch((error: unknown) => {
        expect(error).toMatchObject({ name: 'SignerError', retryable: true });
        seen.refused.push(call);
      });
  }
  return seen;
}

describe('the limits of calls', () => {
  it('lets so many through at once, and the next when one ends, in turn', async () => {
    const seen = calling(limited({ concurrency: 2 }), 4);
    await clock.pass(0);
    expect(seen.begun).toEqual([0, 1]);
    seen.ends[1]?.();
    await clock.pass(0);
    expect(seen.begun).toEqual([0, 1, 2]);
    seen.ends[0]?.();
    await clock.pass(0);
    expect(seen.begun).toEqual([0, 1, 2, 3]);
  });

  it('lets so many through a second, a tenth of them at once', async () => {
    const seen = calling(limited({ perSecond: 20 }), 30);
    await clock.pass(0);
    expect(seen.begun).toHaveLength(2);
    await clock.pass(500);
    expect(seen.begun).toHaveLength(12);
    await clock.pass(500);
    expect(seen.begun).toHaveLength(22);
    expect(seen.refused).toEqual([]);
  });

  it('saves up no more than that while nobody calls', async () => {
    const limits = limited({ perSecond: 20 });
    await clock.pass(60_000);
    const seen = calling(limits, 30);
    await clock.pass(0);
    expect(seen.begun).toHaveLength(2);
  });

  it('makes one call a second where it may make no more', async () => {
    const seen = calling(limited({ perSecond: 1 }), 3);
    await clock.pass(999);
    expect(seen.begun).toEqual([0]);
    await clock.pass(1001);
    expect(seen.begun).toEqual([0, 1, 2]);
  });

  it('refuses who would be one too many to wait, and keeps those who waited before', async () => {
    const seen = calling(limited({ concurrency: 1, queue: 2 }), 5);
    await clock.pass(0);
    expect(seen.begun).toEqual([0]);
    expect(seen.refused).toEqual([3, 4]);
  });

  it('refuses who has waited too long, though nothing else happens', async () => {
    const seen = calling(limited({ concurrency: 1, patienceMs: 3000 }), 3);
    await clock.pass(2999);
    expect(seen.refused).toEqual([]);
    await clock.pass(1);
    expect(seen.refused).toEqual([1, 2]);
    seen.ends[0]?.();
    await clock.pass(0);
    expect(seen.begun).toEqual([0]);
  });

  it('gives the place of a failed call to the next, and the failure to its caller', async () => {
    const limits = limited({ concurrency: 1 });
    const failure = new Error('no answer');
    await expect(limits.run(() => Promise.reject(failure))).rejects.toBe(failure);
    await expect(limits.run(() => Promise.resolve('signature'))).resolves.toBe('signature');
  });

  it('keeps one timer, however many wait', async () => {
    calling(limited({ perSecond: 1 }), 500);
    await clock.pass(0);
    expect(clock.pending).toBe(1);
  });
});
