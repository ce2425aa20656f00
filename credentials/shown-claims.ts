import type { ClaimDisplay, ClaimMappings } from './claim-mapping.js';
import { claimTree, type ClaimNode } from './claim-tree.js';

/** A claim as people are told of it: the members on its path, each with what it is called. */
export type ShownClaim = readonly { readonly member: string; readonly display: readonly ClaimDisplay[] }[];

/** The claims of mappings by path. An object around claims that are mapped apart is not named: its members are. */
export function shownClaims(mappings: ClaimMappings): ShownClaim[] {
  return leaves(claimTree(mappings), []);
}

function leaves(node: ClaimNode, around: ShownClaim): ShownClaim[] {
  return [...node.children.values()].flatMap((child) => {
    const path = [...around, { member: child.path.at(-1) ?? '', display: child.mapping?.display ?? [] }];
    return child.children.size > 0 ? leaves(child, path) : [path];
  });
}
