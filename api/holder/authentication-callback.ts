import type { Request, Response } from 'express';
import type { AuthenticationProviderDocument, IssuanceDocument } from '../../store/documents.js';
import { openStep, sealStep, type AuthenticatedHolder } from '../../store/holder-steps.js';
import { authorizationPolicy } from '../../store/openid-configuration.js';
import { ensureSubjectUser, keepClaims } from '../../store/users.js';
import { sessionOfState } from '../oauth/session-state.js';
import { goOn, isRefused } from './go-on.js';
import { HolderError, ReturnToWallet } from './holder-error.js';
import { errorUrl, requireSession, sessionUrl } from './holder-session.js';
import { evidenceOf } from './hook-result.js';
import { authenticateHolder } from './provider/exchange-code.js';
import { ProviderAnswerError, ProviderRefusalError, ProviderUnavailableError } from './provider/provider-errors.js';
import type { HolderServices } from './services.js';

type Handler = (request: Request, response: Response) => Promise<void>;

/**
 * `GET /v1/oauth/authentication/callback`: the provider sends the holder back. Whatever died meanwhile, the session goes on
 * from here; a reload of this URL comes to the same next step.
 */
export function authenticationCallback(services: HolderServices): Handler {
  const { context, issuer } = services;
  return async (request, response) => {
    const query = new URLSearchParams(request.url.split('?', 2)[1] ?? '');
    const session = await sessionOf(services, request, query);
    const evidenceHash = await passLogin(services, { session, query });
    await context.reach('callback.stored');
    const address = { issuerId: issuer.id, sessionId: session._id };
    // Read again: who it is may have been another login's to say.
    const stored = await requireSession(services, request, session._id);
    await goOn(services, response, stored, (codeHash) => context.issuances.authenticated(address, { evidenceHash, codeHash }));
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
  const session = await requireSession(services, request, sessionId);
  if (isRefused(session)) throw new ReturnToWallet(errorUrl(services, session, 'access_denied'), 'access_denied');
  if (session.closedAt !== undefined) throw new HolderError('session_over');
  return session;
}

/** Finds out who logged in and stores it; gives the hash that names the login. The first login that is stored counts. */
async function passLogin(
  services: HolderServices,
  { session, query }: { session: IssuanceDocument; query: URLSearchParams },
): Promise<string> {
  const evidenceHash = evidenceOf(query.get('code') ?? '');
  // A reload: the provider's code is spent, and what it brought is here.
  if (session.authentication?.evidenceHash === evidenceHash) return evidenceHash;
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
  { context, issuer }: HolderServices,
  login: {
    session: IssuanceDocument;
    holder: AuthenticatedHolder;
    provider: AuthenticationProviderDocument;
    evidenceHash: string;
  },
): Promise<string> {
  const { db, ring } = context;
  const { session, holder, provider, evidenceHash } = login;
  const { url, subjectId, claims } = holder;
  const scope = { db, ring, issuerId: issuer.id };
  const subject = { providerId: provider._id, url, subjectId };
  const userId = await ensureSubjectUser(scope, { subject, newUserId: session.userId, now: context.now() });
  const { issuer: record } = await context.directory.get(issuer.id);
  const kept = Object.fromEntries(
    provider.claimsToPersist.filter((name) => Object.hasOwn(claims, name)).map((name) => [name, claims[name]]),
  );
  if (authorizationPolicy(record).persistClaims && Object.keys(kept).length > 0)
    await keepClaims(scope, { userId, claims: kept });
  const value = { url, subjectId, claims };
  const authentication = sealStep({ ring, sessionId: session._id, step: 'authentication', evidenceHash, value });
  await db.issuances.updateOne(
    { _id: session._id, issuerId: issuer.id, authentication: { $exists: false }, closedAt: { $exists: false } },
    { $set: { authentication, userId, usesPersistedClaims: true } },
  );
  const stored = await db.issuances.findOne({ _id: session._id, issuerId: issuer.id }, { projection: { authentication: 1 } });
  if (stored?.authentication === undefined) throw new HolderError('session_over');
  return stored.authentication.evidenceHash;
}
