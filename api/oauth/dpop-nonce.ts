import type { Config } from '../../config/config.js';
import type { KeyEncryptionRing } from '../../keys/key-encryption.js';
import { authenticate, isAuthentic } from './subkeys.js';

/** What DPoP nonces are made for: they are worth nothing at another issuer. */
interface DpopNonceScope {
  readonly ring: KeyEncryptionRing;
  readonly issuerId: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** The nonces of one moment, as `verifyDpopProof` takes them. */
export interface DpopNonces {
  readonly isCurrent: (nonce: string) => boolean;
  readonly mint: () => string;
}

const PURPOSE = 'dpop-nonce';
const SECONDS = 300;
const SHAPE = /^(\d{10,12})\.([A-Za-z0-9_-]{22})$/;

/**
 * A nonce for DPoP proofs (RFC 9449 8), `<expiry>.<mac>`: valid for 300 seconds, for any number of proofs. Nothing is stored,
 * every process can check it, and nobody else can make one.
 */
export function mintDpopNonce({ now, ...scope }: DpopNonceScope): string {
  const expiry = String(Math.floor(now / 1000) + SECONDS);
  return `${expiry}.${authenticate({ ring: scope.ring, purpose: PURPOSE, data: covered(scope, expiry) }).toString('base64url')}`;
}

/** Whether `mintDpopNonce` made it for this issuer, under any key of the ring, and its time is not over. */
export function isCurrentDpopNonce(nonce: string, { now, ...scope }: DpopNonceScope): boolean {
  const [, expiry, text] = SHAPE.exec(nonce) ?? [];
  if (expiry === undefined || text === undefined || Number(expiry) * 1000 <= now) return false;
  const mac = Buffer.from(text, 'base64url');
  return isAuthentic({ ring: scope.ring, purpose: PURPOSE, data: covered(scope, expiry), mac });
}

/** The nonces that proofs need now; `undefined` where none is asked for (`DPOP_NONCES`). */
export function requiredDpopNonces({
  config,
  ...scope
}: DpopNonceScope & { config: Pick<Config, 'DPOP_NONCES'> }): DpopNonces | undefined {
  if (!config.DPOP_NONCES) return undefined;
  return { isCurrent: (nonce) => isCurrentDpopNonce(nonce, scope), mint: () => mintDpopNonce(scope) };
}

function covered({ issuerId }: Pick<DpopNonceScope, 'issuerId'>, expiry: string): string {
  return `${issuerId}\0${expiry}`;
}
