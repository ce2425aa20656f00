import { describe, expect, it } from 'vitest';
import { ClaimPathError } from '../../credentials/claim-path.js';
import {
  checkRequestParameters,
  claimsSourceParameters,
  type RequestParameters,
} from '../../credentials/claims-source-request.js';

const source = {
  claims: { email: 'ada@example.com', account: { id: 7 }, gone: null },
  credentialConfiguration: { id: 'c-1', type: 'pid' },
};
const parameters = (requestParameters: RequestParameters) => claimsSourceParameters({ requestParameters, source });

describe('a parameter of a claims source', () => {
  it('with mapFrom alone comes from the path, or is left out', () => {
    expect(
      parameters({ email: { mapFrom: 'claims.email' }, phone: { mapFrom: 'claims.phone' }, gone: { mapFrom: 'claims.gone' } }),
    ).toEqual({ email: 'ada@example.com' });
  });

  it('with mapFrom and defaultValue falls back', () => {
    const mapping = { defaultValue: 'none' };
    expect(
      parameters({ email: { mapFrom: 'claims.email', ...mapping }, phone: { mapFrom: 'claims.phone', ...mapping } }),
    ).toEqual({
      email: 'ada@example.com',
      phone: 'none',
    });
  });

  it('with defaultValue alone is fixed, whatever the claims', () => {
    expect(parameters({ email: { defaultValue: 'fixed' } })).toEqual({ email: 'fixed' });
  });

  it('comes from inside a claim, and from the credential configuration', () => {
    expect(parameters({ id: { mapFrom: 'claims.account.id' }, type: { mapFrom: 'credentialConfiguration.type' } })).toEqual({
      id: 7,
      type: 'pid',
    });
  });

  it('cannot reach what is inherited, nor change a prototype', () => {
    expect(parameters({ a: { mapFrom: 'claims.constructor.name' }, b: { mapFrom: 'credentialConfiguration.toString' } })).toEqual(
      {},
    );
    const hostile = JSON.parse('{"__proto__":{"defaultValue":"x"}}') as RequestParameters;
    expect(Object.getPrototypeOf(parameters(hostile))).toBe(Object.prototype);
  });

  it('has no other roots', () => {
    for (const mapFrom of ['claims', 'credentialConfiguration', 'authenticationProvider.subjectId', 'env.X']) {
      expect(() => parameters({ a: { mapFrom } })).toThrow(ClaimPathError);
      expect(checkRequestParameters({ a: { mapFrom } })).toEqual([
        { parameter: 'a', message: 'must begin with claims. or credentialConfiguration.' },
      ]);
    }
  });

  it('is faulty with neither mapFrom nor defaultValue', () => {
    expect(
      checkRequestParameters({ a: {}, b: { defaultValue: null }, c: { defaultValue: 0 }, d: { mapFrom: 'claims.x' } }),
    ).toEqual([
      { parameter: 'a', message: 'needs mapFrom or defaultValue' },
      { parameter: 'b', message: 'needs mapFrom or defaultValue' },
    ]);
  });
});
