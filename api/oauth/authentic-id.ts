import type { KeyEncryptionRing } from '../../keys/key-encryption.js';
import { authenticate, isAuthentic } from './subkeys.js';

/** An id given out for one purpose is worth nothing for another, and nothing at another issuer. */
interface Scope {
  readonly ring: KeyEncryptionRing;
  readonly issuerId: string;
  readonly purpose: string;
}

/** 128 bits and 128 bits in base64url. */
const SHAPE = /^([A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]{22})$/;

/** `<id>.<mac>`: it finds its own record, and nobody can make one up. */
export function mintAuthenticId(id: string, { ring, issuerId, purpose }: Scope): string {
  return `${id}.${authenticate({ ring, purpose, data: `${issuerId}\0${id}` }).toString('base64url')}`;
}

/** The id in what `mintAuthenticId` made, also under an older key of the ring; `undefined` for anything else. */
export function readAuthenticId(text: string, { ring, issuerId, purpose }: Scope): string | undefined {
  const [, id, tag] = SHAPE.exec(text) ?? [];
  if (id === undefined || tag === undefined) return undefined;
  const mac = Buffer.from(tag, 'base64url');
  // The last character of a tag has other spellings, of which one is accepted.
  const genuine = mac.toString('base64url') === tag && isAuthentic({ ring, purpose, data: `${issuerId}\0${id}`, mac });
  return genuine ? id : undefined;
}
