import { createHash } from 'node:crypto';
import type { Signer } from '../../keys/signer.js';
import type { ClaimNode } from '../claim-tree.js';
import { IssuedCredentialFault } from '../issued-credential-fault.js';
import { verifiesWith } from '../verify-signature.js';
import { isDisclosable } from './conceal.js';

type Members = Readonly<Record<string, unknown>>;

/**
 * Checks a finished SD-JWT independently of the code that built it: the signature verifies, every claim holds its value,
 * every claim that must be disclosable is, and no disclosure is left over.
 *
 * @throws {IssuedCredentialFault} naming a claim at most, never a value
 */
export async function checkIssued({
  credential,
  tree,
  claims,
  signer,
}: {
  credential: string;
  tree: ClaimNode;
  claims: Members;
  signer: Signer;
}): Promise<void> {
  const [jwt = '', ...rest] = credential.split('~');
  const [header = '', payload = '', signature = ''] = jwt.split('.');
  if (rest.pop() !== '') throw new IssuedCredentialFault('the credential does not end with a tilde');
  if (!(await verifiesWith(signer, Buffer.from(`${header}.${payload}`), Buffer.from(signature, 'base64url')))) {
    throw new IssuedCredentialFault('the signature does not verify with the signing key');
  }
  const disclosures = new Disclosures(rest);
  checkMembers(tree, claims, decode(payload) as Members, disclosures);
  disclosures.checkAllUsed();
}

function checkMembers(tree: ClaimNode, expected: Members, shown: Members, disclosures: Disclosures): void {
  for (const [member, node] of tree.children) {
    if (!Object.hasOwn(expected, member)) continue;
    const inClear = Object.hasOwn(shown, member);
    if (inClear === isDisclosable(node)) {
      throw new IssuedCredentialFault(`${node.name} ${inClear ? 'is in clear, and must be disclosable' : 'is not in clear'}`);
    }
    const value = inClear ? shown[member] : disclosures.takeMember(shown._sd, member, node.name);
    checkValue(node, expected[member], value, disclosures);
  }
}

function checkValue(node: ClaimNode, expected: unknown, value: unknown, disclosures: Disclosures): void {
  if (node.children.size > 0) return checkMembers(node, expected as Members, value as Members, disclosures);
  const actual =
    node.mapping?.selectiveDisclosureOfElements === true && Array.isArray(value)
      ? value.map((element) => disclosures.takeElement(element, node.name))
      : value;
  // Both sides are JSON with members in the same order.
  if (JSON.stringify(actual) !== JSON.stringify(expected)) throw new IssuedCredentialFault(`${node.name} has another value`);
}

/** The disclosures of a credential by digest, each to be used once. */
class Disclosures {
  readonly #byDigest = new Map<string, readonly unknown[]>();

  constructor(encoded: readonly string[]) {
    const salts = new Set<unknown>();
    for (const disclosure of encoded) {
      const content = decode(disclosure) as readonly unknown[];
      salts.add(content[0]);
      this.#byDigest.set(createHash('sha256').update(disclosure).digest('base64url'), content);
    }
    if (salts.size !== encoded.length) throw new IssuedCredentialFault('two disclosures share a salt');
  }

  takeMember(digests: unknown, member: string, name: string): unknown {
    for (const digest of Array.isArray(digests) ? (digests as readonly string[]) : []) {
      const content = this.#byDigest.get(digest);
      if (content?.length === 3 && content[1] === member) {
        this.#byDigest.delete(digest);
        return content[2];
      }
    }
    throw new IssuedCredentialFault(`${name} has no disclosure`);
  }

  takeElement(element: unknown, name: string): unknown {
    const digest = (element as Members | null)?.['...'];
    const content = typeof digest === 'string' ? this.#byDigest.get(digest) : undefined;
    if (content?.length !== 2) throw new IssuedCredentialFault(`an element of ${name} is in clear, and must be disclosable`);
    this.#byDigest.delete(digest as string);
    return content[1];
  }

  checkAllUsed(): void {
    if (this.#byDigest.size > 0) throw new IssuedCredentialFault('there are disclosures of no claim');
  }
}

function decode(base64url: string): unknown {
  return JSON.parse(Buffer.from(base64url, 'base64url').toString('utf8'));
}
