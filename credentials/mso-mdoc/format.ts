import type { MobileConfigurationDocument } from '../../store/configuration-documents.js';
import type { CredentialFormat } from '../credential-format.js';
import { issueMdoc } from './issue.js';
import { mapMobileClaims, mobileSourcePaths } from './map-claims.js';
import { metadataEntry } from './metadata-entry.js';
import { mobileElements } from './mobile-elements.js';
import { scopeOf } from './scope.js';

/** Mobile documents of ISO 18013-5 (OID4VCI A.2). */
export const msoMdoc: CredentialFormat<MobileConfigurationDocument> = {
  profiles: ['mobile'],
  formatOf: () => 'mso_mdoc',
  scopeOf,
  statusMechanism: () => 'token-status-list',
  metadataEntry,
  mapClaims: mapMobileClaims,
  // People are not told of namespaces.
  shownClaims: ({ claimMappings }) =>
    mobileElements(claimMappings).map(({ element, mapping }) => [{ member: element, display: mapping.display ?? [] }]),
  sourcePaths: mobileSourcePaths,
  signsRemotely: ({ signers, now }) => signers.documentSigner(now).remote,
  issue: issueMdoc,
};
