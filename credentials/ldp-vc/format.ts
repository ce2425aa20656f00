import type { WebSemanticConfigurationDocument } from '../../store/configuration-documents.js';
import { mapClaims, sourcePaths, type ClaimsSource, type MappedClaims } from '../claim-mapping.js';
import type { CredentialFormat, MetadataEntryInput } from '../credential-format.js';
import { scopeToken } from '../scope-token.js';
import { shownClaims } from '../shown-claims.js';
import { typesOf } from '../verifiable-credential/credential-document.js';
import { metadataEntry } from '../verifiable-credential/metadata-entry.js';
import { credentialContexts } from './credential-contexts.js';
import { issueLdpVc } from './issue.js';
import { keywordClaims } from './keyword-claims.js';
import { PROOF_ALGORITHMS } from './proof-suite.js';
import { statusMechanism } from './status-mechanism.js';

const FORMAT = 'ldp_vc';

/** W3C credentials with embedded proofs (OID4VCI A.1.2). */
export const ldpVc: CredentialFormat<WebSemanticConfigurationDocument> = {
  profiles: ['web-semantic'],
  formatOf: () => FORMAT,
  scopeOf,
  statusMechanism,
  metadataEntry: (input: MetadataEntryInput<WebSemanticConfigurationDocument>) =>
    metadataEntry(input, {
      format: FORMAT,
      scope: scopeOf(input.configuration),
      // Wallets take URLs only; what credentials define inside themselves they bring along.
      definition: {
        '@context': credentialContexts(input.configuration).filter((context) => typeof context === 'string'),
        type: typesOf(input.configuration),
      },
      signingAlgorithm: input.configuration.proofType,
    }),
  mapClaims: mapLinkedDataClaims,
  shownClaims: ({ claimMappings }) => shownClaims(claimMappings),
  sourcePaths: ({ claimMappings }) => sourcePaths(claimMappings),
  signsRemotely: ({ configuration: { proofType, issuerDid }, signers }) =>
    signers.assertion(PROOF_ALGORITHMS[proofType], issuerDid).signer.remote,
  issue: issueLdpVc,
};

function scopeOf({ type }: Pick<WebSemanticConfigurationDocument, 'type'>): string {
  return scopeToken(FORMAT, type);
}

function mapLinkedDataClaims({
  configuration: { claimMappings },
  source,
}: {
  readonly configuration: WebSemanticConfigurationDocument;
  readonly source: ClaimsSource;
}): MappedClaims {
  const mapped = mapClaims({ mappings: claimMappings, source });
  return { ...mapped, unusable: [...new Set([...mapped.unusable, ...keywordClaims(mapped.claims)])] };
}
