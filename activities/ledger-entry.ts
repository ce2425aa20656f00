import type { IssuedCredential } from '../credentials/credential-format.js';
import { sealEnvelope } from '../keys/envelope.js';
import type { CredentialConfigurationDocument } from '../store/configuration-documents.js';
import { isDuplicateKey } from '../store/database.js';
import type { IssuanceDocument, IssuedCredentialsDocument } from '../store/documents.js';
import type { IssueCredentialInput } from '../workflows/activity-types.js';
import type { FoundClaims } from './credential-claims.js';
import { credentialIdOf } from './credential-id.js';
import type { ActivityDependencies } from './dependencies.js';
import type { TakenStatus } from './take-statuses.js';

interface Entry extends Pick<FoundClaims, 'origins'> {
  readonly session: IssuanceDocument;
  readonly configuration: CredentialConfigurationDocument;
  readonly statuses: readonly TakenStatus[];
  readonly made: readonly IssuedCredential[];
}

/** Whether the request has its entry. */
export async function isInLedger(
  { db }: ActivityDependencies,
  { ledgerId, issuerId }: Pick<IssueCredentialInput, 'ledgerId' | 'issuerId'>,
): Promise<boolean> {
  return (await db.issuedCredentials.findOne({ _id: ledgerId, issuerId }, { projection: { _id: 1 } })) !== null;
}

/** Enters the credentials of a request, unless there is an entry already. */
export async function enterInLedger(
  { db, ring, now }: ActivityDependencies,
  { ledgerId, issuerId, sessionId, configurationId }: IssueCredentialInput,
  { session, configuration, statuses, made, origins }: Entry,
): Promise<void> {
  const [first] = made;
  if (first === undefined) return;
  const { keyId, validFrom, validUntil } = first;
  const { status } = configuration;
  const mobileDigests = made.flatMap((credential) => credential.mobileDigests ?? []);
  try {
    await db.issuedCredentials.insertOne({
      _id: ledgerId,
      issuerId,
      sessionId,
      configurationId,
      credentialId: credentialIdOf(ledgerId),
      profile: configuration.profile,
      type: configuration.type,
      userId: session.userId,
      count: made.length,
      keyId,
      issuedAt: new Date(now()),
      ...(validFrom === undefined ? {} : { validFrom }),
      ...(validUntil === undefined ? {} : { validUntil }),
      ...(statuses.length === 0 ? {} : { statuses: statuses.map(({ entry }) => entry) }),
      ...(status === undefined ? {} : { statusPolicy: status }),
      ...(mobileDigests.length === 0 ? {} : { mobileDigests }),
      ...(configuration.profile === 'web-semantic' && configuration.persist ? { persist: true } : {}),
      ...claimOrigins(origins),
      sealed: sealEnvelope({ ring, value: made.map(({ credential }) => credential), context: ledgerId }),
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
