import { ApplicationFailure } from '@temporalio/common';
import { mapClaims } from '../credentials/claim-mapping.js';
import { parseClaimPath } from '../credentials/claim-path.js';
import { CredentialContentError } from '../credentials/credential-content-error.js';
import { issueSdJwtVc } from '../credentials/sd-jwt-vc/issue.js';
import { sealEnvelope } from '../keys/envelope.js';
import { issuerSigners } from '../keys/issuer-signers.js';
import { isDuplicateKey } from '../store/database.js';
import type {
  ClaimOrigin,
  CredentialConfigurationDocument,
  IssuanceDocument,
  IssuedCredentialsDocument,
} from '../store/documents.js';
import type { IssueCredentialInput } from '../workflows/activity-types.js';
import type { ActivityDependencies } from './dependencies.js';
import { collectedClaims, knownHolder, mergeLayers, readConfiguration, readSession, type Claims } from './session-claims.js';

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
  const { claims, origins } = await claimsFor(dependencies, session, configuration);
  const made = await sign(dependencies, input, { configuration, claims });
  await dependencies.reach('issue-credential.signed');
  await enterInLedger(dependencies, input, { session, origins, ...made });
  await dependencies.reach('issue-credential.stored');
  dependencies.meter.issued('dc+sd-jwt', made.credentials.length);
}

function isDenial(error: unknown): boolean {
  return error instanceof ApplicationFailure && error.nonRetryable === true;
}

async function isInLedger({ db }: ActivityDependencies, { ledgerId, issuerId }: IssueCredentialInput): Promise<boolean> {
  return (await db.issuedCredentials.findOne({ _id: ledgerId, issuerId }, { projection: { _id: 1 } })) !== null;
}

/** The credential's claims, and which source each known claim that it maps is from. */
interface FoundClaims {
  readonly claims: Claims;
  readonly origins: Readonly<Record<string, ClaimOrigin>>;
}

async function claimsFor(
  dependencies: ActivityDependencies,
  session: IssuanceDocument,
  { claimSourceId, claimMappings }: CredentialConfigurationDocument,
): Promise<FoundClaims> {
  const { layers, authenticationProvider } = await knownHolder(dependencies, session);
  const known = mergeLayers([...layers, collectedClaims(dependencies, session, claimSourceId)]);
  const source = { claims: known.claims, ...(authenticationProvider === undefined ? {} : { authenticationProvider }) };
  const { claims, missing, unusable } = mapClaims({ mappings: claimMappings, source });
  if (unusable.length > 0) {
    throw ApplicationFailure.nonRetryable(
      `claims have values that no credential can carry: ${unusable.join(', ')}`,
      'ClaimsRejected',
    );
  }
  if (missing.length > 0) {
    const asked = missing.map((name) => `${name} (${claimMappings[name]?.mapFrom ?? 'no mapFrom'})`).join(', ');
    const givers = [...new Set(Object.values(known.origins))].join(', ');
    throw ApplicationFailure.nonRetryable(
      `required claims have no value: ${asked}; sources that gave any: ${givers === '' ? 'none' : givers}`,
      'ClaimsMissing',
    );
  }
  return { claims, origins: mappedOrigins(known.origins, claimMappings) };
}

/** Of the claims that the configuration maps: names of others are the holder's own, and nobody has asked for them. */
function mappedOrigins(
  origins: FoundClaims['origins'],
  claimMappings: CredentialConfigurationDocument['claimMappings'],
): FoundClaims['origins'] {
  const names = new Set(Object.values(claimMappings).flatMap(({ mapFrom }) => claimNameOf(mapFrom)));
  return Object.fromEntries(Object.entries(origins).filter(([name]) => names.has(name)));
}

/** `name` of `claims.name.member`. */
function claimNameOf(mapFrom: string | undefined): readonly (string | number)[] {
  if (mapFrom === undefined) return [];
  const [root, name] = parseClaimPath(mapFrom);
  return root === 'claims' && name !== undefined ? [name] : [];
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
  { credentials, keyId, validUntil, session, origins }: Made & Pick<FoundClaims, 'origins'> & { session: IssuanceDocument },
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
      ...claimOrigins(origins),
      sealed: sealEnvelope({ ring, value: credentials, context: ledgerId }),
    });
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
  }
}

/** Claim names that the database cannot have as names of members are left out. */
function claimOrigins(origins: FoundClaims['origins']): Pick<IssuedCredentialsDocument, 'claimOrigins'> {
  const entries = Object.entries(origins).filter(([name]) => name !== '' && !/[.$\0]/.test(name));
  return entries.length === 0 ? {} : { claimOrigins: Object.fromEntries(entries) };
}
