import { randomBytes } from 'node:crypto';
import { seal, unseal, type KeyEncryptionRing, type Sealed, type WrappedKey } from './key-encryption.js';

/** A JSON value under a random key of its own, that key wrapped by the key-encryption key. Deleting it shreds the value. */
export interface Envelope extends Sealed {
  readonly key: WrappedKey;
}

/** Seals a JSON value; `context` (the record's id) must be the same on opening, so that envelopes cannot be swapped. */
export function sealEnvelope({ ring, value, context }: { ring: KeyEncryptionRing; value: unknown; context: string }): Envelope {
  const key = new Uint8Array(randomBytes(32));
  return { key: ring.wrap(key, context), ...seal({ key, plaintext: Buffer.from(JSON.stringify(value)), context }) };
}

/** @throws {UnsealError} when the key is gone from the ring, or the envelope belongs elsewhere or was changed */
export function openEnvelope({
  ring,
  envelope,
  context,
}: {
  ring: KeyEncryptionRing;
  envelope: Envelope;
  context: string;
}): unknown {
  const key = ring.unwrap(envelope.key, context);
  return JSON.parse(Buffer.from(unseal({ key, sealed: envelope, context })).toString('utf8')) as unknown;
}
