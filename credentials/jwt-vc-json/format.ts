import type { JwtVcConfigurationDocument } from '../../store/configuration-documents.js';
import { mapClaims, sourcePaths } from '../claim-mapping.js';
import type { CredentialFormat, MetadataEntryInput } from '../credential-format.js';
import { scopeToken } from '../scope-token.js';
import { shownClaims } from '../shown-claims.js';
import { typesOf } from '../verifiable-credential/credential-document.js';
import { metadataEntry } from '../verifiable-credential/metadata-entry.js';
import { issueJwtVc } from './issue.js';

const FORMAT = 'jwt_vc_json';

/** W3C credentials as JWTs (OID4VCI A.1.1). */
export const jwtVcJson: CredentialFormat<JwtVcConfigurationDocument> = {
  profiles: ['jwt'],
  formatOf: () => FORMAT,
  scopeOf,
  statusMechanism: () => 'bitstring-status-list',
  metadataEntry: (input: MetadataEntryInput<JwtVcConfigurationDocument>) =>
    metadataEntry(input, {
      format: FORMAT,
      scope: scopeOf(input.configuration),
      definition: { type: typesOf(input.configuration) },
      signingAlgorithm: 'ES256',
    }),
  mapClaims: ({ configuration: { claimMappings }, source }) => mapClaims({ mappings: claimMappings, source }),
  shownClaims: ({ claimMappings }) => shownClaims(claimMappings),
  sourcePaths: ({ claimMappings }) => sourcePaths(claimMappings),
  signsRemotely: ({ configuration, signers }) => signers.assertion('ES256', configuration.issuerDid).signer.remote,
  issue: issueJwtVc,
};

function scopeOf({ type }: Pick<JwtVcConfigurationDocument, 'type'>): string {
  return scopeToken(FORMAT, type);
}
