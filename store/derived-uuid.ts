import { createHash } from 'node:crypto';

/**
 * A UUID (version 8, RFC 9562 5.8) that follows from the name of what it stands for, by its SHA-256: all who make it
 * make the same one, so that what is done again or by two processes at once meets itself.
 *
 * @param name tells one thing of one kind apart from every other
 */
export function derivedUuid(name: string): string {
  const hash = createHash('sha256').update(name).digest();
  hash[6] = ((hash[6] ?? 0) & 0x0f) | 0x80;
  hash[8] = ((hash[8] ?? 0) & 0x3f) | 0x80;
  const hex = hash.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
}
