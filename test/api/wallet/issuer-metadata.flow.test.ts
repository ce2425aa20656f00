import { beforeAll, describe, expect, it } from 'vitest';
import { exchange } from '../../flows/http-exchange.js';
import { IssuerBackend, PERSON_MAPPINGS } from '../../flows/issuer-backend.js';
import { useSharedSystem } from '../../harness/use-system.js';
import { refusalOf } from './refusal.js';

type Json = Readonly<Record<string, unknown>>;

/** No SVG as data: the wallet libraries that share this system would refuse all of the metadata (docs/credentials.md). */
const LOGO = 'data:image/png;base64,iVBORw0KGgo=';

const system = useSharedSystem();
let metadata: Json;
let configurations: Readonly<Record<string, Json>>;
let described: Json;
let unbound: Json;

beforeAll(async () => {
  const backend = await IssuerBackend.login(system());
  const rich = await backend.configuration({
    display: [
      {
        name: 'Staff card',
        locale: 'en-NZ',
        description: 'For staff',
        logo: { uri: LOGO, altText: 'A fern' },
        backgroundColor: '#0b3d91',
        textColor: '#ffffff',
        backgroundImage: { uri: 'https://issuer.example/card.png' },
      },
      { name: 'Kāri kaimahi', locale: 'mi' },
    ],
    claimMappings: {
      ...PERSON_MAPPINGS,
      given_name: {
        ...PERSON_MAPPINGS.given_name,
        display: [
          { name: 'Given name', locale: 'en' },
          { name: 'Vorname', locale: 'de' },
        ],
      },
    },
  });
  const loose = await backend.configuration({ holderBinding: false });
  metadata = (await exchange(`${system().url}/.well-known/openid-credential-issuer`)).json;
  configurations = metadata.credential_configurations_supported as typeof configurations;
  described = configurations[rich] ?? {};
  unbound = configurations[loose] ?? {};
});

describe('the metadata of the Credential Issuer', () => {
  it('MET-01 MET-05 names the identifier: an URL with neither query nor fragment, exactly as configured', () => {
    expect(metadata.credential_issuer).toBe(system().url);
    const { search, hash } = new URL(metadata.credential_issuer as string);
    expect([search, hash]).toEqual(['', '']);
  });

  it('MET-06 names no other authorization server: the issuer is its own', () => {
    expect(metadata).not.toHaveProperty('authorization_servers');
  });

  it.each(['credential_endpoint', 'nonce_endpoint', 'deferred_credential_endpoint', 'notification_endpoint'])(
    'MET-07 NON-01 HAP-11 DEF-08 names the %s, below the identifier, which takes POST alone',
    async (name) => {
      const url = metadata[name] as string;
      expect(url.startsWith(`${system().url}/`)).toBe(true);
      const answer = await exchange(url);
      expect(refusalOf(answer)).toBe('405 invalid_request');
      expect(answer.headers.get('allow')).toBe('POST, OPTIONS');
    },
  );

  it('MET-07 offers no encryption as long as there is none', () => {
    expect(metadata).not.toHaveProperty('credential_request_encryption');
    expect(metadata).not.toHaveProperty('credential_response_encryption');
  });

  it('MET-08 HAP-07 says how many proofs a batch may have: at least two', () => {
    expect(metadata.batch_credential_issuance).toEqual({ batch_size: 10 });
  });

  it('MET-09 says how the issuer is shown', () => {
    expect(metadata.display).toEqual([{ name: 'Chancery' }]);
  });

  it('holds nothing but what the standard defines', () => {
    expect(Object.keys(metadata).sort()).toEqual([
      'batch_credential_issuance',
      'credential_configurations_supported',
      'credential_endpoint',
      'credential_issuer',
      'deferred_credential_endpoint',
      'display',
      'nonce_endpoint',
      'notification_endpoint',
    ]);
  });
});

const SUITES = ['Ed25519Signature2018', 'eddsa-rdfc-2022', 'ecdsa-rdfc-2019', 'ecdsa-sd-2023'];

/** What selects each format's type (OID4VCI A), and what it may be signed with. */
const FORMATS: Readonly<Record<string, { selector: string; algorithms: readonly unknown[] }>> = {
  'dc+sd-jwt': { selector: 'vct', algorithms: ['ES256'] },
  'vc+sd-jwt': { selector: 'vct', algorithms: ['ES256'] },
  mso_mdoc: { selector: 'doctype', algorithms: [-7, -9] },
  jwt_vc_json: { selector: 'credential_definition', algorithms: ['ES256'] },
  ldp_vc: { selector: 'credential_definition', algorithms: SUITES },
  cwt: { selector: 'type', algorithms: ['ES256'] },
  cwt_vc: { selector: 'types', algorithms: ['ES256'] },
};

describe('every credential configuration', () => {
  const each = (check: (configuration: Json, id: string) => void) => {
    expect(Object.keys(configurations).length).toBeGreaterThan(1);
    for (const [id, configuration] of Object.entries(configurations)) check(configuration, id);
  };

  it('MET-10 MET-16 HAP-09 has format, type and a scope of its own', () => {
    each((configuration, id) => {
      const { format, vct, scope } = configuration;
      expect(Object.keys(FORMATS), id).toContain(format);
      expect(configuration, id).toHaveProperty(FORMATS[format as string]!.selector);
      if (FORMATS[format as string]!.selector === 'vct') expect(vct, id).toMatch(/^(https?:\/\/|urn:)/);
      expect(scope, id).toMatch(/^[\x21\x23-\x5b\x5d-\x7e]+$/);
    });
    const scopes = Object.values(configurations).map(({ scope }) => scope);
    expect(new Set(scopes).size).toBe(scopes.length);
  });

  it('MET-17 signs with algorithms named as its format names them', () => {
    each(({ format, credential_signing_alg_values_supported: algorithms }) => {
      for (const algorithm of algorithms as unknown[]) expect(FORMATS[format as string]!.algorithms).toContain(algorithm);
    });
  });

  it('MET-11 MET-12 MET-13 has proof types and binding methods together, or neither', () => {
    each(({ proof_types_supported: proofTypes, cryptographic_binding_methods_supported: bindingMethods }) => {
      expect(proofTypes === undefined).toBe(bindingMethods === undefined);
      if (bindingMethods === undefined) return;
      for (const method of bindingMethods as unknown[]) expect(['jwk', 'cose_key', 'did:jwk', 'did:key']).toContain(method);
      expect(proofTypes).toEqual({ jwt: { proof_signing_alg_values_supported: ['ES256', 'ES384', 'EdDSA'] } });
    });
  });

  it('MET-09 MET-14 has displays with a name each, one for a locale, the locale in canonical case', () => {
    each(({ credential_metadata: metadataOf }) => {
      const { display } = metadataOf as { display: readonly Json[] };
      expect(display.length).toBeGreaterThan(0);
      const locales = display.map(({ locale }) => locale);
      expect(new Set(locales).size).toBe(locales.length);
      for (const { name, locale } of display) {
        expect(name).toEqual(expect.any(String));
        if (locale !== undefined) expect(Intl.getCanonicalLocales(locale as string)).toEqual([locale]);
      }
    });
  });

  it('MET-15 describes each claim once, by a path that is not empty', () => {
    each(({ credential_metadata: metadataOf }) => {
      const { claims = [] } = metadataOf as { claims?: readonly { readonly path: readonly unknown[] }[] };
      const paths = claims.map(({ path }) => JSON.stringify(path));
      expect(paths).not.toContain('[]');
      expect(new Set(paths).size).toBe(paths.length);
    });
  });
});

describe('a configuration', () => {
  it('MET-14 MET-15 MET-18 MET-04 is described as it was made, in all languages at once', () => {
    expect(described.credential_metadata).toEqual({
      display: [
        {
          name: 'Staff card',
          locale: 'en-NZ',
          description: 'For staff',
          logo: { uri: LOGO, alt_text: 'A fern' },
          background_color: '#0b3d91',
          text_color: '#ffffff',
          background_image: { uri: 'https://issuer.example/card.png' },
        },
        { name: 'Kāri kaimahi', locale: 'mi' },
      ],
      claims: [
        {
          path: ['given_name'],
          mandatory: true,
          display: [
            { name: 'Given name', locale: 'en' },
            { name: 'Vorname', locale: 'de' },
          ],
        },
        { path: ['family_name'] },
        { path: ['address', 'locality'] },
        { path: ['address', 'country'] },
        { path: ['nationalities'] },
        { path: ['nationalities', null] },
      ],
    });
  });

  it('MET-11 CRD-23 without holder binding has neither binding methods nor proof types', () => {
    expect(Object.keys(unbound).sort()).toEqual([
      'credential_metadata',
      'credential_signing_alg_values_supported',
      'format',
      'scope',
      'vct',
    ]);
  });
});
