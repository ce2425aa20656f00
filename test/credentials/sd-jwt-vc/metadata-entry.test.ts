import { beforeAll, describe, expect, it } from 'vitest';
import type { ClaimMappings } from '../../../credentials/claim-mapping.js';
import { metadataEntry } from '../../../credentials/sd-jwt-vc/metadata-entry.js';
import type { SdJwtConfigurationDocument } from '../../../store/configuration-documents.js';
import { ISSUER, makeIssuerKeys, type IssuerKeys } from '../../keys/issuer-keys.js';
import { configurationOf, fromClaims, headerOf, issue, payloadOf, verifiedClaims } from './test-credential.js';

interface Entry extends Record<string, unknown> {
  readonly credential_metadata: { readonly display: unknown[]; readonly claims?: { path: unknown[]; mandatory?: boolean }[] };
}

const entryOf = (mappings: ClaimMappings, more: Partial<SdJwtConfigurationDocument> = {}): Entry =>
  metadataEntry({
    configuration: configurationOf(mappings, more),
    issuerIdentifier: ISSUER,
    proofAlgorithms: ['ES256', 'ES384', 'EdDSA'],
  }) as Entry;

describe('the entry of a configuration', () => {
  it('MET-10 MET-12 MET-13 MET-17 names format, vct, scope, binding, proofs and algorithms', () => {
    expect(entryOf({}, { branding: { name: 'Employee' } })).toEqual({
      format: 'dc+sd-jwt',
      vct: `${ISSUER}/vct/employee`,
      scope: 'dc+sd-jwt:employee',
      cryptographic_binding_methods_supported: ['jwk'],
      proof_types_supported: { jwt: { proof_signing_alg_values_supported: ['ES256', 'ES384', 'EdDSA'] } },
      credential_signing_alg_values_supported: ['ES256'],
      credential_metadata: { display: [{ name: 'Employee' }] },
    });
  });

  it('MET-11 has proof types exactly where it has binding methods', () => {
    for (const holderBinding of [true, false]) {
      const entry = entryOf({}, { holderBinding });
      expect('cryptographic_binding_methods_supported' in entry).toBe(holderBinding);
      expect('proof_types_supported' in entry).toBe(holderBinding);
    }
  });

  it('MET-14 shows display entries by language, completed from the branding', () => {
    const { display } = entryOf(
      {},
      {
        display: [
          {
            name: 'Employee',
            locale: 'en-NZ',
            description: 'Works here',
            logo: { uri: 'https://issuer.example/logo.png', altText: 'Logo' },
            textColor: '#ffffff',
          },
          { name: 'Kaimahi', locale: 'mi', backgroundColor: '#000000', backgroundImage: { uri: 'data:image/png;base64,AA==' } },
        ],
        branding: { name: 'Unused', backgroundColor: '#0b3d91', issuerIcon: 'https://issuer.example/icon.png' },
      },
    ).credential_metadata;
    expect(display).toEqual([
      {
        name: 'Employee',
        locale: 'en-NZ',
        description: 'Works here',
        logo: { uri: 'https://issuer.example/logo.png', alt_text: 'Logo' },
        background_color: '#0b3d91',
        text_color: '#ffffff',
      },
      {
        name: 'Kaimahi',
        locale: 'mi',
        logo: { uri: 'https://issuer.example/icon.png' },
        background_color: '#000000',
        background_image: { uri: 'data:image/png;base64,AA==' },
      },
    ]);
  });

  it('MET-09 MET-14 is named by its type where nobody named it: display is never empty', () => {
    expect(entryOf({}).credential_metadata.display).toEqual([{ name: 'employee' }]);
  });

  it('MET-15 lists claims in their order, by path, with names by language', () => {
    const { claims } = entryOf({
      given_name: {
        mapFrom: 'claims.given_name',
        required: true,
        display: [
          { name: 'Given name', locale: 'en', description: 'x' },
          { name: 'Ingoa', locale: 'mi' },
        ],
      },
      "['https://example.com/x']": { mapFrom: 'claims.x' },
      'address.locality': { mapFrom: 'claims.city' },
      list: { mapFrom: 'claims.list', selectiveDisclosureOfElements: true },
    }).credential_metadata;
    expect(claims).toEqual([
      {
        path: ['given_name'],
        mandatory: true,
        display: [
          { name: 'Given name', locale: 'en' },
          { name: 'Ingoa', locale: 'mi' },
        ],
      },
      { path: ['https://example.com/x'] },
      { path: ['address', 'locality'] },
      { path: ['list'] },
      { path: ['list', null] },
    ]);
  });

  it('MET-15 has no path twice', () => {
    const { claims = [] } = entryOf({
      address: { selectiveDisclosure: true },
      ...fromClaims('a', 'b', 'address.locality', 'address.country'),
    }).credential_metadata;
    const paths = claims.map(({ path }) => JSON.stringify(path));
    expect(paths).toHaveLength(5);
    expect(new Set(paths).size).toBe(5);
  });
});

describe('what the entry promises', () => {
  let keys: IssuerKeys;
  beforeAll(async () => {
    keys = await makeIssuerKeys();
  });

  it('MET-18 is kept: every mandatory claim is in a credential made of the least possible claims', async () => {
    const mappings = {
      given_name: { mapFrom: 'claims.given_name', required: true },
      level: { mapFrom: 'claims.level', defaultValue: 'basic' },
      nickname: { mapFrom: 'claims.nickname' },
      'address.country': { defaultValue: 'NZ' },
      address: { selectiveDisclosure: true },
    };
    const mandatory = entryOf(mappings)
      .credential_metadata.claims!.filter((claim) => claim.mandatory === true)
      .map(({ path }) => path as string[]);
    expect(mandatory).toEqual([['given_name'], ['level'], ['address'], ['address', 'country']]);
    const { credential } = await issue(keys.signer, configurationOf(mappings), { given_name: 'Ada' });
    const claims = await verifiedClaims(credential);
    for (const path of mandatory) expect(claims).toHaveProperty(path);
    expect(claims).not.toHaveProperty('nickname');
  });

  it('SDV-02 HAP-17 is kept: vct, algorithm and binding of the credential are those of the entry', async () => {
    const entry = entryOf({});
    const { credential } = await issue(keys.signer, configurationOf({}), {});
    expect(payloadOf(credential).vct).toBe(entry.vct);
    expect(payloadOf(credential)).toHaveProperty('cnf.jwk');
    expect(entry.credential_signing_alg_values_supported).toContain(headerOf(credential).alg);
  });
});
