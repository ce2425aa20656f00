import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mobileValidity } from '../../../credentials/mso-mdoc/validity.js';
import type { MobileConfigurationDocument } from '../../../store/configuration-documents.js';
import { NOW } from '../../keys/issuer-keys.js';
import { MDL } from './test-mdoc.js';

const DAY = 86_400_000;
/** NOW, cut to the hour. */
const HOUR = '2026-03-14T15:00:00.000Z';

type Configuration = Partial<Pick<MobileConfigurationDocument, 'type' | 'expiresIn' | 'validFrom' | 'validUntil'>>;

const MAPPED = { validFrom: { mapFrom: 'claims.from' }, validUntil: { mapFrom: 'claims.until' } };

function validity(
  configuration: Configuration,
  {
    claims = {},
    certificate = { notBefore: NOW - DAY, notAfter: NOW + 10_000 * DAY },
    now = NOW,
  }: { claims?: Readonly<Record<string, unknown>>; certificate?: { notBefore: number; notAfter: number }; now?: number } = {},
) {
  const seconds = mobileValidity({
    configuration: { type: 'org.example.card', expiresIn: { years: 1 }, ...configuration },
    source: { claims },
    certificate,
    now,
  });
  return Object.fromEntries(
    Object.entries(seconds).map(([name, time]) => [name, new Date((time as number) * 1000).toISOString()]),
  );
}

describe('validity', () => {
  it('MDC-11 is cut to the hour, and expiresIn counts from there', () => {
    expect(validity({})).toEqual({ signed: HOUR, validFrom: HOUR, validUntil: '2027-03-14T15:00:00.000Z' });
    expect(validity({}, { now: NOW + 40 * 60_000 })).toEqual(validity({}));
  });

  it('MDC-11 of a short-lived one is cut to the minute, then the second', () => {
    expect(validity({ expiresIn: { hours: 2 } })).toMatchObject({
      signed: '2026-03-14T15:09:00.000Z',
      validUntil: '2026-03-14T17:09:00.000Z',
    });
    expect(validity({ expiresIn: { minutes: 5 } })).toMatchObject({
      signed: '2026-03-14T15:09:26.000Z',
      validUntil: '2026-03-14T15:14:26.000Z',
    });
  });

  it('expiresIn counts from the issuance even where validFrom is mapped', () => {
    const claims = { from: '2026-06-01T12:00:00+12:00' };
    expect(validity(MAPPED, { claims })).toEqual({
      signed: HOUR,
      validFrom: '2026-06-01T00:00:00.000Z',
      validUntil: '2027-03-14T15:00:00.000Z',
    });
  });

  it('a mapped validUntil wins over expiresIn, whether it is sooner or later', () => {
    for (const until of ['2026-04-01T00:00:00Z', '2029-04-01T00:00:00Z']) {
      expect(validity(MAPPED, { claims: { until } }).validUntil).toBe(`${until.slice(0, 19)}.000Z`);
    }
  });

  it('a mapped time that the claims lack changes nothing', () => {
    for (const claims of [{}, { from: null, until: null }]) expect(validity(MAPPED, { claims })).toEqual(validity({}));
  });

  it('mapped times are rounded inwards: never valid sooner or longer than asked', () => {
    const claims = { from: '2026-06-01T10:20:00Z', until: '2026-07-01T10:40:00Z' };
    expect(validity(MAPPED, { claims })).toMatchObject({
      validFrom: '2026-06-01T11:00:00.000Z',
      validUntil: '2026-07-01T10:00:00.000Z',
    });
  });

  it('a date stands for its first moment in UTC', () => {
    expect(validity(MAPPED, { claims: { until: '2026-07-01' } }).validUntil).toBe('2026-07-01T00:00:00.000Z');
  });

  it('MDC-04 a validFrom that has passed means now: signed is never after it', () => {
    expect(validity(MAPPED, { claims: { from: '2020-01-01T00:00:00Z' } }).validFrom).toBe(HOUR);
  });

  it('of a driving licence ends after 427 days, of others after 3620', () => {
    const days = ({ signed, validUntil }: Record<string, string>) => (Date.parse(validUntil!) - Date.parse(signed!)) / DAY;
    const claims = { until: '2090-01-01T00:00:00Z' };
    for (const type of [MDL, 'org.iso.18013.5.1.aamva.mDL', 'org.iso.18013.5.2.mDL']) {
      expect(days(validity({ type, ...MAPPED }, { claims }))).toBe(427);
      expect(days(validity({ type, expiresIn: { years: 3 } }))).toBe(427);
      expect(days(validity({ type, expiresIn: { days: 427 } }))).toBe(427);
    }
    for (const type of ['org.iso.18013.5.1', 'org.example.mDL', 'org.iso.23220.photoid.1']) {
      expect(days(validity({ type, ...MAPPED }, { claims }))).toBe(3620);
    }
  });

  it('MDC-04 never goes beyond the certificate, at either end', () => {
    const certificate = { notBefore: Date.parse('2026-03-14T15:05:00Z'), notAfter: Date.parse('2026-05-01T08:30:00Z') };
    expect(validity({}, { certificate })).toEqual({
      signed: '2026-03-14T15:05:00.000Z',
      validFrom: '2026-03-14T15:05:00.000Z',
      validUntil: '2026-05-01T08:00:00.000Z',
    });
  });

  it.each<[string, Configuration, Readonly<Record<string, unknown>>, RegExp]>([
    ['ends before it begins', MAPPED, { from: '2026-08-01T00:00:00Z', until: '2026-07-01T00:00:00Z' }, /would end before/],
    ['ends as it begins', MAPPED, { from: '2026-07-01T00:00:00Z', until: '2026-07-01T00:00:00Z' }, /would end before/],
    ['has ended', MAPPED, { until: '2020-01-01T00:00:00Z' }, /would end before/],
    ['begins after expiresIn', { ...MAPPED, expiresIn: { days: 2 } }, { from: '2026-07-01T00:00:00Z' }, /would end before/],
    ['begins at no time', MAPPED, { from: 'tomorrow' }, /^validFrom maps to no date-time$/],
    ['ends at no time', MAPPED, { until: 1_790_000_000 }, /^validUntil maps to no date-time$/],
    ['ends on a day that is none', MAPPED, { until: '2026-02-30T00:00:00Z' }, /^validUntil maps/],
    ['lasts for nothing', { expiresIn: {} }, {}, /longer than nothing/],
  ])('there is none that %s', (_what, configuration, claims, message) => {
    expect(() => validity(configuration, { claims })).toThrow(message);
  });

  it('MDC-04 keeps signed <= validFrom < validUntil within the certificate, for whatever is asked', () => {
    const times = fc.integer({ min: NOW - 800 * DAY, max: NOW + 5000 * DAY });
    const property = fc.property(
      times,
      times,
      fc.integer({ min: 1, max: 400_000_000 }),
      fc.integer({ min: 60_000, max: 500 * DAY }),
      fc.integer({ min: 0, max: 500 * DAY }),
      fc.constantFrom(MDL, 'org.example.card'),
      (from, until, seconds, left, since, type) => {
        const claims = { from: new Date(from).toISOString(), until: new Date(until).toISOString() };
        const certificate = { notBefore: Math.floor((NOW - since) / 1000) * 1000, notAfter: NOW + left };
        let found;
        try {
          found = validity({ type, expiresIn: { seconds }, ...MAPPED }, { claims, certificate });
        } catch (error) {
          expect((error as Error).name).toBe('CredentialContentError');
          return;
        }
        const [signed, validFrom, validUntil] = [found.signed, found.validFrom, found.validUntil].map((text) =>
          Date.parse(text!),
        );
        expect(signed!).toBeLessThanOrEqual(NOW);
        expect(signed!).toBeGreaterThanOrEqual(certificate.notBefore);
        expect(validFrom!).toBeGreaterThanOrEqual(Math.max(signed!, Math.min(from, signed!)));
        expect(validFrom!).toBeLessThan(validUntil!);
        expect(validUntil!).toBeLessThanOrEqual(Math.min(until, certificate.notAfter, NOW + (type === MDL ? 427 : 3620) * DAY));
      },
    );
    fc.assert(property, { numRuns: 500 });
  });
});
