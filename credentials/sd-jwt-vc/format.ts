import type { SdJwtConfigurationDocument } from '../../store/configuration-documents.js';
import { mapClaims, sourcePaths } from '../claim-mapping.js';
import type { CredentialFormat } from '../credential-format.js';
import { shownClaims } from '../shown-claims.js';
import { issueSdJwtVc } from './issue.js';
import { metadataEntry } from './metadata-entry.js';
import { scopeOf } from './scope.js';

/** IETF SD-JWT VC (OID4VCI A.3). */
export const sdJwtVc: CredentialFormat<SdJwtConfigurationDocument> = {
  profiles: ['sd-jwt'],
  formatOf: ({ legacyFormat }) => (legacyFormat === true ? 'vc+sd-jwt' : 'dc+sd-jwt'),
  scopeOf,
  statusMechanism: () => 'token-status-list',
  metadataEntry,
  mapClaims: ({ configuration: { claimMappings }, source }) => mapClaims({ mappings: claimMappings, source }),
  shownClaims: ({ claimMappings }) => shownClaims(claimMappings),
  sourcePaths: ({ claimMappings }) => sourcePaths(claimMappings),
  signsRemotely: ({ signers }) => signers.x509().remote,
  issue: issueSdJwtVc,
};
