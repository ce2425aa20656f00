import { describe, expect, it } from 'vitest';
import { AttemptLimit } from '../../../api/codec/attempt-limit.js';

describe('attempts at the login of the codec server', () => {
  const clock = { now: 1_000_000 };
  const limit = () => new AttemptLimit({ most: 3, windowMs: 60_000, now: () => clock.now });

  it('are let through up to the limit, then told how many seconds to wait', () => {
    const attempts = limit();
    expect([1, 2, 3].map(() => attempts.take('address'))).toEqual([0, 0, 0]);
    clock.now += 15_500;
    expect(attempts.take('address')).toBe(45);
  });

  it('are let through again when the window is over', () => {
    const attempts = limit();
    for (const _ of [1, 2, 3, 4]) attempts.take('address');
    clock.now += 60_000;
    expect(attempts.take('address')).toBe(0);
  });

  it('cost nothing when they succeed', () => {
    const attempts = limit();
    for (let attempt = 0; attempt < 10; attempt += 1) {
      expect(attempts.take('address')).toBe(0);
      attempts.giveBack('address');
    }
  });

  it('of one key do not count for another', () => {
    const attempts = limit();
    for (const _ of [1, 2, 3]) attempts.take('one');
    expect(attempts.take('another')).toBe(0);
  });

  it('are remembered for a bounded number of keys', () => {
    const attempts = limit();
    for (const _ of [1, 2, 3]) attempts.take('first');
    for (let key = 0; key < 10_000; key += 1) attempts.take(`address ${key}`);
    expect(attempts.take('first')).toBe(0);
    expect(attempts.take('address 9999')).toBe(0);
  });
});
