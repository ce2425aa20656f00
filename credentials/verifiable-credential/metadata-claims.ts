import type { ClaimMappings } from '../claim-mapping.js';
import { claimTree, descendants, isAlwaysPresent, type ClaimNode } from '../claim-tree.js';

/** The claims in `credential_metadata`, by their paths from the credential down (OID4VCI B.2, Appendix C). */
export function metadataClaims(mappings: ClaimMappings): readonly Readonly<Record<string, unknown>>[] {
  return [...descendants(claimTree(mappings))].filter(({ mapping }) => mapping !== undefined).map(describeClaim);
}

function describeClaim(node: ClaimNode): Readonly<Record<string, unknown>> {
  const display = (node.mapping?.display ?? []).map(({ name, locale }) => ({
    name,
    ...(locale === undefined ? {} : { locale }),
  }));
  return {
    path: ['credentialSubject', ...node.path],
    ...(isAlwaysPresent(node) ? { mandatory: true } : {}),
    ...(display.length === 0 ? {} : { display }),
  };
}
