import { createHash, randomBytes } from 'node:crypto';
import type { KeyEncryptionRing } from '../../keys/key-encryption.js';
import type { Database } from '../../store/database.js';
import { spendOnce } from '../../store/spent.js';
import { authenticate, isAuthentic } from './subkeys.js';

/** What a nonce is made for: it is worth nothing at another issuer. */
interface NonceScope {
  readonly ring: KeyEncryptionRing;
  readonly issuerId: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

const PURPOSE = 'nonce';
const EXPIRY_BYTES = 6;
/** With the rest a multiple of 3, so that a nonce has one spelling only: a second one could be spent again. */
const RANDOM_BYTES = 17;
const MAC_BYTES = 16;
const SHAPE = /^[A-Za-z0-9_-]{52}$/;
/** Kept this much longer than valid, so that clocks of processes may differ. */
const KEPT_LONGER_MS = 60_000;

/**
 * A fresh `c_nonce` (OID4VCI 7.2), unpredictable and valid for `seconds`. Nothing is stored: it carries its expiry and
 * 136 random bits under a MAC that every process of this deployment can check.
 */
export function mintNonce({ ring, issuerId, now, seconds }: NonceScope & { seconds: number }): string {
  const body = Buffer.alloc(EXPIRY_BYTES + RANDOM_BYTES);
  body.writeUIntBE(now + seconds * 1000, 0, EXPIRY_BYTES);
  randomBytes(RANDOM_BYTES).copy(body, EXPIRY_BYTES);
  const mac = authenticate({ ring, purpose: PURPOSE, data: covered(issuerId, body) });
  return Buffer.concat([body, mac]).toString('base64url');
}

/**
 * When the nonce ends (milliseconds since the epoch), or `undefined` where it is not one of this issuer's or is over.
 * Asks nobody: whether it was spent is `spendNonce`'s question.
 */
export function nonceExpiry(nonce: string, { ring, issuerId, now }: NonceScope): number | undefined {
  if (!SHAPE.test(nonce)) return undefined;
  const bytes = Buffer.from(nonce, 'base64url');
  const body = bytes.subarray(0, -MAC_BYTES);
  if (!isAuthentic({ ring, purpose: PURPOSE, data: covered(issuerId, body), mac: bytes.subarray(-MAC_BYTES) })) return undefined;
  const expiry = body.readUIntBE(0, EXPIRY_BYTES);
  return expiry > now ? expiry : undefined;
}

/**
 * Spends a nonce for one request, in all processes. The same request may spend it again (its answer was lost), another may not.
 *
 * @param options.usedBy hash that names the request
 * @returns whether the nonce is this request's
 */
export function spendNonce({
  db,
  issuerId,
  nonce,
  expiry,
  usedBy,
}: {
  db: Database;
  issuerId: string;
  nonce: string;
  expiry: number;
  usedBy: string;
}): Promise<boolean> {
  const id = `${issuerId}/nonce/${createHash('sha256').update(nonce).digest('base64url')}`;
  return spendOnce({ db, id, issuerId, usedBy, expireAt: new Date(expiry + KEPT_LONGER_MS) });
}

function covered(issuerId: string, body: Buffer): string {
  return `${issuerId}\0${body.toString('base64url')}`;
}
