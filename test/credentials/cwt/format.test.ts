import { describe, expect, it } from 'vitest';
import { compactClaimFaults } from '../../../credentials/cwt/claim-faults.js';
import { cwt } from '../../../credentials/cwt/format.js';
import { formatOf } from '../../../credentials/formats.js';
import { ISSUER } from '../../keys/issuer-keys.js';
import { configurationOf } from './test-compact.js';

const compact = configurationOf({
  name: { mapFrom: 'claims.name', required: true, display: [{ name: 'Name', locale: 'en', description: 'In full' }] },
  'address.locality': { mapFrom: 'claims.town' },
});
const semantic = { ...compact, profile: 'compact-semantic' } as const;
const entryOf = (configuration: typeof compact) =>
  cwt.metadataEntry({ configuration, issuerIdentifier: ISSUER, proofAlgorithms: ['ES256', 'EdDSA'] });

describe('the compact format', () => {
  it('serves both profiles', () => {
    expect([formatOf(compact), formatOf(semantic)]).toEqual([cwt, cwt]);
    expect([cwt.formatOf(compact), cwt.formatOf(semantic)]).toEqual(['cwt', 'cwt_vc']);
    expect([cwt.scopeOf(compact), cwt.scopeOf(semantic)]).toEqual(['cwt:WorkPermit', 'cwt_vc:WorkPermit']);
    expect(cwt.statusMechanism(compact)).toBe('cwt-revocation-list');
  });

  it('HAP-09 has one scope for each type, and escapes in it what no scope holds', () => {
    expect(cwt.scopeOf({ ...compact, type: 'Work permit "A"' })).toBe('cwt:Work%20permit%20%22A%22');
  });

  it('tells what claims there are, and where they come from', () => {
    expect(cwt.shownClaims(compact).map((path) => path.map(({ member }) => member))).toEqual([['name'], ['address', 'locality']]);
    expect([...cwt.sourcePaths(compact)]).toEqual([
      ['name', 'claims.name'],
      ['address.locality', 'claims.town'],
    ]);
  });
});

describe('the metadata entry', () => {
  it("of a compact configuration selects by type, as MATTR's, and asks for no proof", () => {
    expect(entryOf(compact)).toEqual({
      format: 'cwt',
      type: 'WorkPermit',
      scope: 'cwt:WorkPermit',
      credential_signing_alg_values_supported: ['ES256'],
      credential_metadata: {
        display: [{ name: 'WorkPermit' }],
        claims: [
          { path: ['name'], mandatory: true, display: [{ name: 'Name', locale: 'en' }] },
          { path: ['address', 'locality'] },
        ],
      },
    });
  });

  it('of a semantic one selects by types, and has its claims in the subject', () => {
    expect(entryOf(semantic)).toMatchObject({
      format: 'cwt_vc',
      types: ['WorkPermit'],
      scope: 'cwt_vc:WorkPermit',
      credential_metadata: { claims: [{ path: ['credentialSubject', 'name'] }, {}] },
    });
    expect(entryOf({ ...semantic, types: ['Permit', 'WorkPermit'] })).toMatchObject({ types: ['Permit', 'WorkPermit'] });
  });

  it('asks for a proof where credentials are bound to a key', () => {
    expect(entryOf({ ...compact, holderBinding: true })).toMatchObject({
      cryptographic_binding_methods_supported: ['cose_key'],
      proof_types_supported: { jwt: { proof_signing_alg_values_supported: ['ES256', 'EdDSA'] } },
    });
  });

  it('has the display that is configured', () => {
    expect(entryOf({ ...compact, display: [{ name: 'Permit', locale: 'en', backgroundColor: '#003366' }] })).toMatchObject({
      credential_metadata: { display: [{ name: 'Permit', locale: 'en', background_color: '#003366' }] },
    });
  });
});

describe('mappings that are in order elsewhere', () => {
  const mapping = { mapFrom: 'claims.x' };

  it('cannot name what a compact credential has of itself', () => {
    const mappings = { type: mapping, jti: mapping, 'cti.x': mapping, vc: mapping, name: mapping };
    expect(compactClaimFaults(mappings, 'compact').map(({ claim, message }) => `${claim} ${message}`)).toEqual([
      'type uses type, which the issuer sets itself',
      'jti uses jti, which the issuer sets itself',
      'cti.x uses cti, which the issuer sets itself',
      'vc uses vc, which the issuer sets itself',
    ]);
    expect(compactClaimFaults(mappings, 'compact-semantic')).toEqual([]);
  });

  it('cannot ask for disclosure at choice', () => {
    const mappings = {
      a: { ...mapping, selectiveDisclosure: true },
      b: { ...mapping, selectiveDisclosureOfElements: true },
      c: { ...mapping, selectiveDisclosure: false },
    };
    expect(compactClaimFaults(mappings, 'compact-semantic').map(({ claim, member }) => [claim, member])).toEqual([
      ['a', 'selectiveDisclosure'],
      ['b', 'selectiveDisclosureOfElements'],
    ]);
  });
});
