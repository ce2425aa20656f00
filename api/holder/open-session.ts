import type { Request } from 'express';
import type { IssuanceDocument } from '../../store/documents.js';
import { ISSUED_OUTCOMES } from '../../store/issued-outcomes.js';
import { AlreadyFinished, HolderError, ReturnToWallet } from './holder-error.js';
import { errorUrl, requireSession } from './holder-session.js';
import type { HolderServices } from './services.js';

/**
 * The session that a browser is in, as long as it is not over. However often a browser comes back after the end, it is told
 * the same: the wallet its error, the holder that all is done.
 *
 * @throws {HolderError | ReturnToWallet | AlreadyFinished}
 */
export async function requireOpenSession(
  services: HolderServices,
  request: Request,
  sessionId: string,
): Promise<IssuanceDocument> {
  const session = await requireSession(services, request, sessionId);
  if (session.closedAt !== undefined) throw endOf(services, session);
  return session;
}

/** What a browser is told whose session is closed. */
export function endOf(services: HolderServices, session: IssuanceDocument): Error {
  const { outcome } = session;
  if (outcome === 'authentication_failed' || outcome === 'interaction_refused')
    return new ReturnToWallet(errorUrl(services, session, 'access_denied'), 'access_denied');
  return ISSUED_OUTCOMES.has(outcome) ? new AlreadyFinished() : new HolderError('session_over');
}
