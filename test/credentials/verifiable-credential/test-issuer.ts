import { jwkThumbprint } from '../../../keys/public-jwk.js';
import type { AssertionSigner, CredentialSigners } from '../../../keys/credential-signers.js';
import type { Signer } from '../../../keys/signer.js';
import { mapClaims } from '../../../credentials/claim-mapping.js';
import type { IssueInput } from '../../../credentials/credential-format.js';
import type { VerifiableCredentialConfiguration } from '../../../credentials/verifiable-credential/credential-document.js';
import type { JwtVcConfigurationDocument, WebSemanticConfigurationDocument } from '../../../store/configuration-documents.js';
import { ISSUER, NOW } from '../../keys/issuer-keys.js';
import { freshSigner, signersWith } from '../../keys/test-signers.js';
import { holderJwk } from '../sd-jwt-vc/test-credential.js';

export const DID = 'did:web:issuer.example:t1';
export const CREDENTIAL_ID = '8c6f3d0e-8a5f-4d0a-9a58-2f2c9d0f5b11';
export const OWN_CONTEXT = 'https://issuer.example/contexts/employee/v1';

/** Defines the types and claims of the test configurations. */
export const CONTEXTS: ReadonlyMap<string, string> = new Map([
  [
    OWN_CONTEXT,
    JSON.stringify({
      '@context': {
        '@version': 1.1,
        Employee: 'https://issuer.example/terms#Employee',
        Person: {
          '@id': 'https://issuer.example/terms#Person',
          '@context': { nickname: 'https://issuer.example/terms#nickname' },
        },
        given_name: 'https://schema.org/givenName',
        family_name: 'https://schema.org/familyName',
        homepage: { '@id': 'https://schema.org/url', '@type': '@id' },
        address: {
          '@id': 'https://schema.org/address',
          '@context': { locality: 'https://schema.org/addressLocality', country: 'https://schema.org/addressCountry' },
        },
      },
    }),
  ],
]);

export const PERSON = { given_name: 'Ngaio', family_name: 'Tester', address: { locality: 'Wellington', country: 'NZ' } };

const common = {
  _id: '6a0b1b3e-3f0a-4c55-9a2e-4b1c6a2f7d10',
  issuerId: 'default',
  type: 'Employee',
  claimMappings: {
    given_name: { mapFrom: 'claims.given_name', required: true },
    family_name: { mapFrom: 'claims.family_name' },
    'address.locality': { mapFrom: 'claims.address.locality' },
    'address.country': { mapFrom: 'claims.address.country' },
  },
  additionalTypes: [],
  vcdmVersion: '1.1',
  includeId: true,
  holderBinding: true,
  createdAt: new Date(NOW),
  updatedAt: new Date(NOW),
} as const;

export function jwtConfiguration(more: Partial<JwtVcConfigurationDocument> = {}): JwtVcConfigurationDocument {
  return { ...common, profile: 'jwt', contexts: [], ...more };
}

export function ldpConfiguration(more: Partial<WebSemanticConfigurationDocument> = {}): WebSemanticConfigurationDocument {
  return {
    ...common,
    profile: 'web-semantic',
    contexts: [OWN_CONTEXT],
    name: 'Employee card',
    description: 'Who works here',
    issuer: { name: 'Ministry of Tests', logoUrl: 'https://issuer.example/logo.png' },
    credentialBranding: { backgroundColor: '#0b3d91' },
    proofType: 'Ed25519Signature2018',
    persist: false,
    ...more,
  };
}

/** The issuer's keys, one of each algorithm, and another one under a DID of its own. */
export class TestIssuer {
  readonly es256 = freshSigner('ES256');
  readonly eddsa = freshSigner('EdDSA');

  signer(algorithm: 'ES256' | 'EdDSA'): Signer {
    return algorithm === 'ES256' ? this.es256 : this.eddsa;
  }

  assertion(algorithm: 'ES256' | 'EdDSA', did = DID): AssertionSigner {
    const signer = this.signer(algorithm);
    return { signer, did, verificationMethod: `${did}#${jwkThumbprint({ ...signer.publicJwk })}` };
  }

  get signers(): CredentialSigners {
    return signersWith({ assertion: (algorithm, did) => this.assertion(algorithm, did) });
  }

  /** As an issuance has it, all claims mapped. */
  input<C extends VerifiableCredentialConfiguration>(
    configuration: C,
    {
      claims: source = PERSON,
      ...more
    }: Partial<Omit<IssueInput<C>, 'claims'>> & { claims?: Readonly<Record<string, unknown>> } = {},
  ): IssueInput<C> {
    return {
      configuration,
      claims: mapClaims({ mappings: configuration.claimMappings, source: { claims: source } }).claims,
      source: { claims: source },
      holderKey: holderJwk(),
      signers: this.signers,
      issuer: { identifier: ISSUER },
      credentialId: CREDENTIAL_ID,
      contexts: CONTEXTS,
      now: NOW,
      ...more,
    };
  }
}
