import { ApplicationFailure } from '@temporalio/common';
import { CredentialContentError } from '../credentials/credential-content-error.js';
import type { IssuedCredential } from '../credentials/credential-format.js';
import { formatOf } from '../credentials/formats.js';
import { credentialSigners } from '../keys/credential-signers.js';
import { didWebOf } from '../keys/did-web.js';
import type { CredentialConfigurationDocument } from '../store/configuration-documents.js';
import type { IssueCredentialInput } from '../workflows/activity-types.js';
import type { FoundClaims } from './credential-claims.js';
import { credentialIdOf } from './credential-id.js';
import type { ActivityDependencies } from './dependencies.js';
import type { TakenStatus } from './take-statuses.js';

/**
 * Builds and signs the credentials of one request, one for each holder key.
 *
 * @throws {ApplicationFailure} `ClaimsRejected` where the claims make no credential
 * @throws {SignerError} when the key cannot be used now
 */
export async function signCredentials(
  dependencies: ActivityDependencies,
  { issuerId, issuerRevision, holderKeys, holderDids, ledgerId }: IssueCredentialInput,
  {
    configuration,
    claims,
    source,
    statuses,
  }: FoundClaims & {
    readonly configuration: CredentialConfigurationDocument;
    readonly statuses: readonly TakenStatus[];
  },
): Promise<IssuedCredential[]> {
  const { directory, issuerIdentifier, now } = dependencies;
  const records = await directory.get(issuerId, issuerRevision);
  const signers = credentialSigners({ records, access: dependencies, issuerDid: didWebOf(issuerIdentifier) });
  // One time for the whole batch: two would make its credentials tell which were issued together (CRD-21).
  const issuer = { identifier: issuerIdentifier };
  const common = { configuration, claims, source, signers, issuer, contexts: records.contexts, now: now() };
  const format = formatOf(configuration);
  const issuing = holderKeys.map((holderKey, copy) => {
    const status = statuses[copy]?.reference;
    const holderDid = holderDids?.[copy] ?? undefined;
    return format.issue({
      ...common,
      holderKey,
      credentialId: credentialIdOf(ledgerId, copy),
      ...(holderDid === undefined ? {} : { holderDid }),
      ...(status === undefined ? {} : { status }),
    });
  });
  return Promise.all(issuing).catch(refuseContent);
}

function refuseContent(error: unknown): never {
  if (error instanceof CredentialContentError)
    throw ApplicationFailure.nonRetryable('the claims make no valid credential', 'ClaimsRejected');
  throw error;
}
