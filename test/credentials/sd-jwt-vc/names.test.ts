import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scopeOf } from '../../../credentials/sd-jwt-vc/scope.js';
import { vctOf } from '../../../credentials/sd-jwt-vc/vct.js';

const issuerIdentifier = 'https://issuer.example/t1';
const anyType = fc.string({ unit: 'binary', minLength: 1, maxLength: 40 });

describe('SDV-02 the vct', () => {
  it.each([
    'https://issuer.example/credentials/employee',
    'http://localhost:3000/x',
    'urn:eudi:pid:1',
    'URN:example:a',
    'HTTPS://Issuer.example/x?y=z#w',
  ])('is the type itself where that is an absolute URI: %s', (type) => {
    expect(vctOf({ configuration: { type }, issuerIdentifier })).toBe(type);
  });

  it.each([
    ['employee', 'employee'],
    ['org.iso.18013.5.1.mDL', 'org.iso.18013.5.1.mDL'],
    ['a b/c?d#e', 'a%20b%2Fc%3Fd%23e'],
    ['https:/x', 'https%3A%2Fx'],
    ['https://', 'https%3A%2F%2F'],
    ['javascript:alert(1)', 'javascript%3Aalert(1)'],
    ['Größe', 'Gr%C3%B6%C3%9Fe'],
    ['\ud800', '%EF%BF%BD'],
  ])('lies under the issuer otherwise: %s', (type, encoded) => {
    expect(vctOf({ configuration: { type }, issuerIdentifier })).toBe(`${issuerIdentifier}/vct/${encoded}`);
  });

  it('leads back to the type, whatever that is', () => {
    fc.assert(
      fc.property(anyType, (type) => {
        const vct = vctOf({ configuration: { type }, issuerIdentifier });
        if (vct !== type) expect(decodeURIComponent(vct.slice(`${issuerIdentifier}/vct/`.length))).toBe(type);
      }),
    );
  });
});

describe('HAP-09 the scope', () => {
  it.each([
    ['employee', 'dc+sd-jwt:employee'],
    ['https://issuer.example/x', 'dc+sd-jwt:https://issuer.example/x'],
    ['a b', 'dc+sd-jwt:a%20b'],
    ['a%20b', 'dc+sd-jwt:a%2520b'],
    ['"\\', 'dc+sd-jwt:%22%5C'],
    ['é', 'dc+sd-jwt:%C3%A9'],
  ])('of %s is %s', (type, scope) => {
    expect(scopeOf({ type })).toBe(scope);
  });

  it('is one scope token (RFC 6749 3.3), and tells types apart', () => {
    fc.assert(
      fc.property(anyType, (type) => {
        const scope = scopeOf({ type });
        expect(scope).toMatch(/^[\x21\x23-\x5b\x5d-\x7e]+$/);
        expect(decodeURIComponent(scope.slice('dc+sd-jwt:'.length))).toBe(type);
      }),
    );
  });
});
