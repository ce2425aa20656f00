import { createHmac, timingSafeEqual } from 'node:crypto';
import type { KeyEncryptionRing } from '../../keys/key-encryption.js';

const derived = new WeakMap<KeyEncryptionRing, Map<string, readonly Uint8Array[]>>();

/** A purpose's subkeys under every key of the ring, the current one first; derived once. */
function subkeys(ring: KeyEncryptionRing, purpose: string): readonly Uint8Array[] {
  const known = derived.get(ring) ?? new Map<string, readonly Uint8Array[]>();
  derived.set(ring, known);
  const keys = known.get(purpose) ?? ring.keyNames.map((name) => ring.subkey(purpose, name));
  known.set(purpose, keys);
  return keys;
}

/** 128 bits of HMAC-SHA256 under the purpose's current subkey. */
export function authenticate({ ring, purpose, data }: { ring: KeyEncryptionRing; purpose: string; data: string }): Buffer {
  return tag(subkeys(ring, purpose)[0] as Uint8Array, data);
}

/** Whether the tag was made by `authenticate`, under the current or an older key of the ring. Takes constant time per key. */
export function isAuthentic({
  ring,
  purpose,
  data,
  mac,
}: {
  ring: KeyEncryptionRing;
  purpose: string;
  data: string;
  mac: Uint8Array;
}): boolean {
  return mac.length === TAG_BYTES && subkeys(ring, purpose).some((key) => timingSafeEqual(tag(key, data), mac));
}

const TAG_BYTES = 16;

function tag(key: Uint8Array, data: string): Buffer {
  return createHmac('sha256', key).update(data).digest().subarray(0, TAG_BYTES);
}
