/**
 * Whether a value holds at least what is wanted of it: a text, number, boolean or null is the same; an object has every
 * member wanted; an array has, in any order, an element for every one wanted.
 */
export function includesClaims(value: unknown, wanted: unknown): boolean {
  if (typeof wanted !== 'object' || wanted === null) return value === wanted;
  if (typeof value !== 'object' || value === null || Array.isArray(value) !== Array.isArray(wanted)) return false;
  if (Array.isArray(wanted))
    return wanted.every((element) => (value as readonly unknown[]).some((own) => includesClaims(own, element)));
  const members = value as Readonly<Record<string, unknown>>;
  return Object.entries(wanted).every(([name, member]) => Object.hasOwn(members, name) && includesClaims(members[name], member));
}
