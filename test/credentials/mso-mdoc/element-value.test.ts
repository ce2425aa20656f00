import { describe, expect, it } from 'vitest';
import { toCbor } from '../../../credentials/mso-mdoc/cbor.js';
import { elementValue } from '../../../credentials/mso-mdoc/element-value.js';
import { valueOf } from '../../../credentials/mso-mdoc/mobile-elements.js';
import type { MobileValueType } from '../../../store/configuration-documents.js';
import { MDL_NAMESPACE } from './test-mdoc.js';

const LONE = '\ud800';

describe('a value is written in CBOR', () => {
  it.each<[MobileValueType, unknown, string]>([
    ['string', 'Å', '62c385'],
    ['string', '', '60'],
    ['int', 23, '17'],
    ['int', -5, '24'],
    ['int', -0, '00'],
    ['int', 4_294_967_296, '1b0000000100000000'],
    ['int', Number.MAX_SAFE_INTEGER, '1b001fffffffffffff'],
    ['number', 1.5, 'f93e00'],
    ['number', 2, '02'],
    ['number', -0, '00'],
    ['number', 1e300, 'fb7e37e43c8800759c'],
    ['boolean', false, 'f4'],
    ['dateTime', '2026-03-14T15:09:26.999+13:00', 'c074323032362d30332d31345430323a30393a32365a'],
    ['dateTime', '2024-02-29T00:00:00Z', 'c074323032342d30322d32395430303a30303a30305a'],
    ['fullDate', '1999-12-31', 'd903ec6a313939392d31322d3331'],
    ['bytes', 'AAH/', '430001ff'],
    ['bytes', 'AAH_', '430001ff'],
    ['bytes', '/w==', '41ff'],
    ['bytes', '_w', '41ff'],
    ['bytes', 'data:image/jpeg;base64,/w==', '41ff'],
    ['object', { bb: 1, a: [null, true, { c: 'x' }] }, 'a2616183f6f5a161636178626262' + '01'],
    ['array', [], '80'],
    ['drivingPrivileges', [], '80'],
    [
      'drivingPrivileges',
      [{ vehicle_category_code: 'B', expiry_date: '2030-01-01', issue_date: null, codes: [{ code: '1', sign: '=' }] }],
      '81a365636f64657381a264636f6465613164736967' +
        '6e613d' +
        '6b6578706972795f64617465d903ec6a323033302d30312d3031' +
        '7576656869636c655f63617465676f72795f636f64656142',
    ],
  ])('%s %j', (type, value, hex) => {
    expect(Buffer.from(toCbor(elementValue(type, value)!)).toString('hex')).toBe(hex);
  });
});

describe('a value is refused as', () => {
  it.each<[MobileValueType, unknown]>([
    ['string', 1],
    ['string', ['a']],
    ['string', LONE],
    ['string', 'x'.repeat(65_537)],
    ['int', 1.5],
    ['int', '1'],
    ['int', 2 ** 53],
    ['int', true],
    ['number', '1.5'],
    ['number', Infinity],
    ['boolean', 'true'],
    ['boolean', 1],
    ['dateTime', '2026-03-14'],
    ['dateTime', '2026-03-14T15:09Z'],
    ['dateTime', '2026-03-14T15:09:26'],
    ['dateTime', '2026-03-14 15:09:26Z'],
    ['dateTime', '2026-02-29T00:00:00Z'],
    ['dateTime', '2026-03-14T24:00:00Z'],
    ['dateTime', '2026-03-14T23:59:60Z'],
    ['dateTime', '0000-01-01T00:00:00+01:00'],
    ['dateTime', '9999-12-31T23:59:59-01:00'],
    ['dateTime', 1_790_000_000],
    ['fullDate', '2026-02-29'],
    ['fullDate', '2026-3-1'],
    ['fullDate', '2026-13-01'],
    ['fullDate', '2026-03-14T00:00:00Z'],
    ['fullDate', 20_260_314],
    ['bytes', ''],
    ['bytes', 'A'],
    ['bytes', 'AA='],
    ['bytes', 'A+_A'],
    ['bytes', 'AB'],
    ['bytes', 'A A='],
    ['bytes', 'https://issuer.example/portrait.jpg'],
    ['bytes', 'data:image/jpeg,x'],
    ['bytes', [1, 2]],
    ['bytes', Buffer.alloc(262_145).toString('base64')],
    ['object', []],
    ['object', 'x'],
    ['object', { a: LONE }],
    ['object', { [LONE]: 1 }],
    ['object', JSON.parse('{"__proto__":1}')],
    ['array', {}],
    ['array', [Array.from({ length: 40 }).reduce<unknown>((inner) => [inner], 1)]],
    ['drivingPrivileges', {}],
    ['drivingPrivileges', [{}]],
    ['drivingPrivileges', [{ vehicle_category_code: '' }]],
    ['drivingPrivileges', [{ vehicle_category_code: 'B', issue_date: '1.2.2020' }]],
    ['drivingPrivileges', [{ vehicle_category_code: 'B', codes: [] }]],
    ['drivingPrivileges', [{ vehicle_category_code: 'B', codes: [{ sign: '=' }] }]],
    ['drivingPrivileges', [{ vehicle_category_code: 'B', vehicle: 'x' }]],
    ['drivingPrivileges', [{ vehicle_category_code: 'B', constructor: 'x' }]],
    ['drivingPrivileges', [{ vehicle_category_code: LONE }]],
    ['drivingPrivileges', Array.from({ length: 101 }, () => ({ vehicle_category_code: 'B' }))],
  ])('%s: %j', (type, value) => {
    expect(elementValue(type, value)).toBeUndefined();
  });

  it('bytes, and taken up to the limit', () => {
    expect(elementValue('bytes', Buffer.alloc(262_144).toString('base64'))).toHaveLength(262_144);
  });
});

describe('MDC-10 in a driving licence', () => {
  const fits = (element: string, value: string, namespace = MDL_NAMESPACE) =>
    valueOf({ namespace, element, type: 'string' }, value) !== undefined;

  it('texts have at most 150 characters, but for those in national characters', () => {
    expect(fits('family_name', 'ö'.repeat(150))).toBe(true);
    expect(fits('family_name', 'ö'.repeat(151))).toBe(false);
    expect(fits('family_name_national_character', 'ö'.repeat(151))).toBe(true);
    expect(fits('family_name', 'ö'.repeat(151), 'org.example.1')).toBe(true);
  });

  it('codes of countries have two capital letters', () => {
    for (const element of ['issuing_country', 'nationality', 'resident_country']) {
      expect(['NZ', 'nz', 'NZL', 'New Zealand'].map((value) => fits(element, value))).toEqual([true, false, false, false]);
    }
    expect(['D', 'GB', 'USA', 'NZ1'].map((value) => fits('un_distinguishing_sign', value))).toEqual([true, true, true, false]);
  });

  it('a portrait may be longer', () => {
    const value = Buffer.alloc(5000).toString('base64');
    expect(valueOf({ namespace: MDL_NAMESPACE, element: 'portrait', type: 'bytes' }, value)).toHaveLength(5000);
  });
});
