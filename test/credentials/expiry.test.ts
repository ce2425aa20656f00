import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CredentialContentError } from '../../credentials/credential-content-error.js';
import { credentialTimes } from '../../credentials/credential-times.js';
import { addDuration, durationFault } from '../../credentials/expiry.js';

const after = (from: string, duration: Parameters<typeof addDuration>[1]): string =>
  new Date(addDuration(Date.parse(from), duration)).toISOString();

describe('a duration', () => {
  it.each([
    ['2026-01-31T10:00:00.000Z', { months: 1 }, '2026-02-28T10:00:00.000Z'],
    ['2024-01-31T10:00:00.000Z', { months: 1 }, '2024-02-29T10:00:00.000Z'],
    ['2024-02-29T10:00:00.000Z', { years: 1 }, '2025-02-28T10:00:00.000Z'],
    ['2024-02-29T10:00:00.000Z', { years: 4 }, '2028-02-29T10:00:00.000Z'],
    ['2026-11-30T00:00:00.000Z', { months: 3 }, '2027-02-28T00:00:00.000Z'],
    ['2026-12-15T23:59:59.000Z', { months: 13, weeks: 1, days: 1, hours: 1, minutes: 1, seconds: 1 }, '2028-01-24T01:01:00.000Z'],
    ['2026-03-29T00:30:00.000Z', { days: 1 }, '2026-03-30T00:30:00.000Z'],
    ['2026-03-14T15:09:26.535Z', {}, '2026-03-14T15:09:26.535Z'],
  ])('after %s of %j ends at %s', (from, duration, expected) => {
    expect(after(from, duration)).toBe(expected);
  });

  it.each([[{}], [{ days: 0, hours: 0 }], [{ days: -1 }], [{ days: 1.5 }], [{ years: 1001 }], [{ seconds: 1e15 }]])(
    '%j is refused',
    (duration) => {
      expect(durationFault(duration)).toBeTypeOf('string');
    },
  );

  it('is accepted where it has a length', () => {
    expect(durationFault({ years: 0, months: 1 })).toBeUndefined();
    expect(durationFault({ seconds: 1 })).toBeUndefined();
  });
});

describe("a credential's times", () => {
  const now = Date.parse('2026-03-14T15:09:26.535Z');
  const seconds = (iso: string): number => Date.parse(iso) / 1000;
  const far = Date.parse('2030-01-01T00:00:00Z');

  it('SDV-12 are cut to the hour', () => {
    expect(credentialTimes({ now, notAfter: far })).toEqual({ issuedAt: seconds('2026-03-14T15:00:00Z') });
    expect(credentialTimes({ now, expiresIn: { years: 1 }, notAfter: far })).toEqual({
      issuedAt: seconds('2026-03-14T15:00:00Z'),
      expiresAt: seconds('2027-03-14T15:00:00Z'),
    });
  });

  it('SDV-12 are cut less where the credential lives shortly', () => {
    expect(credentialTimes({ now, expiresIn: { hours: 2 }, notAfter: far })).toEqual({
      issuedAt: seconds('2026-03-14T15:09:00Z'),
      expiresAt: seconds('2026-03-14T17:09:00Z'),
    });
    expect(credentialTimes({ now, expiresIn: { minutes: 5 }, notAfter: far })).toEqual({
      issuedAt: seconds('2026-03-14T15:09:26Z'),
      expiresAt: seconds('2026-03-14T15:14:26Z'),
    });
  });

  it('never end after the signing certificate', () => {
    const notAfter = Date.parse('2026-06-01T12:34:56Z');
    expect(credentialTimes({ now, expiresIn: { years: 5 }, notAfter }).expiresAt).toBe(seconds('2026-06-01T12:00:00Z'));
  });

  it('never begin in the future, and are short of what was asked for by less than a step', () => {
    const part = fc.nat({ max: 1000 });
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 4e12 }),
        fc.record({ months: part, days: part, hours: part, minutes: part, seconds: fc.integer({ min: 1, max: 1000 }) }),
        (at, expiresIn) => {
          const { issuedAt, expiresAt = 0 } = credentialTimes({ now: at, expiresIn, notAfter: 8e15 });
          const asked = addDuration(at, expiresIn);
          const lifetime = asked - at;
          const step = lifetime >= 86_400_000 ? 3_600_000 : lifetime >= 3_600_000 ? 60_000 : 1000;
          expect(issuedAt * 1000).toBeLessThanOrEqual(at);
          expect(at - issuedAt * 1000).toBeLessThan(step);
          expect(expiresAt * 1000).toBeLessThanOrEqual(asked);
          expect(asked - expiresAt * 1000).toBeLessThan(step);
        },
      ),
    );
  });

  it('are not made of an expiresIn that makes no sense', () => {
    expect(() => credentialTimes({ now, expiresIn: {}, notAfter: far })).toThrow(CredentialContentError);
  });
});
