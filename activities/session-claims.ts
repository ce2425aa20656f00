import { ApplicationFailure } from '@temporalio/common';
import { openEnvelope } from '../keys/envelope.js';
import type { CredentialConfigurationDocument, IssuanceDocument } from '../store/documents.js';
import type { ActivityDependencies } from './dependencies.js';

/** Claims by name. */
export type Claims = Readonly<Record<string, unknown>>;

interface SessionScope {
  readonly issuerId: string;
  readonly sessionId: string;
}

/**
 * Reads the session's record.
 *
 * @throws {ApplicationFailure} `ClaimsRejected` when its claims were erased: the issuance is over
 */
export async function readSession(
  { db }: ActivityDependencies,
  { issuerId, sessionId }: SessionScope,
): Promise<IssuanceDocument> {
  const session = await db.issuances.findOne({ _id: sessionId });
  if (session?.issuerId !== issuerId || session.closedAt !== undefined) {
    throw ApplicationFailure.nonRetryable('the session is over', 'ClaimsRejected');
  }
  return session;
}

/**
 * The claims known before any claims source is asked: what the user's record persists, overridden by the offer's.
 * A name's value is replaced whole, never merged.
 */
export async function knownClaims({ db, ring }: ActivityDependencies, session: IssuanceDocument): Promise<Claims> {
  const user =
    session.usesPersistedClaims === true ? await db.users.findOne({ _id: session.userId, issuerId: session.issuerId }) : null;
  return {
    ...(user?.claims === undefined ? {} : (openEnvelope({ ring, envelope: user.claims, context: user._id }) as Claims)),
    ...(session.claims === undefined ? {} : (openEnvelope({ ring, envelope: session.claims, context: session._id }) as Claims)),
  };
}

/** The answer of a claims source that was stored for the session, or `{}`. */
export function collectedClaims({ ring }: ActivityDependencies, session: IssuanceDocument, claimSourceId: string): Claims {
  const envelope = session.collected?.[claimSourceId];
  return envelope === undefined ? {} : (openEnvelope({ ring, envelope, context: `${session._id}/${claimSourceId}` }) as Claims);
}

/**
 * The configuration a credential is made from.
 *
 * @throws {ApplicationFailure} `ConfigurationGone`
 */
export async function readConfiguration(
  { directory }: ActivityDependencies,
  { issuerId, issuerRevision, configurationId }: { issuerId: string; issuerRevision: number; configurationId: string },
): Promise<CredentialConfigurationDocument> {
  const snapshot = await directory.get(issuerId, issuerRevision);
  const configuration = snapshot.configurations.get(configurationId);
  if (configuration === undefined)
    throw ApplicationFailure.nonRetryable('the credential configuration was deleted', 'ConfigurationGone');
  return configuration;
}
