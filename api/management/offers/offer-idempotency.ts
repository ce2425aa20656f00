import { createHmac, randomBytes } from 'node:crypto';
import type { Request, Response } from 'express';
import type { Collection, Filter, WithId } from 'mongodb';
import type { KeyEncryptionRing } from '../../../keys/key-encryption.js';
import type { StoredDocument } from '../../../store/documents.js';
import { DEFAULT_ISSUER_ID } from '../../../store/issuer-directory.js';
import type { ApiContext } from '../../context.js';
import { ManagementError } from '../../http/errors.js';
import type { EventLocals } from '../../http/recorded.js';

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

/** What a request makes under its key: one key may serve once for each kind. */
export type OfferKind = 'session' | 'offer';

/** 128 bits as an offer's id: random, or for a keyed request the same each time while the key-encryption key stays. */
export function newOfferId(ring: KeyEncryptionRing, kind: OfferKind, key: IdempotencyKey | undefined): string {
  return key === undefined ? randomBytes(16).toString('base64url') : keyedId(ring, { kind, key, keyName: currentKey(ring) });
}

interface Repeat<T extends StoredDocument> {
  readonly records: Collection<T>;
  readonly kind: OfferKind;
  readonly key: IdempotencyKey;
  readonly body: unknown;
}

/**
 * The record that an earlier request with the key made, under the current or an older key-encryption key.
 *
 * @throws {ManagementError} 409 when that request asked for something else
 */
export async function findRepeated<T extends StoredDocument & { readonly requestFingerprint?: string }>(
  { ring }: ApiContext,
  { records, kind, key, body }: Repeat<T>,
): Promise<WithId<T> | undefined> {
  for (const keyName of ring.keyNames) {
    const id = keyedId(ring, { kind, key, keyName });
    const record = await records.findOne({ _id: id, issuerId: DEFAULT_ISSUER_ID } as unknown as Filter<T>);
    if (record === null) continue;
    if (record.requestFingerprint === requestFingerprint(ring, { id, keyName, body })) return record;
    throw new ManagementError('Conflict', 'This Idempotency-Key was used for another request', { status: 409 });
  }
  return undefined;
}

/** Tells one request's body from another's; keyed, since claims could be guessed from a plain hash. */
export function requestFingerprint(
  ring: KeyEncryptionRing,
  { id, keyName, body }: { id: string; keyName: string; body: unknown },
): string {
  return mac(ring, keyName, `fingerprint\0${id}\0${JSON.stringify(body)}`).toString('base64url');
}

function keyedId(
  ring: KeyEncryptionRing,
  { kind, key: { clientId, key }, keyName }: { kind: OfferKind; key: IdempotencyKey; keyName: string },
): string {
  return mac(ring, keyName, `${kind}\0${DEFAULT_ISSUER_ID}\0${clientId}\0${key}`).subarray(0, 16).toString('base64url');
}

function mac(ring: KeyEncryptionRing, keyName: string, data: string): Buffer {
  return createHmac('sha256', ring.subkey('idempotency', keyName)).update(data).digest();
}

/** Name of the key that new offers' codes and ids are derived from. */
export function currentKey(ring: KeyEncryptionRing): string {
  return ring.keyNames[0] as string;
}
