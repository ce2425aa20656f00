import { derivedUuid } from '../store/derived-uuid.js';

/**
 * The UUID of a credential, from its place in the ledger: the same for a run that comes again. The management API knows
 * the whole entry by that of its first copy.
 *
 * @param copy counts from 0
 */
export function credentialIdOf(ledgerId: string, copy = 0): string {
  return derivedUuid(`credential/${ledgerId}/${String(copy)}`);
}
