import { randomBytes } from 'node:crypto';

const TAIL_BYTES = 6;

/**
 * A label as a name that stores with few characters accept: letters, digits and hyphens, beginning with a letter, with a
 * random end that makes it unique.
 */
export function keyName(label: string, longest: number): string {
  const tail = randomBytes(TAIL_BYTES).toString('hex');
  const head = label.replace(/[^A-Za-z0-9]+/g, '-').slice(0, longest - tail.length - 1);
  return `${head.replace(/^[^A-Za-z]+|-+$/g, '')}-${tail}`;
}
