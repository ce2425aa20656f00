import type { SdJwtConfigurationDocument } from '../../store/configuration-documents.js';
import { descendants, claimTree, isAlwaysPresent, type ClaimNode } from '../claim-tree.js';
import type { MetadataEntryInput } from '../credential-format.js';
import { describeDisplay, displaysOf } from '../display.js';
import { scopeOf } from './scope.js';
import { vctOf } from './vct.js';

/** The configuration in `credential_configurations_supported` (OID4VCI 12.2.4, A.3). */
export function metadataEntry({
  configuration,
  issuerIdentifier,
  proofAlgorithms,
}: MetadataEntryInput<SdJwtConfigurationDocument>): Readonly<Record<string, unknown>> {
  const claims = [...descendants(claimTree(configuration.claimMappings))].flatMap(describeClaim);
  return {
    format: configuration.legacyFormat === true ? 'vc+sd-jwt' : 'dc+sd-jwt',
    vct: vctOf({ configuration, issuerIdentifier }),
    scope: scopeOf(configuration),
    ...(configuration.holderBinding
      ? {
          cryptographic_binding_methods_supported: ['jwk'],
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

interface ClaimDescription {
  readonly path: readonly (string | null)[];
  readonly mandatory?: true;
  readonly display?: readonly { readonly name: string; readonly locale?: string }[];
}

/** A claim, and the elements of an array whose elements are disclosed one by one (OID4VCI B.2, Appendix C). */
function describeClaim(node: ClaimNode): ClaimDescription[] {
  const { path, mapping } = node;
  // An object that no mapping names says nothing that its members do not.
  if (mapping === undefined) return [];
  const display = (mapping.display ?? []).map(({ name, locale }) => ({ name, ...(locale === undefined ? {} : { locale }) }));
  return [
    {
      path,
      ...(isAlwaysPresent(node) ? { mandatory: true as const } : {}),
      ...(display.length === 0 ? {} : { display }),
    },
    ...(mapping.selectiveDisclosureOfElements === true ? [{ path: [...path, null] }] : []),
  ];
}
