import type { CompactConfigurationDocument } from '../../store/configuration-documents.js';
import { formatClaimPath } from '../claim-path.js';
import { mapClaims, type ClaimsSource, type MappedClaims } from '../claim-mapping.js';
import { isCborText } from './compact-claims.js';

/** Registered claims (RFC 8392 3.1) that mappings may fill: always text. */
const TEXT_CLAIMS: ReadonlySet<string> = new Set(['sub', 'aud']);

/** The claims of a compact credential. Unusable is also what no CBOR text holds, and a `sub` or `aud` that is no text. */
export function mapCompactClaims({
  configuration: { profile, claimMappings },
  source,
}: {
  configuration: CompactConfigurationDocument;
  source: ClaimsSource;
}): MappedClaims {
  const { claims, missing, unusable } = mapClaims({ mappings: claimMappings, source });
  const unfit = Object.entries(claims)
    .filter(([name, value]) => !isCborText(value) || !isCborText(name) || isOtherThanText(name, value, profile))
    .map(([name]) => formatClaimPath([name]));
  return { claims, missing, unusable: [...new Set([...unusable, ...unfit])] };
}

function isOtherThanText(name: string, value: unknown, profile: CompactConfigurationDocument['profile']): boolean {
  return profile === 'compact' && TEXT_CLAIMS.has(name) && typeof value !== 'string';
}
