import type { KeyPurpose, SigningKeyDocument } from '../store/documents.js';
import { SignerError } from './signer.js';

/**
 * The key to sign with: the newest active one, since during a rotation the old one stays active for a moment.
 *
 * @throws {SignerError}
 */
export function activeKey(keys: readonly SigningKeyDocument[], purpose: KeyPurpose): SigningKeyDocument {
  const active = keysOf(keys, purpose).find(({ state }) => state === 'active');
  if (active !== undefined) return active;
  // A start in progress makes the keys: waiting may help.
  throw new SignerError(`the issuer has no active ${purpose} key`, { retryable: true });
}

/** The keys of a purpose, the newest generation first. */
export function keysOf(keys: readonly SigningKeyDocument[], purpose: KeyPurpose): SigningKeyDocument[] {
  return keys.filter((key) => key.purpose === purpose).sort((a, b) => b.generation - a.generation);
}
