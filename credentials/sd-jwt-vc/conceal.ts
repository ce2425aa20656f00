import { createHash } from 'node:crypto';
import type { ClaimNode } from '../claim-tree.js';

const SALT_BYTES = 16;

type Members = Readonly<Record<string, unknown>>;

export interface Concealed {
  /** What stands in the JWT: clear claims, and digests of the rest. */
  readonly payload: Members;
  /** Base64url disclosures, one for each digest; those inside another come before it. */
  readonly disclosures: readonly string[];
}

/** Whether the holder decides about the claim; an object that only its members imply stands in clear around them. */
export function isDisclosable({ mapping }: ClaimNode): boolean {
  return mapping !== undefined && mapping.selectiveDisclosure !== false;
}

/**
 * Replaces what is disclosable by digests of disclosures with fresh 128-bit salts (RFC 9901 4.2, SDV-06, SDV-07).
 *
 * @param options.claims lie as the tree says
 * @param options.decoys how many digests of nothing stand among those of the top level (RFC 9901 4.2.5)
 * @param options.random gives that many random bytes
 */
export function conceal({
  tree,
  claims,
  decoys = 0,
  random,
}: {
  tree: ClaimNode;
  claims: Members;
  decoys?: number;
  random: (bytes: number) => Uint8Array;
}): Concealed {
  const disclosures: string[] = [];

  const disclose = (...content: readonly unknown[]): string => {
    const salt = Buffer.from(random(SALT_BYTES)).toString('base64url');
    const disclosure = Buffer.from(JSON.stringify([salt, ...content])).toString('base64url');
    disclosures.push(disclosure);
    return createHash('sha256').update(disclosure).digest('base64url');
  };
  const concealMembers = (node: ClaimNode, members: Members): Members => {
    const shown: [string, unknown][] = [];
    const digests: string[] = [];
    for (const [member, child] of node.children) {
      if (!Object.hasOwn(members, member)) continue;
      const value = concealValue(child, members[member]);
      if (isDisclosable(child)) digests.push(disclose(member, value));
      else shown.push([member, value]);
    }
    // Sorted, since the order of the claims would tell which digest is whose.
    return Object.fromEntries(digests.length === 0 ? shown : [...shown, ['_sd', digests.sort()]]);
  };
  const concealValue = (node: ClaimNode, value: unknown): unknown => {
    if (node.children.size > 0) return concealMembers(node, value as Members);
    if (node.mapping?.selectiveDisclosureOfElements !== true || !Array.isArray(value)) return value;
    return value.map((element) => ({ '...': disclose(element) }));
  };

  const payload = concealMembers(tree, claims);
  if (decoys === 0) return { payload, disclosures };
  const digests = Array.from({ length: decoys }, () => createHash('sha256').update(random(32)).digest('base64url'));
  const shown = Array.isArray(payload._sd) ? (payload._sd as readonly string[]) : [];
  return { payload: { ...payload, _sd: [...shown, ...digests].sort() }, disclosures };
}
