import { valueAt } from './claim-path.js';
import { claimTree, descendants, type ClaimNode } from './claim-tree.js';
import { unusableClaims } from './unusable-claims.js';

/** A claim's name in one language; `locale` is BCP 47. */
export interface ClaimDisplay {
  readonly name: string;
  readonly locale?: string;
  readonly description?: string;
}

/** How one claim of a credential gets its value, and whether the holder can withhold it. */
export interface ClaimMapping {
  /** Path into the claims, e.g. `claims.address.formatted` or `claims['https://example.com/name']`. */
  readonly mapFrom?: string;
  /** Used where the path gives nothing; without `mapFrom` a value every credential carries. */
  readonly defaultValue?: unknown;
  /** Without a value (and default) the issuance is refused. Default false. */
  readonly required?: boolean;
  /** Whether the holder decides at each presentation to show the claim. Default true. */
  readonly selectiveDisclosure?: boolean;
  /** Whether the holder decides so for each element of the claim, which then must be an array. Default false. */
  readonly selectiveDisclosureOfElements?: boolean;
  /** What wallets call the claim. */
  readonly display?: readonly ClaimDisplay[];
}

/**
 * The mappings of a configuration, by claim path (`address.locality`, `['https://example.com/x']`). A mapping of a
 * container alone, without `mapFrom` and `defaultValue`, says how the object around its separately mapped members is
 * disclosed: `"address": {"selectiveDisclosure": true}` makes their disclosure recursive.
 */
export type ClaimMappings = Readonly<Record<string, ClaimMapping>>;

/** What claims are mapped from. */
export interface ClaimsSource {
  readonly authenticationProvider?: { readonly url: string; readonly subjectId: string };
  readonly claims: Readonly<Record<string, unknown>>;
}

export interface MappedClaims {
  readonly claims: Readonly<Record<string, unknown>>;
  /** Names (never values) of required claims that have neither value nor default. */
  readonly missing: readonly string[];
  /** Names of claims whose value no credential can carry: reserved members, too deep, or not the array it must be. */
  readonly unusable: readonly string[];
}

/**
 * The claims of a credential. `null` counts as no value; only own members of the source are looked at.
 *
 * @throws {ClaimMappingsError} for mappings that `checkClaimMappings` finds fault with
 */
export function mapClaims({ mappings, source }: { mappings: ClaimMappings; source: ClaimsSource }): MappedClaims {
  const missing: string[] = [];
  const valueOf = (node: ClaimNode): unknown => {
    const value = node.children.size > 0 ? membersOf(node) : mappedValue(node, source);
    if (value === undefined && node.mapping?.required === true) missing.push(node.name);
    return value;
  };
  const membersOf = ({ children }: ClaimNode): Readonly<Record<string, unknown>> | undefined => {
    const members = [...children]
      .map(([member, node]) => [member, valueOf(node)] as const)
      .filter(([, value]) => value !== undefined);
    return members.length === 0 ? undefined : Object.fromEntries(members);
  };

  const tree = claimTree(mappings);
  const claims = membersOf(tree) ?? {};
  return { claims, missing, unusable: unusableClaims(tree, claims) };
}

/** By the name of each claim that has one its `mapFrom`. */
export function sourcePaths(mappings: ClaimMappings): ReadonlyMap<string, string> {
  return new Map(
    [...descendants(claimTree(mappings))].flatMap(({ name, mapping }) =>
      mapping?.mapFrom === undefined ? [] : [[name, mapping.mapFrom] as const],
    ),
  );
}

function mappedValue({ mapping, source: path }: ClaimNode, source: ClaimsSource): unknown {
  return (path === undefined ? undefined : valueAt(source, path)) ?? mapping?.defaultValue ?? undefined;
}
