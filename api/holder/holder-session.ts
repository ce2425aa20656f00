import type { Request } from 'express';
import { openEnvelope, sealEnvelope } from '../../keys/envelope.js';
import type { IssuanceDocument } from '../../store/documents.js';
import type { AuthorizationRequest } from '../oauth/authorization-request.js';
import { sessionState } from '../oauth/session-state.js';
import { PATHS } from '../wallet/wallet-issuer.js';
import { HolderError } from './holder-error.js';
import type { HolderServices } from './services.js';
import { walletUrl, type ReturnAddress } from './wallet-redirect.js';

/**
 * Reads the session that a browser is in.
 *
 * @throws {HolderError} where there is none, or it was begun in another browser
 */
export async function requireSession(services: HolderServices, request: Request, sessionId: string): Promise<IssuanceDocument> {
  const { context, issuer, cookie } = services;
  const session = await context.db.issuances.findOne({ _id: sessionId, issuerId: issuer.id });
  if (session?.grantType !== 'authorization_code') throw new HolderError('session_over');
  const browserId = cookie.read(request);
  if (browserId === undefined || cookie.hashOf(browserId) !== session.browserHash) throw new HolderError('other_browser');
  return session;
}

/** Where the session's wallet wants its answer. */
export function returnAddress({ context }: HolderServices, { _id, returnTo }: IssuanceDocument): ReturnAddress {
  if (returnTo === undefined) throw new TypeError('the session has no return address');
  return openEnvelope({ ring: context.ring, envelope: returnTo, context: `${_id}/return-to` }) as ReturnAddress;
}

export function sealReturnAddress({ context }: HolderServices, { sessionId, redirectUri, state }: AuthorizationRequest) {
  const value: ReturnAddress = { redirectUri, ...(state === undefined ? {} : { state }) };
  return sealEnvelope({ ring: context.ring, value, context: `${sessionId}/return-to` });
}

/** The wallet's authorization request; `undefined` once the session is closed. */
export function authorizationOf(
  { context }: HolderServices,
  { _id, authorization }: IssuanceDocument,
): AuthorizationRequest | undefined {
  if (authorization === undefined) return undefined;
  return openEnvelope({ ring: context.ring, envelope: authorization, context: `${_id}/authorization` }) as AuthorizationRequest;
}

export function sealAuthorization({ context }: HolderServices, request: AuthorizationRequest) {
  return sealEnvelope({ ring: context.ring, value: request, context: `${request.sessionId}/authorization` });
}

/** The page of a session: where its browser looks how it goes on. */
export function sessionUrl({ context, issuer }: HolderServices, sessionId: string): string {
  const state = sessionState(sessionId, { ring: context.ring, issuerId: issuer.id, kind: 'browser' });
  return issuer.identifier + PATHS.session.replace(':id', state);
}

/** Back to the session's wallet with an error. */
export function errorUrl(services: HolderServices, session: IssuanceDocument, error: string): string {
  return walletUrl(returnAddress(services, session), { error }, services.issuer.identifier);
}
