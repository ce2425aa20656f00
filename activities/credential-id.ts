import { createHash } from 'node:crypto';

/**
 * The UUID of a credential, from its place in the ledger: the same for a run that comes again. The management API knows
 * the whole entry by that of its first copy.
 *
 * @param copy counts from 0
 */
export function credentialIdOf(ledgerId: string, copy = 0): string {
  const hash = createHash('sha256')
    .update(`credential/${ledgerId}/${String(copy)}`)
    .digest();
  hash[6] = ((hash[6] ?? 0) & 0x0f) | 0x80;
  hash[8] = ((hash[8] ?? 0) & 0x3f) | 0x80;
  const hex = hash.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
}
