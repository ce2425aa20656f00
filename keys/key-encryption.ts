import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';

/** Bytes sealed under the key-encryption key: `kek` names which of the ring's keys, the rest is base64url. */
export interface WrappedKey {
  readonly kek: string;
  readonly iv: string;
  readonly data: string;
}

/** Bytes sealed under a data key. */
export interface Sealed {
  readonly iv: string;
  readonly data: string;
}

/** A sealed value does not open: wrong key, wrong context, or changed bytes. */
export class UnsealError extends Error {
  override readonly name = 'UnsealError';
}

const TAG_BYTES = 16;

/**
 * The key-encryption keys: the first wraps, all of them unwrap, so that a key can be replaced without re-encrypting at once.
 *
 * Every purpose gets its own subkey (HKDF-SHA256), so nothing sealed for one purpose opens for another.
 */
export class KeyEncryptionRing {
  readonly #keys: ReadonlyMap<string, Uint8Array>;
  readonly #current: string;
  readonly #subkeys = new Map<string, Uint8Array>();

  /** @param keys 32-byte keys, the current one first */
  constructor(keys: readonly Uint8Array[]) {
    const first = keys[0];
    if (first === undefined) throw new TypeError('the ring needs at least one key');
    this.#keys = new Map(keys.map((key) => [keyName(key), key]));
    this.#current = keyName(first);
  }

  /** Names of all keys, the current one first. */
  get keyNames(): string[] {
    return [...this.#keys.keys()];
  }

  /**
   * A 32-byte subkey, derived once for each key.
   *
   * @param purpose one of the program's own, never a caller's: each is remembered
   * @param name an older key of the ring, instead of the current one
   */
  subkey(purpose: string, name: string = this.#current): Uint8Array {
    const id = `${name}/${purpose}`;
    const known = this.#subkeys.get(id);
    if (known !== undefined) return known;
    const key = this.#keys.get(name);
    if (key === undefined) throw new UnsealError(`key-encryption key ${name} is not in the ring`);
    const subkey = new Uint8Array(hkdfSync('sha256', key, new Uint8Array(0), `chancery/${purpose}`, 32));
    this.#subkeys.set(id, subkey);
    return subkey;
  }

  /** Wraps a key or another short secret; `context` (for example the record's id) must be the same on unwrapping. */
  wrap(secret: Uint8Array, context: string): WrappedKey {
    return { kek: this.#current, ...seal({ key: this.subkey('wrap'), plaintext: secret, context }) };
  }

  /** @throws {UnsealError} */
  unwrap(wrapped: WrappedKey, context: string): Uint8Array {
    return unseal({ key: this.subkey('wrap', wrapped.kek), sealed: wrapped, context });
  }
}

/** AES-256-GCM with a fresh 96-bit nonce; `context` is authenticated and not stored. */
export function seal({ key, plaintext, context }: { key: Uint8Array; plaintext: Uint8Array; context: string }): Sealed {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(context));
  const data = Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
  return { iv: iv.toString('base64url'), data: data.toString('base64url') };
}

/** @throws {UnsealError} */
export function unseal({ key, sealed, context }: { key: Uint8Array; sealed: Sealed; context: string }): Uint8Array {
  try {
    const data = Buffer.from(sealed.data, 'base64url');
    const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(sealed.iv, 'base64url'), { authTagLength: TAG_BYTES })
      .setAAD(Buffer.from(context))
      .setAuthTag(data.subarray(-TAG_BYTES));
    return new Uint8Array(Buffer.concat([decipher.update(data.subarray(0, -TAG_BYTES)), decipher.final()]));
  } catch (cause) {
    throw new UnsealError('the sealed value does not open', { cause });
  }
}

function keyName(key: Uint8Array): string {
  return createHash('sha256').update('chancery/key-name').update(key).digest('base64url').slice(0, 12);
}
