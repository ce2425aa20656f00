import { PROOF_ALGORITHMS } from '../../../credentials/ldp-vc/proof-suite.js';
import { termFaults } from '../../../credentials/ldp-vc/term-faults.js';
import type { BrandingDocument, WebSemanticConfigurationDocument } from '../../../store/configuration-documents.js';
import type { ErrorDetail } from '../../http/errors.js';
import type { ConfigurationKind } from './configuration-kind.js';
import { statusMembers, statusOf } from './status-members.js';
import { bodyFault, w3cFaults } from './w3c-faults.js';
import { webSemanticRequestSchema, webSemanticSchema, type WebSemanticRequest } from './web-semantic.schema.js';

/** `/v2/credentials/web-semantic/configurations`: W3C credentials with embedded proofs (product.md 6.4). */
export const webSemanticConfigurations: ConfigurationKind<WebSemanticConfigurationDocument, WebSemanticRequest> = {
  profile: 'web-semantic',
  typeNamespace: 'web-semantic',
  category: 'CREDENTIAL_WEB_SEMANTIC',
  stem: 'CREDENTIAL_WEB_SEMANTIC_CREDENTIAL_CONFIGURATION',
  tag: 'JSON-LD credential configurations',
  requestSchema: webSemanticRequestSchema,
  schema: webSemanticSchema,
  toDocument: ({ revocable, statusPolicy, ...members }, record) => ({
    ...record,
    profile: 'web-semantic',
    ...members,
    branding: brandingOf(members),
    ...statusOf({ hasStatus: revocable, statusPolicy }),
  }),
  toView: ({ status, branding: _derived, ...members }) => ({ ...members, ...statusMembers('revocable', status) }),
  faults: async (document, about) => {
    const algorithm = PROOF_ALGORITHMS[document.proofType];
    const faults = [
      ...suiteFaults(document),
      ...w3cFaults(document, { ...about, algorithm, discloses: document.proofType === 'ecdsa-sd-2023' }),
    ];
    // A sample makes no sense of members that are at fault themselves.
    if (faults.some(({ param }) => param !== 'issuerDid')) return faults;
    const undefinedTerms = await termFaults(document, about.snapshot.contexts);
    return [...faults, ...undefinedTerms.map(({ param, message }) => bodyFault(param, message))];
  },
};

/** What wallets show, as their metadata has it for every profile. */
function brandingOf({
  name,
  description,
  issuer: { logoUrl, iconUrl },
  credentialBranding: { backgroundColor, watermarkImageUrl } = {},
}: Pick<WebSemanticConfigurationDocument, 'name' | 'description' | 'issuer' | 'credentialBranding'>): BrandingDocument {
  return {
    name,
    ...(description === undefined ? {} : { description }),
    ...(backgroundColor === undefined ? {} : { backgroundColor }),
    ...(watermarkImageUrl === undefined ? {} : { watermarkImage: watermarkImageUrl }),
    ...(logoUrl === undefined ? {} : { issuerLogo: logoUrl }),
    ...(iconUrl === undefined ? {} : { issuerIcon: iconUrl }),
  };
}

/** MATTR's suite and revocation list are of VCDM 1.1, and know no suspension. */
function suiteFaults({ proofType, vcdmVersion, status }: WebSemanticConfigurationDocument): ErrorDetail[] {
  if (proofType !== 'Ed25519Signature2018') return [];
  return [
    ...(vcdmVersion === '2.0' ? [bodyFault('proofType', 'is for VCDM 1.1; for 2.0 choose one of Data Integrity')] : []),
    ...(status?.suspendable === true
      ? [
          bodyFault(
            'statusPolicy.suspendable',
            'is not possible with Ed25519Signature2018, whose revocation list has no suspension',
          ),
        ]
      : []),
  ];
}
