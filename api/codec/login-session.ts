import type { Request, Response } from 'express';
import type { ClientDocument } from '../../store/documents.js';
import { DEFAULT_ISSUER_ID } from '../../store/issuer-directory.js';
import { findClient } from '../../store/management-clients.js';
import { spendOnce } from '../../store/spent.js';
import { mayRead, type CodecServices, type Reader } from './services.js';
import { isSecretOf, newSession, readSessionToken, SESSION_MS, sessionToken, type CodecSession } from './session-token.js';

/** A login that holds, and whose it is. */
export interface Login {
  readonly session: CodecSession;
  readonly reader: Reader;
}

/** Begins a login, in a cookie. */
export function beginLogin({ context, cookies }: CodecServices, response: Response, { _id, secretHash }: ClientDocument): void {
  const session = newSession({ clientId: _id, secretHash, now: context.now() });
  cookies.set(response, { name: cookies.session, value: sessionToken(context.ring, session), maxAgeMs: SESSION_MS });
}

/**
 * The login a request carries. It ends with its time, with a logout, and with its client: one that was removed, got
 * another secret or lost its role reads nothing more.
 */
export async function currentLogin({ context, cookies }: CodecServices, request: Request): Promise<Login | undefined> {
  const { db, ring, now } = context;
  const session = readSessionToken({ ring, token: cookies.read(request, cookies.session), now: now() });
  if (session === undefined) return undefined;
  const [client, loggedOut] = await Promise.all([
    findClient(db, session.clientId),
    db.spent.findOne({ _id: logoutId(session) }, { projection: { _id: 1 } }),
  ]);
  if (client === null || loggedOut !== null || !isSecretOf(session, client.secretHash) || !mayRead(client)) return undefined;
  return { session, reader: { clientId: client._id, issuerId: client.issuerId } };
}

/** Ends a login for good: a copy of its cookie is worth nothing either. */
export async function endLogin({ context, cookies }: CodecServices, response: Response, { session }: Login): Promise<void> {
  await spendOnce({
    db: context.db,
    id: logoutId(session),
    issuerId: DEFAULT_ISSUER_ID,
    usedBy: 'logout',
    expireAt: new Date(session.expiresAt),
  });
  cookies.clear(response, cookies.session);
}

function logoutId({ id }: CodecSession): string {
  return `${DEFAULT_ISSUER_ID}/codec-login/${id}`;
}
