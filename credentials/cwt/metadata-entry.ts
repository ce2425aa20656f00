import type { CompactConfigurationDocument } from '../../store/configuration-documents.js';
import { claimTree, descendants, isAlwaysPresent, type ClaimNode } from '../claim-tree.js';
import type { MetadataEntryInput } from '../credential-format.js';
import { describeDisplay, displaysOf } from '../display.js';
import { COMPACT_FORMATS } from './compact-profile.js';
import { scopeOf } from './scope.js';

/**
 * The configuration in `credential_configurations_supported` (OID4VCI 12.2.4). The format is private, and MATTR's: `type`
 * selects a compact credential, `types` a semantic one (product.md 1.1).
 */
export function metadataEntry({
  configuration,
  proofAlgorithms,
}: MetadataEntryInput<CompactConfigurationDocument>): Readonly<Record<string, unknown>> {
  const { profile, type, types = [type], holderBinding, claimMappings } = configuration;
  const around = profile === 'compact' ? [] : ['credentialSubject'];
  const claims = [...descendants(claimTree(claimMappings))]
    .filter(({ mapping }) => mapping !== undefined)
    .map((node) => describeClaim(node, around));
  return {
    format: COMPACT_FORMATS[profile],
    ...(profile === 'compact' ? { type } : { types }),
    scope: scopeOf(configuration),
    ...(holderBinding
      ? {
          cryptographic_binding_methods_supported: ['cose_key'],
          proof_types_supported: { jwt: { proof_signing_alg_values_supported: [...proofAlgorithms] } },
        }
      : {}),
    credential_signing_alg_values_supported: ['ES256'],
    credential_metadata: {
      display: displaysOf(configuration).map(describeDisplay),
      ...(claims.length === 0 ? {} : { claims }),
    },
  };
}

function describeClaim(node: ClaimNode, around: readonly string[]): Readonly<Record<string, unknown>> {
  const display = (node.mapping?.display ?? []).map(({ name, locale }) => ({
    name,
    ...(locale === undefined ? {} : { locale }),
  }));
  return {
    path: [...around, ...node.path],
    ...(isAlwaysPresent(node) ? { mandatory: true } : {}),
    ...(display.length === 0 ? {} : { display }),
  };
}
