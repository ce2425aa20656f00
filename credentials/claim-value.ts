/** Members that mean something to SD-JWT itself at every level (RFC 9901 5.1), or to JavaScript. */
const RESERVED_MEMBERS: ReadonlySet<string> = new Set(['_sd', '...', '_sd_alg', '__proto__']);
const DEEPEST = 32;

/** Whether a credential can carry the value: plain JSON, at most 32 levels deep, without reserved members. */
export function isUsableValue(value: unknown, depth = 0): boolean {
  if (typeof value === 'string' || typeof value === 'boolean') return true;
  if (typeof value === 'number') return Number.isFinite(value);
  if (value === null) return depth > 0;
  if (typeof value !== 'object' || depth >= DEEPEST) return false;
  if (Array.isArray(value)) return value.every((element) => isUsableValue(element, depth + 1));
  return Object.entries(value).every(([member, inner]) => !RESERVED_MEMBERS.has(member) && isUsableValue(inner, depth + 1));
}
