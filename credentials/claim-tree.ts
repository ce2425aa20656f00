import { checkClaimMappings, type ClaimMappingFault } from './claim-mapping-faults.js';
import type { ClaimMapping, ClaimMappings } from './claim-mapping.js';
import { formatClaimPath, parseClaimPath, type ClaimPath } from './claim-path.js';

/** One claim, or an object around claims that are mapped apart. */
export interface ClaimNode {
  /** The claim's path as text. */
  readonly name: string;
  readonly path: readonly string[];
  /** Absent for an object that only its members' mappings imply. */
  readonly mapping?: ClaimMapping;
  /** Where its value lies in the source. */
  readonly source?: ClaimPath;
  /** Members mapped apart, in the order of the mappings; empty for a claim. */
  readonly children: ReadonlyMap<string, ClaimNode>;
}

/** The mappings of a configuration cannot work. The message names claims and faults, never values. */
export class ClaimMappingsError extends Error {
  override readonly name = 'ClaimMappingsError';
  constructor(readonly faults: readonly ClaimMappingFault[]) {
    super(faults.map(({ claim, message }) => `${claim} ${message}`).join('; '));
  }
}

interface GrowingNode extends Omit<ClaimNode, 'mapping' | 'source' | 'children'> {
  mapping?: ClaimMapping;
  source?: ClaimPath;
  children: Map<string, GrowingNode>;
}

const trees = new WeakMap<ClaimMappings, ClaimNode>();

/**
 * The mappings as a tree whose root stands for the credential; made once per mappings object.
 *
 * @throws {ClaimMappingsError}
 */
export function claimTree(mappings: ClaimMappings): ClaimNode {
  const known = trees.get(mappings);
  if (known !== undefined) return known;
  const faults = checkClaimMappings(mappings);
  if (faults.length > 0) throw new ClaimMappingsError(faults);
  const root = newNode([]);
  for (const [key, mapping] of Object.entries(mappings)) {
    const node = grow(root, parseClaimPath(key).map(String));
    node.mapping = mapping;
    if (mapping.mapFrom !== undefined) node.source = parseClaimPath(mapping.mapFrom);
  }
  trees.set(mappings, root);
  return root;
}

/** Every claim and object below the node that has a mapping or is implied, parents first. */
export function* descendants(node: ClaimNode): Generator<ClaimNode> {
  for (const child of node.children.values()) {
    yield child;
    yield* descendants(child);
  }
}

/** Whether every credential has it (OID4VCI B.2 `mandatory`). */
export function isAlwaysPresent({ mapping, children }: ClaimNode): boolean {
  if (mapping?.required === true || (mapping?.defaultValue ?? undefined) !== undefined) return true;
  return [...children.values()].some(isAlwaysPresent);
}

function grow(root: GrowingNode, path: readonly string[]): GrowingNode {
  let node = root;
  for (const [depth, component] of path.entries()) {
    let child = node.children.get(component);
    if (child === undefined) {
      child = newNode(path.slice(0, depth + 1));
      node.children.set(component, child);
    }
    node = child;
  }
  return node;
}

function newNode(path: readonly string[]): GrowingNode {
  return { name: formatClaimPath(path), path, children: new Map() };
}
