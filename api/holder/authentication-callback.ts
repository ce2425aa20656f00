import { randomUUID } from 'node:crypto';
import type { Request, Response } from 'express';
import type { AuthenticationProviderDocument, IssuanceDocument } from '../../store/documents.js';
import { openStep, sealStep, type AuthenticatedHolder } from '../../store/holder-steps.js';
import { ensureSubjectUser } from '../../store/users.js';
import { sessionOfState } from '../oauth/session-state.js';
import { goOn } from './go-on.js';
import { HolderError, ReturnToWallet } from './holder-error.js';
import { errorUrl, sessionUrl } from './holder-session.js';
import { evidenceOf } from './hook-result.js';
import { keepNamedClaims } from './keep-named-claims.js';
import { authenticateHolder } from './provider/exchange-code.js';
import { ProviderAnswerError, ProviderRefusalError, ProviderUnavailableError } from './provider/provider-errors.js';
import { queryOf } from './query-of.js';
import { requireOpenSession } from './open-session.js';
import type { HolderServices } from './services.js';

/** A session whose holder is known. */
type LoggedInSession = IssuanceDocument & Required<Pick<IssuanceDocument, 'authentication'>>;

type Handler = (request: Request, response: Response) => Promise<void>;

/**
 * `GET /v1/oauth/authentication/callback`: the provider sends the holder back. Whatever died meanwhile, the session goes on
 * from here; a reload of this URL comes to the same next step.
 */
export function authenticationCallback(services: HolderServices): Handler {
  const { context, issuer } = services;
  return async (request, response) => {
    const query = queryOf(request);
    const session = await passLogin(services, { session: await sessionOf(services, request, query), query });
    await context.reach('callback.stored');
    const address = { issuerId: issuer.id, sessionId: session._id };
    const { evidenceHash } = session.authentication;
    await goOn(services, response, session, (codeHash) => context.issuances.authenticated(address, { evidenceHash, codeHash }));
    await context.reach('callback.answered');
  };
}

/** The state routes to the session, and the cookie proves the browser: a callback in any other is somebody's attack. */
async function sessionOf(services: HolderServices, request: Request, query: URLSearchParams): Promise<IssuanceDocument> {
  const { context, issuer } = services;
  const scope = { ring: context.ring, issuerId: issuer.id, kind: 'authentication' } as const;
  const states = query.getAll('state');
  const sessionId = states.length === 1 ? sessionOfState(states[0] ?? '', scope) : undefined;
  if (sessionId === undefined) throw new HolderError('invalid_answer', { detail: 'state is not one of this issuer' });
  return requireOpenSession(services, request, sessionId);
}

/** Finds out who logged in and stores it; gives the session as it is then. The first login that is stored counts. */
async function passLogin(
  services: HolderServices,
  { session, query }: { session: IssuanceDocument; query: URLSearchParams },
): Promise<LoggedInSession> {
  const evidenceHash = evidenceOf(query.get('code') ?? '');
  // A reload: the provider's code is spent, and what it brought is here.
  if (isLoggedIn(session) && session.authentication.evidenceHash === evidenceHash) return session;
  // A no after the yes, as by the back button: the session goes on, so the wallet must not be told otherwise.
  if (isLoggedIn(session) && query.has('error')) return session;
  const provider = await providerOf(services, session);
  const holder = await logIn(services, { session, query, provider });
  await services.context.reach('callback.exchanged');
  const known = openStep(services.context.ring, session, 'authentication');
  if (known !== undefined && known.subjectId !== holder.subjectId) {
    throw new HolderError('session_over', { detail: 'somebody else logged in to this session before' });
  }
  return storeLogin(services, { session, holder, provider, evidenceHash });
}

async function providerOf(
  { context, issuer }: HolderServices,
  session: IssuanceDocument,
): Promise<AuthenticationProviderDocument> {
  const snapshot = await context.directory.get(issuer.id);
  const provider = snapshot.authenticationProviders.get(session.authenticationProviderId ?? '');
  if (provider === undefined) throw new HolderError('session_over', { detail: 'the authentication provider was deleted' });
  return provider;
}

async function logIn(
  services: HolderServices,
  { session, query, provider }: { session: IssuanceDocument; query: URLSearchParams; provider: AuthenticationProviderDocument },
): Promise<AuthenticatedHolder> {
  const { context, issuer, providers } = services;
  const retry = { url: sessionUrl(services, session._id) };
  try {
    return await authenticateHolder({
      providers,
      provider,
      issuer,
      ring: context.ring,
      session,
      callback: query,
      now: context.now,
    });
  } catch (error) {
    if (error instanceof ProviderRefusalError) throw await endSession(services, session, error);
    if (error instanceof ProviderUnavailableError) throw new HolderError('provider_unavailable', { retry, cause: error });
    if (error instanceof ProviderAnswerError)
      throw new HolderError('invalid_answer', { detail: error.message, retry, cause: error });
    throw error;
  }
}

/** The provider's no is the session's end; its "not now" is not. */
async function endSession(services: HolderServices, session: IssuanceDocument, refusal: ProviderRefusalError): Promise<Error> {
  const { error } = refusal;
  if (error === 'temporarily_unavailable') {
    return new HolderError('provider_unavailable', { retry: { url: sessionUrl(services, session._id) }, cause: refusal });
  }
  await services.context.issuances.authenticationFailed({ issuerId: session.issuerId, sessionId: session._id }, { error });
  return new ReturnToWallet(errorUrl(services, session, error), error, { cause: refusal });
}

async function storeLogin(
  services: HolderServices,
  login: {
    session: IssuanceDocument;
    holder: AuthenticatedHolder;
    provider: AuthenticationProviderDocument;
    evidenceHash: string;
  },
): Promise<LoggedInSession> {
  const { context, issuer } = services;
  const { db, ring } = context;
  const { session, holder, provider, evidenceHash } = login;
  const { url, subjectId, claims } = holder;
  const scope = { db, ring, issuerId: issuer.id };
  const subject = { providerId: provider._id, url, subjectId };
  // Not an id of the session's: two people who log in to it at once must not come to one user.
  const userId = await ensureSubjectUser(scope, { subject, newUserId: randomUUID(), now: context.now() });
  await keepNamedClaims(services, { userId, claims, names: provider.claimsToPersist });
  if (isLoggedIn(session)) return session;
  const value = { url, subjectId, claims };
  const authentication = sealStep({ ring, sessionId: session._id, step: 'authentication', evidenceHash, value });
  const passed = { authentication, userId, usesPersistedClaims: true };
  const id = { _id: session._id, issuerId: issuer.id };
  const { modifiedCount } = await db.issuances.updateOne(
    { ...id, authentication: { $exists: false }, closedAt: { $exists: false } },
    { $set: passed },
  );
  if (modifiedCount === 1) return { ...session, ...passed };
  // Who it is was another login's to say.
  const stored = await db.issuances.findOne(id);
  if (stored === null || !isLoggedIn(stored)) throw new HolderError('session_over');
  return stored;
}

function isLoggedIn(session: IssuanceDocument): session is LoggedInSession {
  return session.authentication !== undefined;
}
