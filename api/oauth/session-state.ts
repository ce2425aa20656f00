import { createHash, createHmac, randomBytes } from 'node:crypto';
import type { KeyEncryptionRing } from '../../keys/key-encryption.js';
import { authenticate, isAuthentic } from './subkeys.js';

/** What a state is given out for: one kind is worth nothing as another, and nothing at another issuer. */
export interface StateScope {
  readonly ring: KeyEncryptionRing;
  readonly issuerId: string;
  readonly kind: 'authentication' | 'interaction' | 'browser';
}

const SHAPE = /^([A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]{22})$/;

/** A self-routing `state` for a session, `<sessionId>.<mac>`: it comes back from elsewhere and nobody can make one up. */
export function sessionState(sessionId: string, scope: StateScope): string {
  const mac = authenticate({ ring: scope.ring, purpose: purposeOf(scope), data: covered(sessionId, scope) });
  return `${sessionId}.${mac.toString('base64url')}`;
}

/** The session of a state that `sessionState` made, also under an older key of the ring. */
export function sessionOfState(state: string, scope: StateScope): string | undefined {
  const [, sessionId, text] = SHAPE.exec(state) ?? [];
  if (sessionId === undefined || text === undefined) return undefined;
  const mac = Buffer.from(text, 'base64url');
  const data = covered(sessionId, scope);
  const isGenuine = mac.toString('base64url') === text && isAuthentic({ ring: scope.ring, purpose: purposeOf(scope), data, mac });
  return isGenuine ? sessionId : undefined;
}

/**
 * A secret of a session for one purpose (the provider's PKCE verifier, its nonce): 256 bits, base64url. Derived and not
 * stored, so that every process knows it and a repeated step uses the same.
 *
 * @param options.codeKey name of the key-encryption key the session was made under
 */
export function sessionSecret({
  ring,
  issuerId,
  sessionId,
  codeKey,
  purpose,
}: {
  ring: KeyEncryptionRing;
  issuerId: string;
  sessionId: string;
  codeKey: string;
  purpose: 'provider-code-verifier' | 'provider-nonce';
}): string {
  return createHmac('sha256', ring.subkey('holder-session', codeKey))
    .update(`${purpose}\0${issuerId}\0${sessionId}`)
    .digest('base64url');
}

/** A fresh authorization code or refresh token of a session, `<sessionId>.<secret>`, and the hash its workflow keeps. */
export function newRoutedSecret(sessionId: string): { readonly value: string; readonly hash: string } {
  const secret = randomBytes(32).toString('base64url');
  return { value: `${sessionId}.${secret}`, hash: createHash('sha256').update(secret).digest('base64url') };
}

/** Hash that names a client with its redirect URI: who may redeem a code. */
export function clientBinding({ clientId, redirectUri }: { clientId: string; redirectUri: string }): string {
  return createHash('sha256').update(`${clientId}\0${redirectUri}`).digest('base64url');
}

/** Hash that names a client alone; an anonymous wallet has one as well. */
export function clientHash(clientId: string | undefined): string {
  return createHash('sha256')
    .update(clientId ?? '')
    .digest('base64url');
}

function purposeOf({ kind }: StateScope): string {
  return `${kind}-state`;
}

function covered(sessionId: string, { issuerId }: StateScope): string {
  return `${issuerId}\0${sessionId}`;
}
