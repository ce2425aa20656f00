import type { WebSemanticConfigurationDocument } from '../../store/configuration-documents.js';
import type { IssuedCredential, IssueInput } from '../credential-format.js';
import { credentialTimes } from '../credential-times.js';
import { credentialDocument, dateTime } from '../verifiable-credential/credential-document.js';
import { credentialContexts } from './credential-contexts.js';
import { shownMembers } from './display-context.js';
import { mandatoryPointers } from './mandatory-pointers.js';
import { PROOF_ALGORITHMS } from './proof-suite.js';
import { signDocument, type SignedDocument } from './sign-document.js';

/**
 * Issues one W3C credential with an embedded proof (VCDM 1.1 4, VC Data Integrity 1.0). It is checked before it leaves.
 *
 * @throws {CredentialContentError} when the claims or the configuration allow no credential
 * @throws {SignerError} when the key cannot be used now
 */
export async function issueLdpVc(input: IssueInput<WebSemanticConfigurationDocument>): Promise<IssuedCredential<SignedDocument>> {
  const { configuration, signers, now } = input;
  const { proofType, issuer, issuerDid, claimMappings, expiresIn } = configuration;
  const assertion = signers.assertion(PROOF_ALGORITHMS[proofType], issuerDid);
  const times = credentialTimes({ now, expiresIn, notAfter: Infinity });
  const document = credentialDocument({
    input,
    contexts: credentialContexts(configuration),
    issuer: { id: assertion.did, ...issuer },
    shown: shownMembers(configuration),
    times,
  });
  const credential = await signDocument({
    document,
    proofType,
    assertion,
    contexts: input.contexts,
    created: dateTime(times.issuedAt),
    mandatoryPointers: mandatoryPointers(document, claimMappings),
  });
  return {
    credential,
    keyId: assertion.signer.keyId,
    validFrom: new Date(times.issuedAt * 1000),
    ...(times.expiresAt === undefined ? {} : { validUntil: new Date(times.expiresAt * 1000) }),
  };
}
