import type { MetadataEntryInput } from '../credential-format.js';
import { describeDisplay, displaysOf } from '../display.js';
import type { JsonObject, VerifiableCredentialConfiguration } from './credential-document.js';
import { metadataClaims } from './metadata-claims.js';

/** What the entries of the W3C formats in `credential_configurations_supported` share (OID4VCI 12.2.4, A.1). */
export function metadataEntry(
  { configuration, proofAlgorithms }: MetadataEntryInput<VerifiableCredentialConfiguration>,
  {
    format,
    scope,
    definition,
    signingAlgorithm,
  }: { format: string; scope: string; definition: JsonObject; signingAlgorithm: string },
): JsonObject {
  const claims = metadataClaims(configuration.claimMappings);
  return {
    format,
    scope,
    credential_definition: definition,
    ...(configuration.holderBinding
      ? {
          cryptographic_binding_methods_supported: ['did:jwk', 'did:key', 'jwk'],
          proof_types_supported: { jwt: { proof_signing_alg_values_supported: [...proofAlgorithms] } },
        }
      : {}),
    credential_signing_alg_values_supported: [signingAlgorithm],
    credential_metadata: {
      display: displaysOf(configuration).map(describeDisplay),
      ...(claims.length === 0 ? {} : { claims }),
    },
  };
}
