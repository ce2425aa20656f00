import type { ClaimNode } from './claim-tree.js';
import { isUsableValue } from './claim-value.js';

/**
 * Names of the claims whose value no credential can carry: it has reserved members or is nested too deep, or is not the
 * array or object that the mapping discloses by its parts.
 */
export function unusableClaims(tree: ClaimNode, claims: Readonly<Record<string, unknown>>): string[] {
  return [...tree.children].flatMap(([member, node]) => {
    if (!Object.hasOwn(claims, member)) return [];
    const value = claims[member];
    if (node.children.size > 0) {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return [node.name];
      return unusableClaims(node, value as Readonly<Record<string, unknown>>);
    }
    const fits = node.mapping?.selectiveDisclosureOfElements !== true || Array.isArray(value);
    return fits && isUsableValue(value) ? [] : [node.name];
  });
}
