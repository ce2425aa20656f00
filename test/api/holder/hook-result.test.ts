import { describe, expect, it } from 'vitest';
import { readHookResult } from '../../../api/holder/hook-result.js';
import { HookTokenError } from '../../../api/holder/hook-token.js';

describe('what the hook returns', () => {
  it('completes the interaction with claims, and keeps those it names that are there', () => {
    const payload = { state: 's', claims: { a: 1, b: { c: 2 } }, claimsToPersist: ['a', 'missing'] };
    expect(readHookResult(payload)).toEqual({
      state: 's',
      result: 'completed',
      claims: { a: 1, b: { c: 2 } },
      claimsToPersist: ['a'],
    });
  });

  it('needs neither claims nor claimsToPersist', () => {
    expect(readHookResult({ state: 's' })).toEqual({ state: 's', result: 'completed', claims: {}, claimsToPersist: [] });
  });

  it.each(['pending', 'deferred'] as const)('may leave the decision open: %s', (status) => {
    expect(readHookResult({ state: 's', status })).toMatchObject({ result: status });
  });

  it('refuses with an error, and then has no claims and keeps none', () => {
    const payload = { state: 's', error: 'access_denied', claims: { a: 1 }, claimsToPersist: ['a'] };
    expect(readHookResult(payload)).toEqual({ state: 's', result: 'refused', claims: {}, claimsToPersist: [] });
  });

  it.each([
    ['no state', {}],
    ['a state that is no string', { state: 1 }],
    ['claims that are no object', { state: 's', claims: ['a'] }],
    ['claims that are too deep', { state: 's', claims: { a: [[[[[[[[[]]]]]]]]] } }],
    ['claims that are too large', { state: 's', claims: { a: 'x'.repeat(65_536) } }],
    ['names that are no array', { state: 's', claimsToPersist: 'a' }],
    ['too many names', { state: 's', claimsToPersist: Array.from({ length: 301 }, () => 'a') }],
    ['an unknown status', { state: 's', status: 'perhaps' }],
    ['an error that is no string', { state: 's', error: true }],
  ])('is refused with %s', (_what, payload) => {
    expect(() => readHookResult(payload)).toThrow(HookTokenError);
  });
});
