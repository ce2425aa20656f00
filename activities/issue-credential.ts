import { ApplicationFailure } from '@temporalio/common';
import { mapClaims } from '../credentials/claim-mapping.js';
import { CredentialContentError } from '../credentials/credential-content-error.js';
import { issueSdJwtVc } from '../credentials/sd-jwt-vc/issue.js';
import { sealEnvelope } from '../keys/envelope.js';
import { issuerSigners } from '../keys/issuer-signers.js';
import { isDuplicateKey } from '../store/database.js';
import type { CredentialConfigurationDocument, IssuanceDocument } from '../store/documents.js';
import type { IssueCredentialInput } from '../workflows/activity-types.js';
import type { ActivityDependencies } from './dependencies.js';
import { collectedClaims, knownClaims, readConfiguration, readSession, type Claims } from './session-claims.js';

/**
 * Makes the credentials of one request and enters them in the ledger, sealed. A run that finds the entry made does
 * nothing; of two runs at once the first to insert wins, and only its credentials can ever be delivered.
 */
export function createIssueCredential(dependencies: ActivityDependencies): (input: IssueCredentialInput) => Promise<void> {
  return async (input) => {
    try {
      await issue(dependencies, input);
    } catch (error) {
      // What denies it came after the entry was made: a configuration deleted between a crash and this run, say.
      if (!isDenial(error) || !(await isInLedger(dependencies, input))) throw error;
    }
  };
}

async function issue(dependencies: ActivityDependencies, input: IssueCredentialInput): Promise<void> {
  await dependencies.reach('issue-credential.start');
  const session = await readSession(dependencies, input);
  const configuration = await readConfiguration(dependencies, input);
  const claims = await claimsFor(dependencies, session, configuration);
  const made = await sign(dependencies, input, { configuration, claims });
  await dependencies.reach('issue-credential.signed');
  await enterInLedger(dependencies, input, { session, ...made });
  await dependencies.reach('issue-credential.stored');
  dependencies.meter.issued('dc+sd-jwt', made.credentials.length);
}

function isDenial(error: unknown): boolean {
  return error instanceof ApplicationFailure && error.nonRetryable === true;
}

async function isInLedger({ db }: ActivityDependencies, { ledgerId, issuerId }: IssueCredentialInput): Promise<boolean> {
  return (await db.issuedCredentials.findOne({ _id: ledgerId, issuerId }, { projection: { _id: 1 } })) !== null;
}

async function claimsFor(
  dependencies: ActivityDependencies,
  session: IssuanceDocument,
  configuration: CredentialConfigurationDocument,
): Promise<Claims> {
  const { claimSourceId } = configuration;
  const source = {
    claims: {
      ...(await knownClaims(dependencies, session)),
      ...(claimSourceId === undefined ? {} : collectedClaims(dependencies, session, claimSourceId)),
    },
  };
  const { claims, missing, unusable } = mapClaims({ mappings: configuration.claimMappings, source });
  if (unusable.length > 0) {
    throw ApplicationFailure.nonRetryable(
      `claims have values that no credential can carry: ${unusable.join(', ')}`,
      'ClaimsRejected',
    );
  }
  if (missing.length > 0) {
    throw ApplicationFailure.nonRetryable(`required claims have no value: ${missing.join(', ')}`, 'ClaimsMissing');
  }
  return claims;
}

function refuseContent(error: unknown): never {
  if (error instanceof CredentialContentError)
    throw ApplicationFailure.nonRetryable('the claims make no valid credential', 'ClaimsRejected');
  throw error;
}

interface Made {
  readonly credentials: readonly string[];
  readonly keyId: string;
  readonly validUntil?: Date;
}

async function sign(
  { directory, ring, issuerIdentifier, now }: ActivityDependencies,
  { issuerId, issuerRevision, holderKeys }: IssueCredentialInput,
  { configuration, claims }: { configuration: CredentialConfigurationDocument; claims: Claims },
): Promise<Made> {
  const signer = issuerSigners({ keys: (await directory.get(issuerId, issuerRevision)).keys, ring }).credential;
  // One time for the whole batch: two would make its credentials tell which were issued together (CRD-21).
  const common = { configuration, claims, signer, issuer: { identifier: issuerIdentifier }, now: now() };
  const issued = await Promise.all(holderKeys.map((holderKey) => issueSdJwtVc({ ...common, holderKey }))).catch(refuseContent);
  const validUntil = issued[0]?.validUntil;
  return {
    credentials: issued.map(({ credential }) => credential),
    keyId: signer.keyId,
    ...(validUntil === undefined ? {} : { validUntil }),
  };
}

async function enterInLedger(
  { db, ring, now }: ActivityDependencies,
  { ledgerId, issuerId, sessionId, configurationId }: IssueCredentialInput,
  { credentials, keyId, validUntil, session }: Made & { session: IssuanceDocument },
): Promise<void> {
  try {
    await db.issuedCredentials.insertOne({
      _id: ledgerId,
      issuerId,
      sessionId,
      configurationId,
      userId: session.userId,
      count: credentials.length,
      keyId,
      issuedAt: new Date(now()),
      ...(validUntil === undefined ? {} : { validUntil }),
      sealed: sealEnvelope({ ring, value: credentials, context: ledgerId }),
    });
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
  }
}
