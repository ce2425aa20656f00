import type { KeyEncryptionRing } from '../../keys/key-encryption.js';
import { authenticate, isAuthentic } from '../oauth/subkeys.js';

/** What an id that a wallet is given stands for: one credential request of one session. */
export interface RoutedId {
  readonly sessionId: string;
  readonly requestId: string;
}

/** An id of one kind is worth nothing as the other, and nothing at another issuer. */
interface IdScope {
  readonly ring: KeyEncryptionRing;
  readonly issuerId: string;
  readonly kind: 'transaction' | 'notification';
}

/** 128 bits, 256 bits and 128 bits in base64url; the last of each has no second spelling that is accepted. */
const SHAPE = /^([A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]{43})\.([A-Za-z0-9_-]{22})$/;

/**
 * A `transaction_id` or `notification_id`: `<sessionId>.<requestId>.<mac>`. It finds its own issuance, nobody can make
 * one up, and the same request always gets the same.
 */
export function mintRoutedId({ sessionId, requestId }: RoutedId, scope: IdScope): string {
  const mac = authenticate({ ring: scope.ring, purpose: purposeOf(scope), data: covered({ sessionId, requestId }, scope) });
  return `${sessionId}.${requestId}.${mac.toString('base64url')}`;
}

/** Reads an id that `mintRoutedId` made, also under an older key of the ring; `undefined` for anything else. */
export function readRoutedId(id: string, scope: IdScope): RoutedId | undefined {
  const [, sessionId, requestId, text] = SHAPE.exec(id) ?? [];
  if (sessionId === undefined || requestId === undefined || text === undefined) return undefined;
  const mac = Buffer.from(text, 'base64url');
  const data = covered({ sessionId, requestId }, scope);
  const genuine = mac.toString('base64url') === text && isAuthentic({ ring: scope.ring, purpose: purposeOf(scope), data, mac });
  return genuine ? { sessionId, requestId } : undefined;
}

function purposeOf({ kind }: IdScope): string {
  return `${kind}-id`;
}

function covered({ sessionId, requestId }: RoutedId, { issuerId }: IdScope): string {
  return `${issuerId}\0${sessionId}\0${requestId}`;
}
