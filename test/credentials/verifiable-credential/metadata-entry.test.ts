import { describe, expect, it } from 'vitest';
import { jwtVcJson } from '../../../credentials/jwt-vc-json/format.js';
import { ldpVc } from '../../../credentials/ldp-vc/format.js';
import { ISSUER } from '../../keys/issuer-keys.js';
import { jwtConfiguration, ldpConfiguration, OWN_CONTEXT } from './test-issuer.js';

const about = { issuerIdentifier: ISSUER, proofAlgorithms: ['ES256', 'EdDSA'] };

describe('the metadata entry of a W3C format', () => {
  it('MET-10 MET-12 MET-13 MET-15 MET-17 names types, algorithms, bindings and claims of jwt_vc_json', () => {
    const configuration = jwtConfiguration({ additionalTypes: ['Person'], branding: { name: 'Employee' } });
    expect(jwtVcJson.metadataEntry({ configuration, ...about })).toEqual({
      format: 'jwt_vc_json',
      scope: 'jwt_vc_json:Employee',
      credential_definition: { type: ['VerifiableCredential', 'Employee', 'Person'] },
      cryptographic_binding_methods_supported: ['did:jwk', 'did:key', 'jwk'],
      proof_types_supported: { jwt: { proof_signing_alg_values_supported: ['ES256', 'EdDSA'] } },
      credential_signing_alg_values_supported: ['ES256'],
      credential_metadata: {
        display: [{ name: 'Employee' }],
        claims: [
          { path: ['credentialSubject', 'given_name'], mandatory: true },
          { path: ['credentialSubject', 'family_name'] },
          { path: ['credentialSubject', 'address', 'locality'] },
          { path: ['credentialSubject', 'address', 'country'] },
        ],
      },
    });
  });

  it('MET-17 names contexts by URL and the suite of ldp_vc', () => {
    const configuration = ldpConfiguration({ proofType: 'ecdsa-sd-2023' });
    expect(ldpVc.metadataEntry({ configuration, ...about })).toMatchObject({
      format: 'ldp_vc',
      scope: 'ldp_vc:Employee',
      credential_definition: {
        '@context': ['https://www.w3.org/2018/credentials/v1', 'https://w3id.org/security/data-integrity/v2', OWN_CONTEXT],
        type: ['VerifiableCredential', 'Employee'],
      },
      credential_signing_alg_values_supported: ['ecdsa-sd-2023'],
    });
  });

  it.each([jwtVcJson, ldpVc])('MET-11 has proof types exactly where it binds', (format) => {
    const configuration = { ...ldpConfiguration(), holderBinding: false } as never;
    const entry = format.metadataEntry({ configuration, ...about });
    expect(entry).not.toHaveProperty('cryptographic_binding_methods_supported');
    expect(entry).not.toHaveProperty('proof_types_supported');
  });
});
