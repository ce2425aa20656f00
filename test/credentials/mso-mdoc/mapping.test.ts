import { describe, expect, it } from 'vitest';
import { msoMdoc } from '../../../credentials/mso-mdoc/format.js';
import { checkMobileMappings } from '../../../credentials/mso-mdoc/mobile-mapping-faults.js';
import type { MobileConfigurationDocument } from '../../../store/configuration-documents.js';
import { freshSigner, signersWith } from '../../keys/test-signers.js';
import { NOW } from '../../keys/issuer-keys.js';
import { configurationOf } from './test-mdoc.js';

const map = (
  configuration: MobileConfigurationDocument,
  claims: Readonly<Record<string, unknown>>,
  authenticationProvider?: { url: string; subjectId: string },
) =>
  msoMdoc.mapClaims({
    configuration,
    source: { claims, ...(authenticationProvider === undefined ? {} : { authenticationProvider }) },
  });

describe('claims are mapped', () => {
  it('by namespace and element; null and what is not there count as no value, others are left out', () => {
    const configuration = configurationOf({
      one: { a: { mapFrom: 'claims.a' }, b: { mapFrom: 'claims.b' }, c: { mapFrom: 'claims.toString' } },
      'two.x': { a: { mapFrom: 'claims.deep.list[1].a', type: 'int' }, s: { mapFrom: 'authenticationProvider.subjectId' } },
      three: { a: { mapFrom: 'claims.none' } },
    });
    expect(
      map(
        configuration,
        { a: 'x', b: null, z: 'z', deep: { list: [0, { a: 5 }] } },
        { url: 'https://idp.example', subjectId: 's' },
      ),
    ).toEqual({ claims: { one: { a: 'x' }, 'two.x': { a: 5, s: 's' } }, missing: [], unusable: [] });
  });

  it('to a default where there is no value; false, zero and empty text are values', () => {
    const configuration = configurationOf({
      one: {
        a: { mapFrom: 'claims.a', defaultValue: 'd', required: true },
        b: { defaultValue: 1, type: 'int' },
        c: { mapFrom: 'claims.c', defaultValue: true, type: 'boolean' },
        d: { mapFrom: 'claims.d', defaultValue: 7, type: 'number' },
        e: { mapFrom: 'claims.e', defaultValue: 'd' },
      },
    });
    expect(map(configuration, { c: false, d: 0, e: '' }).claims).toEqual({ one: { a: 'd', b: 1, c: false, d: 0, e: '' } });
  });

  it('and what is required and missing, or unusable, is named by namespace and element, never by value', () => {
    const configuration = configurationOf(
      {
        'org.iso.18013.5.1': {
          given_name: { mapFrom: 'claims.given_name', required: true },
          birth_date: { mapFrom: 'claims.birth_date', type: 'fullDate' },
          issuing_country: { mapFrom: 'claims.country' },
        },
      },
      { validFrom: { mapFrom: 'claims.from' }, validUntil: { mapFrom: 'claims.until' } },
    );
    expect(map(configuration, { birth_date: 'secret', country: 'secret', from: 'secret', until: 5 })).toEqual({
      claims: {},
      missing: ['org.iso.18013.5.1/given_name'],
      unusable: ['org.iso.18013.5.1/birth_date', 'org.iso.18013.5.1/issuing_country', 'validFrom', 'validUntil'],
    });
  });
});

describe('the format', () => {
  const configuration = configurationOf(
    {
      one: { a: { mapFrom: 'claims.a', display: [{ name: 'The A', locale: 'en' }] }, b: { defaultValue: 'x' } },
      two: { a: { mapFrom: "claims['x.y']", required: true } },
    },
    { validUntil: { mapFrom: 'claims.until' } },
  );

  it('names the paths of its claims, mapped times included', () => {
    expect([...msoMdoc.sourcePaths(configuration)]).toEqual([
      ['one/a', 'claims.a'],
      ['two/a', "claims['x.y']"],
      ['validUntil', 'claims.until'],
    ]);
  });

  it('tells people of elements, and not of namespaces', () => {
    expect(msoMdoc.shownClaims(configuration)).toEqual([
      [{ member: 'a', display: [{ name: 'The A', locale: 'en' }] }],
      [{ member: 'b', display: [] }],
      [{ member: 'a', display: [] }],
    ]);
  });

  it('signs remotely where the document signer does', () => {
    const signers = signersWith({ documentSigner: () => ({ ...freshSigner(), remote: true }) });
    expect(msoMdoc.signsRemotely({ configuration, signers, now: NOW })).toBe(true);
  });

  it('HAP-09 has a scope for each docType, and names its status by a token status list', () => {
    expect(msoMdoc.scopeOf(configuration)).toBe('mso_mdoc:org.example.library.1.card');
    expect(msoMdoc.formatOf(configuration)).toBe('mso_mdoc');
    expect(msoMdoc.statusMechanism(configuration)).toBe('token-status-list');
  });

  it('MET-11 MET-14 MET-15 MET-17 MET-18 describes itself in the metadata', () => {
    const input = { configuration, issuerIdentifier: 'https://issuer.example', proofAlgorithms: ['ES256', 'EdDSA'] };
    expect(msoMdoc.metadataEntry(input)).toEqual({
      format: 'mso_mdoc',
      doctype: 'org.example.library.1.card',
      scope: 'mso_mdoc:org.example.library.1.card',
      cryptographic_binding_methods_supported: ['cose_key'],
      proof_types_supported: { jwt: { proof_signing_alg_values_supported: ['ES256', 'EdDSA'] } },
      credential_signing_alg_values_supported: [-7, -9],
      credential_metadata: {
        display: [{ name: 'org.example.library.1.card' }],
        claims: [
          { path: ['one', 'a'], display: [{ name: 'The A', locale: 'en' }] },
          { path: ['one', 'b'], mandatory: true },
          { path: ['two', 'a'], mandatory: true },
        ],
      },
    });
  });
});

describe('faults of mappings', () => {
  const faultsOf = (byElement: MobileConfigurationDocument['claimMappings'][string]) => checkMobileMappings({ one: byElement });
  const A = { mapFrom: 'claims.a' };

  it.each([
    ['', 'has an empty name'],
    ['x'.repeat(256), 'has a name of more than 255 characters'],
    [' a', 'white space'],
    ['a\u0007', 'control characters'],
    ['\ud800', 'control characters'],
    ['e\u0301', 'normalization form C'],
  ])('a name like %j, of namespace or element', (name, message) => {
    expect(faultsOf({ [name]: A })).toEqual([{ path: ['one', name], message: expect.stringContaining(message) as string }]);
    expect(checkMobileMappings({ [name]: { a: A } })).toEqual([
      { path: [name], message: expect.stringContaining(message) as string },
    ]);
  });

  it('none in names that are unusual but in order', () => {
    expect(checkMobileMappings({ 'a/b': { $set: A, 'x.y': A, toString: A, übung: A, _sd: A } })).toEqual([]);
  });

  it('a default that no driving licence may have', () => {
    expect(checkMobileMappings({ 'org.iso.18013.5.1': { issuing_country: { defaultValue: 'NZL' } } })).toEqual([
      {
        path: ['org.iso.18013.5.1', 'issuing_country', 'defaultValue'],
        message: 'is no value of the type string that the claim can have',
      },
    ]);
  });
});
