import { describe, expect, it } from 'vitest';
import { includesClaims } from '../../../../api/management/users/includes-claims.js';

const CLAIMS = {
  name: 'Ngaio',
  level: 3,
  active: false,
  nothing: null,
  address: { locality: 'Wellington', geo: { lat: -41, lon: 174 } },
  nationalities: ['NZ', 'DE'],
  degrees: [
    { type: 'BSc', subject: { code: 'CS' }, years: [2001, 2004] },
    { type: 'MSc', subject: { code: 'MA' }, years: [2006] },
  ],
};

describe('claims', () => {
  it.each<[unknown]>([
    [{}],
    [{ name: 'Ngaio' }],
    [{ name: 'Ngaio', level: 3, active: false, nothing: null }],
    [{ address: {} }],
    [{ address: { geo: { lon: 174 } } }],
    [{ nationalities: [] }],
    [{ nationalities: ['DE', 'NZ'] }],
    [{ nationalities: ['DE', 'DE'] }],
    [{ degrees: [{ subject: { code: 'MA' } }] }],
    [{ degrees: [{ type: 'MSc' }, { years: [2004] }] }],
    [CLAIMS],
  ])('include %j', (wanted) => {
    expect(includesClaims(CLAIMS, wanted)).toBe(true);
  });

  it.each<[unknown]>([
    [{ name: 'ngaio' }],
    [{ name: ['Ngaio'] }],
    [{ name: { 0: 'N' } }],
    [{ level: '3' }],
    [{ active: null }],
    [{ nothing: false }],
    [{ missing: null }],
    [{ toString: {} }],
    [{ address: 'Wellington' }],
    [{ address: [] }],
    [{ address: { geo: { lat: 174 } } }],
    [{ nationalities: 'NZ' }],
    [{ nationalities: { 0: 'NZ' } }],
    [{ nationalities: ['NZ', 'FR'] }],
    [{ degrees: [{ type: 'BSc', subject: { code: 'MA' } }] }],
    [{ name: 'Ngaio', level: 4 }],
  ])('do not include %j', (wanted) => {
    expect(includesClaims(CLAIMS, wanted)).toBe(false);
  });
});
