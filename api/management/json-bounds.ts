/** What is wrong with the size of a JSON value, as a sentence without its subject; `undefined` if nothing is. */
export function jsonBoundsFault(value: unknown, { depth, bytes }: { depth: number; bytes: number }): string | undefined {
  // The depth first: serialising recurses.
  if (!isWithinDepth(value, depth)) return `must not be nested more than ${depth} levels deep`;
  const text: unknown = JSON.stringify(value);
  return Buffer.byteLength(typeof text === 'string' ? text : '') > bytes ? `must be at most ${bytes} bytes of JSON` : undefined;
}

function isWithinDepth(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return depth > 0 && Object.values(value).every((member) => isWithinDepth(member, depth - 1));
}
