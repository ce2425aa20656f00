import { TypeMetadataFormatSchema, type TypeMetadataFormat } from '@sd-jwt/sd-jwt-vc';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ClaimMappings } from '../../../credentials/claim-mapping.js';
import { typeMetadata } from '../../../credentials/sd-jwt-vc/type-metadata.js';
import type { SdJwtConfigurationDocument } from '../../../store/configuration-documents.js';
import { ISSUER, makeIssuerKeys, NOW, type IssuerKeys } from '../../keys/issuer-keys.js';
import { configurationOf, disclosuresOf, independentVerifier, issue } from './test-credential.js';

const metadataOf = (mappings: ClaimMappings, more: Partial<SdJwtConfigurationDocument> = {}): Record<string, unknown> =>
  typeMetadata({ configuration: configurationOf(mappings, more), issuerIdentifier: ISSUER });

const MAPPINGS: ClaimMappings = {
  given_name: {
    mapFrom: 'claims.given_name',
    required: true,
    display: [{ name: 'Given name', locale: 'en', description: 'First names' }, { name: 'Name' }],
  },
  level: { defaultValue: 'basic', selectiveDisclosure: false },
  address: { selectiveDisclosure: true },
  'address.locality': { mapFrom: 'claims.city' },
  list: { mapFrom: 'claims.list', selectiveDisclosure: false, selectiveDisclosureOfElements: true },
};

describe('SDV-09 the type metadata', () => {
  it('has the form of draft 13', () => {
    const metadata = metadataOf(MAPPINGS, {
      display: [
        {
          name: 'Employee',
          locale: 'en',
          description: 'Works here',
          logo: { uri: 'https://issuer.example/l.png', altText: 'Logo' },
          backgroundColor: '#0b3d91',
          textColor: '#ffffff',
          backgroundImage: { uri: 'https://issuer.example/b.png' },
        },
      ],
    });
    expect(metadata).toEqual({
      vct: `${ISSUER}/vct/employee`,
      name: 'Employee',
      description: 'Works here',
      display: [
        {
          locale: 'en',
          name: 'Employee',
          description: 'Works here',
          rendering: {
            simple: {
              logo: { uri: 'https://issuer.example/l.png', alt_text: 'Logo' },
              background_image: { uri: 'https://issuer.example/b.png' },
              background_color: '#0b3d91',
              text_color: '#ffffff',
            },
          },
        },
      ],
      claims: [
        {
          path: ['given_name'],
          sd: 'always',
          mandatory: true,
          display: [
            { locale: 'en', label: 'Given name', description: 'First names' },
            { locale: 'und', label: 'Name' },
          ],
        },
        { path: ['level'], sd: 'never', mandatory: true },
        { path: ['address'], sd: 'always' },
        { path: ['address', 'locality'], sd: 'always' },
        { path: ['list'], sd: 'never' },
        { path: ['list', null], sd: 'always' },
      ],
    });
  });

  it('is what an independent verifier takes', () => {
    for (const metadata of [
      metadataOf(MAPPINGS),
      metadataOf({}),
      metadataOf({}, { branding: { name: 'Employee', backgroundColor: '#0b3d91' } }),
    ]) {
      expect(TypeMetadataFormatSchema.safeParse(metadata).error).toBeUndefined();
    }
  });

  it('has the same vct as the credential', () => {
    const type = 'https://issuer.example/credentials/employee';
    expect(metadataOf({}, { type }).vct).toBe(type);
  });
});

describe('SDV-11 credentials obey it', () => {
  let keys: IssuerKeys;
  beforeAll(async () => {
    keys = await makeIssuerKeys();
  });

  const claims = { given_name: 'Ada', city: 'Otara', list: ['a', 'b'] };
  const at = { currentDate: Math.floor(NOW / 1000) };

  it('and an independent verifier takes them together with it', async () => {
    const metadata = metadataOf(MAPPINGS) as unknown as TypeMetadataFormat;
    const { credential } = await issue(keys.signer, configurationOf(MAPPINGS), claims);
    const { payload } = await independentVerifier(metadata).verify(credential, at);
    expect(payload).toMatchObject({ given_name: 'Ada', level: 'basic', address: { locality: 'Otara' }, list: ['a', 'b'] });
  });

  it('has a disclosure for each claim that is always disclosable, and for no other', async () => {
    const { credential } = await issue(keys.signer, configurationOf(MAPPINGS), claims);
    const disclosures = disclosuresOf(credential);
    const always = (metadataOf(MAPPINGS).claims as { path: (string | null)[]; sd: string }[]).filter(({ sd }) => sd === 'always');
    const members = always.map(({ path }) => path.at(-1)).filter((member) => member !== null);
    expect(
      disclosures
        .filter(({ length }) => length === 3)
        .map(([, name]) => name)
        .sort(),
    ).toEqual(members.sort());
    expect(disclosures.filter(({ length }) => length === 2).map(([, element]) => element)).toEqual(claims.list);
    expect(always.map(({ path }) => path)).toContainEqual(['list', null]);
  });
});
