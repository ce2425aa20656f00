import { createHmac, randomBytes } from 'node:crypto';
import type { Request, Response } from 'express';
import type { KeyEncryptionRing } from '../../../keys/key-encryption.js';
import type { IssuanceDocument } from '../../../store/documents.js';
import { DEFAULT_ISSUER_ID } from '../../../store/issuer-directory.js';
import type { ApiContext } from '../../context.js';
import { ManagementError } from '../../http/errors.js';
import type { EventLocals } from '../../http/recorded.js';
import type { OfferRequest } from './offer.schema.js';

/** An `Idempotency-Key` and whose it is: clients cannot meet each other's offers by it. */
export interface IdempotencyKey {
  readonly clientId: string;
  readonly key: string;
}

/**
 * The request's `Idempotency-Key`, if it has one.
 *
 * @throws {ManagementError} 400
 */
export function readIdempotencyKey(request: Request, response: Response): IdempotencyKey | undefined {
  const key = request.headers['idempotency-key'];
  if (key === undefined) return undefined;
  if (typeof key !== 'string' || !/^[\x21-\x7e]{1,255}$/.test(key)) {
    throw ManagementError.validation([
      { msg: 'must be 1 to 255 visible ASCII characters', param: 'Idempotency-Key', location: 'headers' },
    ]);
  }
  return { clientId: (response.locals as EventLocals).clientId ?? '', key };
}

/** 128 bits as an offer's id: random, or for a keyed request the same each time while the key-encryption key stays. */
export function newSessionId(ring: KeyEncryptionRing, key: IdempotencyKey | undefined): string {
  return key === undefined ? randomBytes(16).toString('base64url') : keyedSessionId(ring, key, currentKey(ring));
}

/**
 * The record that an earlier request with the key made, under the current or an older key-encryption key.
 *
 * @throws {ManagementError} 409 when that request asked for something else
 */
export async function findRepeated(
  { db, ring }: ApiContext,
  { key, body }: { key: IdempotencyKey; body: OfferRequest },
): Promise<IssuanceDocument | undefined> {
  for (const keyName of ring.keyNames) {
    const record = await db.issuances.findOne({ _id: keyedSessionId(ring, key, keyName), issuerId: DEFAULT_ISSUER_ID });
    if (record === null) continue;
    if (record.requestFingerprint === requestFingerprint(ring, { sessionId: record._id, codeKey: record.codeKey, body }))
      return record;
    throw new ManagementError('Conflict', 'This Idempotency-Key was used for another request', { status: 409 });
  }
  return undefined;
}

/** Tells one request's body from another's; keyed, since claims could be guessed from a plain hash. */
export function requestFingerprint(
  ring: KeyEncryptionRing,
  { sessionId, codeKey, body }: { sessionId: string; codeKey: string; body: OfferRequest },
): string {
  return mac(ring, codeKey, `fingerprint\0${sessionId}\0${JSON.stringify(body)}`).toString('base64url');
}

function keyedSessionId(ring: KeyEncryptionRing, { clientId, key }: IdempotencyKey, keyName: string): string {
  return mac(ring, keyName, `session\0${DEFAULT_ISSUER_ID}\0${clientId}\0${key}`).subarray(0, 16).toString('base64url');
}

function mac(ring: KeyEncryptionRing, keyName: string, data: string): Buffer {
  return createHmac('sha256', ring.subkey('idempotency', keyName)).update(data).digest();
}

/** Name of the key that new offers' codes and ids are derived from. */
export function currentKey(ring: KeyEncryptionRing): string {
  return ring.keyNames[0] as string;
}
