import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ClaimPathError, formatClaimPath, parseClaimPath, valueAt } from '../../credentials/claim-path.js';

const anyName = fc.string({ unit: 'grapheme', maxLength: 20 });
const awkwardName = fc.constantFrom(
  '__proto__',
  'constructor',
  'toString',
  'length',
  'https://example.com/x',
  "it's",
  'a"b',
  'a\\',
  '[0]',
  '.',
  '',
);
const anyPath = fc.array(fc.oneof(anyName, awkwardName, fc.nat({ max: 9999 })), { minLength: 1, maxLength: 8 });

describe('a claim path', () => {
  it.each([
    ['given_name', ['given_name']],
    ['address.locality', ['address', 'locality']],
    ["['https://example.com/x']", ['https://example.com/x']],
    ["claims['https://example.com/x'].y", ['claims', 'https://example.com/x', 'y']],
    ['claims["a.b"]', ['claims', 'a.b']],
    ["['it\\'s \\\\ fine']", ["it's \\ fine"]],
    ['emails[0].value', ['emails', 0, 'value']],
    ['Größe.名前', ['Größe', '名前']],
    ['123', ['123']],
  ])('%s is read', (text, path) => {
    expect(parseClaimPath(text)).toEqual(path);
  });

  it.each([
    '',
    '.',
    'a.',
    '.a',
    'a..b',
    'a[',
    'a[]',
    'a]',
    "a['",
    "a['b'",
    'a[b]',
    'a[01]',
    'a[-1]',
    'a[99999]',
    "a'b",
    "['a']b",
    "['a'b']",
    "a.['b']",
    "['\\x']",
  ])('%j is refused', (text) => {
    expect(() => parseClaimPath(text)).toThrow(ClaimPathError);
  });

  it('is refused where it is too long', () => {
    expect(() => parseClaimPath('a'.repeat(1025))).toThrow(ClaimPathError);
  });

  it('reads back what was written, for all names', () => {
    fc.assert(
      fc.property(anyPath, (path) => {
        expect(parseClaimPath(formatClaimPath(path))).toEqual(path);
      }),
      { numRuns: 2000 },
    );
  });

  it('is either read or refused with a reason, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', '.', '[', ']', "'", '"', '\\', '0', '9', 'é') }), (text) => {
        try {
          expect(parseClaimPath(text).length).toBeGreaterThan(0);
        } catch (error) {
          expect(error).toBeInstanceOf(ClaimPathError);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('is read in time that grows with its length', () => {
    expect(() => parseClaimPath(`['${'\\'.repeat(1000)}`)).toThrow(ClaimPathError);
  });
});

describe('the value at a path', () => {
  const value = JSON.parse('{"a":{"b":[{"c":1}],"n":null,"":2},"__proto__":{"own":3}}') as unknown;

  it.each([
    [['a', 'b', 0, 'c'], 1],
    [['a', ''], 2],
    [['__proto__', 'own'], 3],
  ])('%j is found', (path, expected) => {
    expect(valueAt(value, path)).toBe(expected);
  });

  it.each([
    [['a', 'n']],
    [['a', 'x']],
    [['a', 'b', 'length']],
    [['a', 'b', '0']],
    [['a', 'b', 1]],
    [['a', 0]],
    [['a', 'n', 'x']],
    [['toString']],
    [['constructor', 'name']],
    [['a', '__proto__']],
    [['a', 'b', 0, 'c', 'toFixed']],
  ])('%j is not', (path) => {
    expect(valueAt(value, path)).toBeUndefined();
  });

  it('is never one that the object inherits', () => {
    const inherited = fc.constantFrom(...Object.getOwnPropertyNames(Object.prototype));
    fc.assert(
      fc.property(fc.array(inherited, { minLength: 1, maxLength: 4 }), (path) => {
        expect(valueAt({}, path)).toBeUndefined();
      }),
    );
  });
});
