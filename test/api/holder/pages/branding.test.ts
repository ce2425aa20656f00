import { describe, expect, it } from 'vitest';
import { credentialSummaries, issuerBranding } from '../../../../api/holder/pages/branding.js';
import type { SdJwtConfigurationDocument } from '../../../../store/configuration-documents.js';

const PLAIN: SdJwtConfigurationDocument = {
  _id: '6a0b1b3e-3f0a-4c55-9a2e-4b1c6a2f7d10',
  issuerId: 'default',
  profile: 'sd-jwt',
  type: 'urn:card',
  claimMappings: {},
  holderBinding: true,
  createdAt: new Date(0),
  updatedAt: new Date(0),
};
const LOGO = 'https://issuer.example/logo.png';

describe('the issuer of a page', () => {
  const issuer = {
    name: 'Chancery',
    display: [
      {
        name: 'Kauri Institute',
        locale: 'en',
        backgroundColor: '#0b3d91',
        textColor: '#ffffff',
        logo: { uri: LOGO, altText: 'K' },
      },
      { name: 'Kauri-Institut', locale: 'de', description: 'not shown' },
    ],
  };

  it("is as it displays itself in the reader's language", () => {
    expect(issuerBranding(issuer, ['de'])).toEqual({ name: 'Kauri-Institut' });
    expect(issuerBranding(issuer, ['en'])).toEqual({
      name: 'Kauri Institute',
      backgroundColor: '#0b3d91',
      textColor: '#ffffff',
      logo: { uri: LOGO, altText: 'K' },
    });
  });

  it('is named as it is configured where it displays nothing', () => {
    expect(issuerBranding({ name: 'Chancery', display: [] }, ['de'])).toEqual({ name: 'Chancery' });
  });
});

describe('the credentials of a page', () => {
  const summary = (configuration: Partial<SdJwtConfigurationDocument>, ...languages: string[]) =>
    credentialSummaries({ configurations: [{ ...PLAIN, ...configuration }], languages })[0]!;
  const branding = { name: 'Branded', description: 'Branded description', issuerLogo: LOGO };

  it('are named by their display, or their branding, or their type', () => {
    const display = [
      { name: 'Karte', locale: 'de', description: 'Zum Ausweisen', logo: { uri: `${LOGO}?de`, altText: 'Wappen' } },
      { name: 'Carte', locale: 'fr' },
    ];
    expect(summary({ branding, display }, 'de')).toEqual({
      name: 'Karte',
      description: 'Zum Ausweisen',
      logo: { uri: `${LOGO}?de`, altText: 'Wappen' },
      claims: [],
    });
    const branded = { description: 'Branded description', logo: { uri: LOGO }, claims: [] };
    expect(summary({ branding, display }, 'fr-CA')).toEqual({ name: 'Carte', ...branded });
    expect(summary({ branding, display }, 'nl')).toEqual({ name: 'Branded', ...branded });
    expect(summary({ display }, 'nl').name).toBe('Karte');
    expect(summary({}, 'nl')).toEqual({ name: 'urn:card', claims: [] });
  });

  it("AUT-15 name their claims in the order of the mappings, in the reader's language where it is given", () => {
    const claimMappings = {
      given_name: {
        mapFrom: 'claims.given_name',
        display: [
          { name: 'Vorname', locale: 'de' },
          { name: 'Given name', locale: 'en' },
        ],
      },
      student_number: { mapFrom: 'claims.number' },
      "['https://example.com/library_card']": { defaultValue: 'A' },
    };
    expect(summary({ claimMappings }, 'de').claims).toEqual(['Vorname', 'student number', 'https://example.com/library card']);
    expect(summary({ claimMappings }, 'en').claims[0]).toBe('Given name');
  });

  it('AUT-15 name the members of an object, and not the object', () => {
    const mapped = (container: object, locality: object) =>
      summary(
        {
          claimMappings: {
            address: { selectiveDisclosure: true, ...container },
            'address.locality': { mapFrom: 'claims.city', ...locality },
            'address.post_box.box_number': { mapFrom: 'claims.box' },
          },
        },
        'de',
      ).claims;
    const display = (name: string) => ({ display: [{ name, locale: 'de' }] });
    expect(mapped({}, {})).toEqual(['address: locality', 'address: post box: box number']);
    expect(mapped(display('Anschrift'), display('Wohnort'))).toEqual(['Wohnort', 'Anschrift: post box: box number']);
  });

  it('are all there, in order', () => {
    const configurations = ['urn:b', 'urn:a'].map((type) => ({ ...PLAIN, type }));
    expect(credentialSummaries({ configurations, languages: ['en'] }).map(({ name }) => name)).toEqual(['urn:b', 'urn:a']);
  });
});
