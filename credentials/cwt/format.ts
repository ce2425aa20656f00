import type { CompactConfigurationDocument } from '../../store/configuration-documents.js';
import { sourcePaths } from '../claim-mapping.js';
import type { CredentialFormat } from '../credential-format.js';
import { shownClaims } from '../shown-claims.js';
import { COMPACT_FORMATS } from './compact-profile.js';
import { issueCompact } from './issue.js';
import { mapCompactClaims } from './map-claims.js';
import { metadataEntry } from './metadata-entry.js';
import { scopeOf } from './scope.js';

/** MATTR's compact credentials: CWT (RFC 8392), and CWT with a W3C credential inside. */
export const cwt: CredentialFormat<CompactConfigurationDocument> = {
  profiles: ['compact', 'compact-semantic'],
  formatOf: ({ profile }) => COMPACT_FORMATS[profile],
  scopeOf,
  statusMechanism: () => 'cwt-revocation-list',
  metadataEntry,
  mapClaims: mapCompactClaims,
  shownClaims: ({ claimMappings }) => shownClaims(claimMappings),
  sourcePaths: ({ claimMappings }) => sourcePaths(claimMappings),
  signsRemotely: ({ configuration: { issuerDid }, signers }) => signers.assertion('ES256', issuerDid).signer.remote,
  issue: issueCompact,
};
