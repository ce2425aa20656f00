import { describe, expect, it } from 'vitest';
import { checkClaimMappings } from '../../credentials/claim-mapping-faults.js';
import type { ClaimMapping, ClaimMappings } from '../../credentials/claim-mapping.js';

const VALUE = { mapFrom: 'claims.x' };
const messages = (mappings: ClaimMappings): string[] =>
  checkClaimMappings(mappings).map(
    ({ claim, member, message }) => `${claim}${member === undefined ? '' : `#${member}`}: ${message}`,
  );

describe('mappings without fault', () => {
  it.each<[string, ClaimMappings]>([
    ['none at all', {}],
    ['a flat and a nested claim', { name: VALUE, 'address.locality': VALUE }],
    ['an object around its members', { address: { selectiveDisclosure: true, required: true }, 'address.locality': VALUE }],
    ['SDV-03 iat and sub may not clash: sub is free', { sub: VALUE }],
    ['names that are reserved at the top only', { 'validity.exp': VALUE, 'x.status': VALUE }],
    ['an array by elements', { list: { mapFrom: 'claims.list', selectiveDisclosureOfElements: true, defaultValue: [] } }],
    ['300 claims', Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`c${index}`, VALUE]))],
    ['eight levels', { 'a.b.c.d.e.f.g.h': VALUE }],
  ])('%s', (_name, mappings) => {
    expect(messages(mappings)).toEqual([]);
  });
});

describe('a fault is found in', () => {
  it.each(['iss', 'nbf', 'exp', 'cnf', 'vct', 'vct#integrity', 'status'])('SDV-03 %s as a claim', (name) => {
    expect(messages({ [name]: VALUE })).toEqual([`${name}: uses ${name}, which the issuer sets itself`]);
    expect(messages({ [`${name}.inner`]: VALUE })).toHaveLength(1);
  });

  it.each(['_sd', "['...']", '_sd_alg', '__proto__', 'constructor', 'prototype', 'hasOwnProperty', 'toString'])(
    'SDV-06 %s as a name at any level',
    (name) => {
      const inner = name.startsWith('[') ? `a${name}` : `a.${name}`;
      for (const key of [name, inner]) {
        const mappings = Object.defineProperty({}, key, { value: VALUE, enumerable: true }) as ClaimMappings;
        expect(messages(mappings)[0]).toMatch(/reserved name/);
      }
    },
  );

  it.each<[string, ClaimMappings, string]>([
    ['a path that is none', { 'a..b': VALUE }, 'a..b: needs a name at character 3'],
    ['an array element', { 'list[0]': VALUE }, 'list[0]: names an array element; map the whole array'],
    ['an empty name', { "['']": VALUE }, "['']: has an empty name"],
    ['nine levels', { 'a.b.c.d.e.f.g.h.i': VALUE }, 'a.b.c.d.e.f.g.h.i: is more than 8 levels deep'],
    ['two spellings of one claim', { 'a.b': VALUE, "a['b']": VALUE }, "a['b']: is the same claim as a.b"],
    ['a value beside mapped members', { a: VALUE, 'a.b': VALUE }, 'a: cannot have a value of its own while a.b is mapped apart'],
    ['neither value nor members', { a: { required: true } }, 'a: needs mapFrom or defaultValue'],
    [
      'elements of an object',
      { a: { selectiveDisclosureOfElements: true }, 'a.b': VALUE },
      'a#selectiveDisclosureOfElements: is for arrays, and this claim is an object',
    ],
  ])('%s', (_name, mappings, expected) => {
    expect(messages(mappings)).toEqual([expected]);
  });

  it.each<[string, ClaimMapping, string]>([
    ['mapFrom that is no path', { mapFrom: 'claims.' }, 'a#mapFrom: needs a name at character 8'],
    ['mapFrom of all claims', { mapFrom: 'claims' }, 'a#mapFrom: must begin with claims.'],
    ['mapFrom elsewhere', { mapFrom: 'process.env' }, 'a#mapFrom: must begin with claims.'],
    ['mapFrom of an unknown fact', { mapFrom: 'authenticationProvider.secret' }, 'a#mapFrom: must begin with claims.'],
    ['a default of null', { defaultValue: null }, 'a#defaultValue: is null'],
    [
      'a default with a reserved member',
      { defaultValue: { _sd: [] } },
      'a#defaultValue: is null, nested too deep, or uses a reserved name',
    ],
    [
      'a default that is no array',
      { defaultValue: 'x', selectiveDisclosureOfElements: true },
      'a#defaultValue: must be an array',
    ],
  ])('%s', (_name, mapping, expected) => {
    const found = messages({ a: mapping });
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(expected);
  });

  it('more than 300 claims', () => {
    const mappings = Object.fromEntries(Array.from({ length: 301 }, (_, index) => [`c${index}`, VALUE]));
    expect(messages(mappings)).toEqual([': are more than 300 claims']);
  });

  it('every mapping that has one, at once and without values', () => {
    const found = messages({ exp: VALUE, 'b..c': { mapFrom: 'nowhere' }, d: { defaultValue: { _sd: 'secret' } } });
    expect(found).toHaveLength(4);
    expect(found.join()).not.toContain('secret');
  });
});
