import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import type { Payload, PayloadCodec, SerializationContext } from '@temporalio/common';
import proto from '@temporalio/proto';
import type { KeyEncryptionRing } from '../keys/key-encryption.js';

const ENCODING = 'binary/encrypted';
const IV_BYTES = 12;
const TAG_BYTES = 16;
const MOST_CACHED_KEYS = 2000;

/**
 * Encrypts every payload with AES-256-GCM under a key derived for its workflow from the key ring, so that histories can
 * be read only with the codec. Key name and workflow id stand in the metadata: Temporal UI's codec requests have no more.
 */
export class EncryptionCodec implements PayloadCodec {
  readonly #ring: KeyEncryptionRing;
  readonly #keys = new Map<string, Uint8Array>();

  constructor(ring: KeyEncryptionRing) {
    this.#ring = ring;
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- the codec's interface is asynchronous
  async encode(payloads: Payload[], context?: SerializationContext): Promise<Payload[]> {
    const scope = context?.workflowId ?? '';
    return payloads.map((payload) => this.#encrypt(payload, scope));
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- the codec's interface is asynchronous
  async decode(payloads: Payload[]): Promise<Payload[]> {
    return payloads.map((payload) => (text(payload.metadata?.encoding) === ENCODING ? this.#decrypt(payload) : payload));
  }

  #encrypt(payload: Payload, scope: string): Payload {
    const keyName = this.#ring.keyNames[0] ?? '';
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#key(keyName, scope), iv);
    const plaintext = proto.temporal.api.common.v1.Payload.encode(payload).finish();
    return {
      metadata: { encoding: Buffer.from(ENCODING), key: Buffer.from(keyName), scope: Buffer.from(scope) },
      data: Buffer.concat([iv, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]),
    };
  }

  #decrypt(payload: Payload): Payload {
    try {
      const data = Buffer.from(payload.data ?? []);
      const key = this.#key(text(payload.metadata?.key), text(payload.metadata?.scope));
      const decipher = createDecipheriv('aes-256-gcm', key, data.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES });
      decipher.setAuthTag(data.subarray(-TAG_BYTES));
      const plaintext = Buffer.concat([decipher.update(data.subarray(IV_BYTES, -TAG_BYTES)), decipher.final()]);
      return proto.temporal.api.common.v1.Payload.decode(plaintext);
    } catch {
      // A throwing codec breaks even `describe`; an operator is better served by a history with holes.
      return { metadata: { encoding: Buffer.from('json/plain') }, data: Buffer.from('"[unreadable: its key is gone]"') };
    }
  }

  #key(name: string, scope: string): Uint8Array {
    const id = `${name}/${scope}`;
    const cached = this.#keys.get(id);
    if (cached !== undefined) return cached;
    const key = new Uint8Array(hkdfSync('sha256', this.#ring.subkey('temporal-payloads', name), new Uint8Array(0), scope, 32));
    if (this.#keys.size >= MOST_CACHED_KEYS) this.#keys.delete(this.#keys.keys().next().value ?? '');
    this.#keys.set(id, key);
    return key;
  }
}

function text(bytes: Uint8Array | null | undefined): string {
  return Buffer.from(bytes ?? []).toString('utf8');
}
