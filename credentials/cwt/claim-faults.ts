import { parseClaimPath } from '../claim-path.js';
import type { ClaimMappingFault } from '../claim-mapping-faults.js';
import type { ClaimMappings } from '../claim-mapping.js';
import type { CompactProfile } from './compact-profile.js';

/** Claims of a compact credential that the issuer sets itself, beside those of every format; `vc` is a semantic one's. */
const SET_BY_ISSUER: ReadonlySet<unknown> = new Set(['type', 'jti', 'cti', 'vc']);

/** What of mappings that are in order otherwise cannot be in a compact credential. */
export function compactClaimFaults(mappings: ClaimMappings, profile: CompactProfile): ClaimMappingFault[] {
  return Object.entries(mappings).flatMap(([claim, mapping]): ClaimMappingFault[] => {
    const [name] = parseClaimPath(claim);
    const isOwn = profile === 'compact' && SET_BY_ISSUER.has(name);
    return [
      ...(isOwn ? [{ claim, message: `uses ${String(name)}, which the issuer sets itself` }] : []),
      ...(['selectiveDisclosure', 'selectiveDisclosureOfElements'] as const)
        .filter((member) => mapping[member] === true)
        .map((member) => ({ claim, member, message: 'is not possible: whoever reads a compact credential sees all of it' })),
    ];
  });
}
