import { ApplicationFailure } from '@temporalio/common';
import { openEnvelope } from '../keys/envelope.js';
import type { CredentialConfigurationDocument } from '../store/configuration-documents.js';
import type { ClaimOrigin, IssuanceDocument } from '../store/documents.js';
import { openStep } from '../store/holder-steps.js';
import { claimsOfUser } from '../store/users.js';
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

/** Claims of one source. */
export interface ClaimsLayer {
  readonly origin: ClaimOrigin;
  readonly claims: Claims;
}

/** What is known of a session's holder. */
export interface KnownHolder {
  /** Later layers replace earlier ones. */
  readonly layers: readonly ClaimsLayer[];
  readonly authenticationProvider?: { readonly url: string; readonly subjectId: string };
}

/**
 * What is known before any claims source is asked: what the user's record persists, then the login, the interaction hook
 * (what it decided later replaces what it returned), and the offer.
 */
export async function knownHolder({ db, ring }: ActivityDependencies, session: IssuanceDocument): Promise<KnownHolder> {
  const user =
    session.usesPersistedClaims === true ? await db.users.findOne({ _id: session.userId, issuerId: session.issuerId }) : null;
  const login = openStep(ring, session, 'authentication');
  const hook = { ...openStep(ring, session, 'interaction')?.claims, ...openStep(ring, session, 'approval')?.claims };
  const offered =
    session.claims === undefined ? {} : (openEnvelope({ ring, envelope: session.claims, context: session._id }) as Claims);
  return {
    layers: [
      { origin: 'user', claims: user === null ? {} : claimsOfUser(ring, user) },
      { origin: 'authenticationProvider', claims: login?.claims ?? {} },
      { origin: 'interactionHook', claims: hook },
      { origin: 'offer', claims: offered },
    ],
    ...(login === undefined ? {} : { authenticationProvider: { url: login.url, subjectId: login.subjectId } }),
  };
}

/** The answer of a claims source that was stored for the session; empty where there is none. */
export function collectedClaims(
  { ring }: ActivityDependencies,
  session: IssuanceDocument,
  claimSourceId: string | undefined,
): ClaimsLayer {
  const envelope = claimSourceId === undefined ? undefined : session.collected?.[claimSourceId];
  const context = `${session._id}/${claimSourceId ?? ''}`;
  const claims = envelope === undefined ? {} : (openEnvelope({ ring, envelope, context }) as Claims);
  return { origin: 'claimSource', claims };
}

/** Puts layers together: a name's value is replaced whole, never merged. */
export function mergeLayers(layers: readonly ClaimsLayer[]): {
  readonly claims: Claims;
  /** The layer that each name's value is from. */
  readonly origins: Readonly<Record<string, ClaimOrigin>>;
} {
  // Entries rather than assignments: a name may be that of a setter.
  const entries = layers.flatMap(({ origin, claims }) =>
    Object.entries(claims).map(([name, value]) => ({ name, value, origin })),
  );
  return {
    claims: Object.fromEntries(entries.map(({ name, value }) => [name, value])),
    origins: Object.fromEntries(entries.map(({ name, origin }) => [name, origin])),
  };
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
