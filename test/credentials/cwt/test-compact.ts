import type { ClaimMappings } from '../../../credentials/claim-mapping.js';
import { cwt } from '../../../credentials/cwt/format.js';
import { signCompact, type SignedCompact } from '../../../credentials/cwt/sign-compact.js';
import type { IssuedCredential, IssueInput } from '../../../credentials/credential-format.js';
import type { AssertionSigner } from '../../../keys/credential-signers.js';
import type { Signer } from '../../../keys/signer.js';
import type { CompactConfigurationDocument } from '../../../store/configuration-documents.js';
import { ISSUER, NOW } from '../../keys/issuer-keys.js';
import { freshSigner, signersWith } from '../../keys/test-signers.js';

export const DID = 'did:web:issuer.example:t1';
export const CREDENTIAL_ID = '8c6f3d0e-8a5f-4d0a-9a58-2f2c9d0f5b11';

export function assertionOf(signer: Signer = freshSigner(), did = DID): AssertionSigner {
  return { signer, did, verificationMethod: `${did}#${signer.keyId}` };
}

export function configurationOf(
  claimMappings: ClaimMappings,
  more: Partial<CompactConfigurationDocument> = {},
): CompactConfigurationDocument {
  return {
    _id: '6a0b1b3e-3f0a-4c55-9a2e-4b1c6a2f7d10',
    issuerId: 'default',
    profile: 'compact',
    type: 'WorkPermit',
    claimMappings,
    holderBinding: false,
    createdAt: new Date(NOW),
    updatedAt: new Date(NOW),
    ...more,
  };
}

/** Maps and issues as an issuance does. */
export function issue(
  assertion: AssertionSigner,
  configuration: CompactConfigurationDocument,
  claims: Readonly<Record<string, unknown>>,
  more: Partial<IssueInput<CompactConfigurationDocument>> = {},
): Promise<IssuedCredential> {
  const source = { claims };
  return cwt.issue({
    configuration,
    claims: cwt.mapClaims({ configuration, source }).claims,
    source,
    holderKey: null,
    signers: signersWith({ assertion: () => assertion }),
    issuer: { identifier: ISSUER },
    credentialId: CREDENTIAL_ID,
    now: NOW,
    ...more,
  });
}

/** Signs claims as they are. */
export function signed(claims: Readonly<Record<string, unknown>> = {}, assertion = assertionOf()): Promise<SignedCompact> {
  return signCompact({ profile: 'compact', claims: { iss: DID, jti: CREDENTIAL_ID, ...claims }, assertion });
}
