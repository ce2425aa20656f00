import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mapClaims, type ClaimMappings } from '../../credentials/claim-mapping.js';
import { formatClaimPath, valueAt } from '../../credentials/claim-path.js';
import { ClaimMappingsError } from '../../credentials/claim-tree.js';

const map = (mappings: ClaimMappings, claims: Readonly<Record<string, unknown>>) => mapClaims({ mappings, source: { claims } });

describe('a claim gets its value', () => {
  it('from the path', () => {
    expect(map({ name: { mapFrom: 'claims.given_name' } }, { given_name: 'Ada' }).claims).toEqual({ name: 'Ada' });
  });

  it('from a name that is a URL', () => {
    const mappings = { "['https://example.com/x']": { mapFrom: "claims['https://example.com/claim-name']" } };
    expect(map(mappings, { 'https://example.com/claim-name': 1 }).claims).toEqual({ 'https://example.com/x': 1 });
  });

  it('from the authentication provider', () => {
    const mappings = { sub: { mapFrom: 'authenticationProvider.subjectId' }, source: { mapFrom: 'authenticationProvider.url' } };
    const source = { authenticationProvider: { url: 'https://idp.example', subjectId: 's-1' }, claims: {} };
    expect(mapClaims({ mappings, source }).claims).toEqual({ sub: 's-1', source: 'https://idp.example' });
    expect(mapClaims({ mappings, source: { claims: {} } }).claims).toEqual({});
  });

  it('from the default where the path gives nothing, or null', () => {
    const mappings = { level: { mapFrom: 'claims.level', defaultValue: 'basic' } };
    for (const claims of [{}, { level: null }]) expect(map(mappings, claims).claims).toEqual({ level: 'basic' });
    for (const level of ['', 0, false]) expect(map(mappings, { level }).claims).toEqual({ level });
  });

  it('from the default alone, whatever the claims', () => {
    expect(map({ level: { defaultValue: 'fixed' } }, { level: 'other' }).claims).toEqual({ level: 'fixed' });
  });

  it('inside an object of its own', () => {
    const mappings = {
      'address.locality': { mapFrom: 'claims.city' },
      'address.country': { defaultValue: 'NZ' },
      'address.geo.lat': { mapFrom: 'claims.lat' },
    };
    expect(map(mappings, { city: 'Otara' }).claims).toEqual({ address: { locality: 'Otara', country: 'NZ' } });
  });

  it('or is left out, and with all its members the object around them', () => {
    const mappings = { name: { mapFrom: 'claims.name' }, 'address.locality': { mapFrom: 'claims.city' }, address: {} };
    expect(map(mappings, { name: null })).toEqual({ claims: {}, missing: [], unusable: [] });
  });
});

describe('a required claim', () => {
  it('is missing with neither value nor default, and named by its path, never by its value', () => {
    const mappings = {
      given_name: { mapFrom: 'claims.given_name', required: true },
      'address.locality': { mapFrom: 'claims.city', required: true },
      level: { mapFrom: 'claims.level', required: true, defaultValue: 'basic' },
    };
    expect(map(mappings, { given_name: null, family_name: 'Secret' }).missing).toEqual(['given_name', 'address.locality']);
    expect(map(mappings, { given_name: 'A', city: 'B' }).missing).toEqual([]);
  });

  it('may be an object: then one of its members is needed', () => {
    const mappings = { address: { required: true }, 'address.locality': { mapFrom: 'claims.city' } };
    expect(map(mappings, {}).missing).toEqual(['address']);
    expect(map(mappings, { city: 'Otara' }).missing).toEqual([]);
  });
});

describe('a value no credential can carry', () => {
  const nested = (depth: number): unknown => (depth === 0 ? 1 : { inner: nested(depth - 1) });

  it.each([
    ['SDV-06 a member _sd', { x: { _sd: ['digest'] } }],
    ['SDV-06 a member ...', { x: [{ '...': 'digest' }] }],
    ['SDV-06 a member _sd_alg', { x: { y: { _sd_alg: 'none' } } }],
    ['a member __proto__', JSON.parse('{"x":{"__proto__":{"admin":true}}}') as Record<string, unknown>],
    ['too many levels', { x: nested(40) }],
  ])('is named: %s', (_name, claims) => {
    expect(map({ x: { mapFrom: 'claims.x' } }, claims).unusable).toEqual(['x']);
  });

  it('is anything but an array where its elements are to be disclosable', () => {
    const mappings = { list: { mapFrom: 'claims.list', selectiveDisclosureOfElements: true } };
    expect(map(mappings, { list: 'one' }).unusable).toEqual(['list']);
    expect(map(mappings, { list: ['one'] }).unusable).toEqual([]);
    expect(map(mappings, { list: [] }).unusable).toEqual([]);
  });
});

describe('whatever names and values there are', () => {
  const name = fc
    .oneof(
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }),
      fc.constantFrom('length', 'a.b', "q'uote", '0', 'https://x.example/y'),
    )
    .filter(
      (text) =>
        !(text in {}) &&
        !['iss', 'iat', 'nbf', 'exp', 'cnf', 'vct', 'status', '_sd', '...', '_sd_alg', 'prototype'].includes(text),
    );
  const value = fc.oneof(
    fc.string(),
    fc.integer(),
    fc.boolean(),
    fc.array(fc.string()),
    fc.dictionary(fc.constantFrom('k', 'l'), fc.string()),
  );

  it('each claim arrives at its path, unchanged, and nothing else does', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(fc.array(name, { minLength: 1, maxLength: 4 }), value), {
          selector: ([path]) => path[0],
          maxLength: 8,
        }),
        (entries) => {
          const mappings = Object.fromEntries(
            entries.map(([path], index) => [formatClaimPath(path), { mapFrom: `claims.c${index}` }]),
          );
          const claims = Object.fromEntries(entries.map(([, content], index) => [`c${index}`, content]));
          const mapped = map(mappings, { ...claims, unmapped: 'x' });
          for (const [path, content] of entries) expect(valueAt(mapped.claims, path)).toEqual(content);
          expect(Object.keys(mapped.claims)).toHaveLength(entries.length);
        },
      ),
    );
  });

  it('no mapping reaches a prototype', () => {
    for (const key of [
      '__proto__.polluted',
      "['__proto__']['polluted']",
      'constructor.prototype.polluted',
      'a.__proto__.polluted',
    ]) {
      expect(() => map({ [key]: { defaultValue: 'yes' } }, {})).toThrow(ClaimMappingsError);
    }
    const hostile = JSON.parse('{"__proto__":{"mapFrom":"claims.x"}}') as ClaimMappings;
    expect(() => map(hostile, { x: 1 })).toThrow(ClaimMappingsError);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it('nothing inherited is taken for a claim', () => {
    const claims = Object.create({ given_name: 'inherited' }) as Record<string, unknown>;
    for (const mapFrom of ['claims.given_name', 'claims.toString', 'claims.constructor.name', 'claims.__proto__.given_name']) {
      expect(map({ x: { mapFrom } }, claims).claims).toEqual({});
    }
  });
});
