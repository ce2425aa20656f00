import type { MobileConfigurationDocument } from '../../store/configuration-documents.js';
import type { MetadataEntryInput } from '../credential-format.js';
import { describeDisplay, displaysOf } from '../display.js';
import { isAlwaysThere, mobileElements, type MobileElement } from './mobile-elements.js';
import { scopeOf } from './scope.js';

/** ES256 and ESP256: two names of ECDSA on P-256 with SHA-256 (MET-17). Credentials carry the first. */
const COSE_ALGORITHMS = [-7, -9];

/** The configuration in `credential_configurations_supported` (OID4VCI 12.2.4, A.2). */
export function metadataEntry({
  configuration,
  proofAlgorithms,
}: MetadataEntryInput<MobileConfigurationDocument>): Readonly<Record<string, unknown>> {
  return {
    format: 'mso_mdoc',
    doctype: configuration.type,
    scope: scopeOf(configuration),
    cryptographic_binding_methods_supported: ['cose_key'],
    proof_types_supported: { jwt: { proof_signing_alg_values_supported: [...proofAlgorithms] } },
    credential_signing_alg_values_supported: COSE_ALGORITHMS,
    credential_metadata: {
      display: displaysOf(configuration).map(describeDisplay),
      claims: mobileElements(configuration.claimMappings).map(describeClaim),
    },
  };
}

/** OID4VCI B.2; the path is namespace and element (Appendix C). */
function describeClaim(element: MobileElement): Readonly<Record<string, unknown>> {
  const { namespace, mapping } = element;
  const display = (mapping.display ?? []).map(({ name, locale }) => ({ name, ...(locale === undefined ? {} : { locale }) }));
  return {
    path: [namespace, element.element],
    ...(isAlwaysThere(element) ? { mandatory: true } : {}),
    ...(display.length === 0 ? {} : { display }),
  };
}
