import type { ClaimMappings } from '../claim-mapping.js';
import { claimTree, descendants } from '../claim-tree.js';
import type { CredentialDocument } from '../verifiable-credential/credential-document.js';

/** What every presentation must show: who says it, what it is, how long it holds, whether it still does, and of whom. */
const ALWAYS = ['type', 'issuer', 'issuanceDate', 'expirationDate', 'validFrom', 'validUntil', 'credentialStatus'];

/**
 * JSON pointers to what holders of an `ecdsa-sd-2023` credential cannot withhold: those members, and each claim whose mapping
 * says `selectiveDisclosure: false`.
 */
export function mandatoryPointers(document: CredentialDocument, mappings: ClaimMappings): string[] {
  const members = ALWAYS.filter((member) => Object.hasOwn(document, member)).map((member) => `/${member}`);
  const claims = [...descendants(claimTree(mappings))]
    .filter(({ mapping, path }) => mapping?.selectiveDisclosure === false && isThere(document.credentialSubject, path))
    .map(({ path }) => ['', 'credentialSubject', ...path.map(escape)].join('/'));
  return [...members, ...(Object.hasOwn(document.credentialSubject, 'id') ? ['/credentialSubject/id'] : []), ...claims];
}

function isThere(members: unknown, [member, ...rest]: readonly string[]): boolean {
  if (member === undefined) return true;
  if (typeof members !== 'object' || members === null || !Object.hasOwn(members, member)) return false;
  return isThere((members as Readonly<Record<string, unknown>>)[member], rest);
}

/** RFC 6901 3 */
function escape(component: string): string {
  return component.replace(/~/g, '~0').replace(/\//g, '~1');
}
